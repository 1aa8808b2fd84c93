"""Receivers: packets that are late, early, double, damaged, or none; and how long a receiver waits."""

from dataclasses import replace

from dred_conformance.vectors.generate.extension_bytes import DRED_ID, long_counted, separator
from dred_conformance.vectors.generate.packet_bytes import code3
from dred_conformance.vectors.generate.receiver_cases import MakePayload, ReceiverCases, train
from dred_conformance.vectors.generate.receiver_streams import (
    Sent,
    Stream,
    concealed,
    dred,
    frame_with,
    packet,
    regular,
)

__all__ = ["add_buffers"]

HYBRID, CELT, SILK = 15, 31, 9


def add_buffers(cases: ReceiverCases, payload: MakePayload) -> None:
    """Add the cases; ``payload(offset, latents)`` makes redundancy."""
    _add_counting(cases, payload)
    _add_clocks(cases, payload)
    _add_take_over(cases, payload)


def _add_counting(cases: ReceiverCases, payload: MakePayload) -> None:
    helping = payload(10, 4)
    good = train(HYBRID, [2], 4, {3: helping})
    for what, data in (
        ("of no bytes", b""),
        ("of code 1 with an odd number of bytes", bytes([HYBRID << 3 | 1, 1, 2, 3])),
        ("of code 3 without frame count", bytes([HYBRID << 3 | 3])),
        ("of code 3 with no frames", bytes([HYBRID << 3 | 3, 0])),
        ("longer than 120 ms", packet(HYBRID, 7)),
        ("with more padding than bytes", bytes([HYBRID << 3 | 3, 0x41, 200, 1, 2])),
    ):
        broken = [*good[:2], Sent(40, data), *good[2:]]
        cases.add(
            f"instead of the lost packet comes one {what}",
            Stream.of(broken, 80),
            "parse",
            "dred",
            flags=["rejection"],
        )
    first = [Sent(0, b""), *good[1:]]
    cases.add(
        "the first packet has no bytes, the clock starts with the second",
        Stream.of([replace(first[0], late_ms=-300), *first[1:]], 80, delay_ms=0),
        "parse",
        "clock",
        flags=["rejection"],
    )
    twice = [*good, Sent(60, packet(HYBRID), 1)]
    cases.add(
        "a second packet of the same time comes, without redundancy",
        Stream.of(twice, 80),
        "duplicate",
        "dred",
    )
    before = [*good[:2], Sent(60, packet(HYBRID), -10), *good[2:]]
    cases.add(
        "a packet of the same time comes first, without redundancy",
        Stream.of(before, 80),
        "duplicate",
        "concealment",
    )
    broken = [*good[:2], Sent(60, b"", -10), *good[2:]]
    cases.add(
        "a packet of the same time comes first, but cannot be read",
        Stream.of(broken, 80),
        "duplicate",
        "parse",
        "dred",
        flags=["rejection"],
    )
    longer = [*good, Sent(20, packet(HYBRID, 3), 2)]
    cases.add("a second packet of the same time is longer", Stream.of(longer, 80), "duplicate", "regular")
    negative = [Sent(-20, packet(HYBRID, 2, payload(10, 4)), -5), *good]
    cases.add(
        "a packet from before the stream reaches into it, and is ignored",
        Stream.of(negative[:1] + good[1:], 80),
        "duplicate",
        flags=["boundary"],
    )
    cases.add(
        "a packet from before the stream does not start the clock",
        Stream.of([replace(negative[0], late_ms=-500), *good], 80, delay_ms=0),
        "duplicate",
        "clock",
    )
    damaged = helping[:6] + bytes(byte ^ 0x55 for byte in helping[6:])
    cases.add(
        "the redundancy is damaged: as much as can be decoded is used",
        Stream.of(train(HYBRID, [1, 2, 3], 5, {4: damaged}), 100),
        "dred",
        flags=["corrupt"],
    )
    for size in (2, 3, 4, 5, 8):
        cut = train(HYBRID, [1, 2, 3], 5, {4: helping[:size]})
        cases.add(
            f"a payload of {size} bytes", Stream.of(cut, 100), "dred", "concealment", flags=["truncated"]
        )
    other = train(HYBRID, [1], 4, {2: b"D\x0b" + helping[2:], 3: payload(10, 6)})
    cases.add(
        "redundancy of another version is not used, that of the next packet is", Stream.of(other, 80), "dred"
    )
    many = train(HYBRID, [1, 2], 5, {3: payload(10, 3)})
    fault = replace(many[1], data=packet(HYBRID, 1, b"\x99" * 3, extension_id=33) + b"")
    cases.add(
        "another extension is no redundancy", Stream.of([many[0], fault, many[2]], 100), "dred", "concealment"
    )
    _add_broken_extensions(cases, helping)


def _add_broken_extensions(cases: ReceiverCases, helping: bytes) -> None:
    """Add packets whose padding breaks off; nothing is drawn, so that later payloads stay as they were."""
    end = [regular(60, 20), regular(80, 20)]
    hidden = packet(HYBRID, 1, helping, dred_frame=1)
    next_one = train(HYBRID, [1, 2, 3], 5, {4: helping})
    cases.add(
        "a separator beyond the only frame hides the redundancy; the packet is played, the next one helps",
        Stream.of([next_one[0], Sent(60, hidden), next_one[1]], 100),
        "parse",
        "dred",
        expected=[regular(0, 20), dred(20, 80, 6, 5, 4, 3), *end],
        flags=["corrupt"],
    )
    area = long_counted(DRED_ID, helping) + separator()
    kept = code3(HYBRID, [frame_with(HYBRID)], padding=area)
    plain = train(HYBRID, [1, 2, 3], 5, {})
    cases.add(
        "a separator beyond the only frame comes after the redundancy, which is used",
        Stream.of([plain[0], Sent(60, kept), plain[1]], 100),
        "parse",
        "dred",
        expected=[regular(0, 20), dred(20, 60, 4, 3, 2, 1), *end],
        flags=["corrupt"],
    )


def _add_clocks(cases: ReceiverCases, payload: MakePayload) -> None:
    flow = train(HYBRID, [], 8, {n: payload(10, 3) for n in (4, 5, 6)})
    swapped = [replace(each, late_ms=25 if n == 3 else 0) for n, each in enumerate(flow)]
    cases.add(
        "one packet is overtaken by the next, without a delay there is time",
        Stream.of(swapped, 160),
        "clock",
        "regular",
        expected=[regular(20 * n, 20) for n in range(8)],
    )
    for delay in (0, 24, 25, 26, 40, 100, 1000):
        what = f"a packet comes 25 ms late, the buffer waits {delay} ms"
        cases.add(what, Stream.of(swapped, 160, delay_ms=delay), "clock", "regular", flags=["boundary"])
    for samples in (1199, 1201):
        delay_ms = samples / 48
        what = f"a packet comes 25 ms late, the buffer waits {samples} samples"
        cases.add(what, Stream.of(swapped, 160, delay_ms=delay_ms), "clock", "regular", flags=["boundary"])
    hasty = [replace(each, late_ms=-8 if n else 0) for n, each in enumerate(flow)]
    cases.add("all packets but the first come early", Stream.of(hasty, 160, delay_ms=0), "clock", "regular")
    slow = [replace(each, late_ms=30 if n == 0 else 0) for n, each in enumerate(flow)]
    cases.add(
        "the first packet is the slowest: all others are early", Stream.of(slow, 160, delay_ms=0), "clock"
    )
    fast = [replace(each, late_ms=0 if n == 0 else 30) for n, each in enumerate(flow)]
    cases.add(
        "the first packet is the fastest: all others are late",
        Stream.of(fast, 160, delay_ms=0),
        "clock",
        "concealment",
    )
    cases.add("they are in time with 30 ms", Stream.of(fast, 160, delay_ms=30), "clock", "regular")
    third = [replace(each, late_ms=-70 if n == 2 else 0) for n, each in enumerate(flow)]
    cases.add(
        "the first to come is not the first of the stream: it sets the clock",
        Stream.of(third, 160, delay_ms=60),
        "clock",
        "regular",
    )
    cases.add(
        "a delay below 0", Stream.of(flow, 160, delay_ms=-25), "clock", "concealment", flags=["extreme"]
    )
    never = [flow[0], *(replace(each, late_ms=5000) for each in flow[1:3]), *flow[3:]]
    cases.add("two packets come after the end", Stream.of(never, 160, delay_ms=80), "clock", "dred")
    cases.add("who waits plays them all the same", Stream.of(never, 160), "clock", "regular")
    late = [*train(HYBRID, [3], 6, {4: payload(10, 4)}), Sent(60, packet(HYBRID), 90)]
    cases.add(
        "a late packet lies inside what DRED has filled, and is not played",
        Stream.of(late, 120, delay_ms=40),
        "regular",
        "dred",
    )


def _add_take_over(cases: ReceiverCases, payload: MakePayload) -> None:
    """Add holes in which something better comes while they are being filled."""
    burst = train(HYBRID, [1, 2, 3], 6, {4: payload(10, 4)})
    for delay in (0, 10, 20, 30, 39.75, 40, 50, 60, 80):
        what = f"a hole of 60 ms, a delay of {delay:g} ms: DRED takes over when it comes"
        cases.add(what, Stream.of(burst, 120, delay_ms=delay), "clock", "dred", "concealment")
    known = [
        regular(0, 20),
        concealed(20, 10, 10, 10, 10),
        dred(60, 80, 2, 1),
        regular(80, 20),
        regular(100, 20),
    ]
    again = train(HYBRID, [1, 2, 3], 6, {4: payload(10, 5)})
    cases.add(
        "a hole of 60 ms, a delay of 20 ms: two thirds concealed, then DRED",
        Stream.of(again, 120, delay_ms=20),
        "clock",
        "dred",
        "concealment",
        expected=known,
    )
    flagged = [
        *train(SILK, [1, 2, 3], 4, {}),
        Sent(80, packet(SILK, [frame_with(SILK, mid=True)], payload(10, 4))),
    ]
    for delay in (0, 19, 20, 21, 30, 60):
        what = f"LBRR in the packet behind the hole, a delay of {delay} ms"
        cases.add(what, Stream.of(flagged, 100, delay_ms=delay), "clock", "lbrr", "dred")
    second = [*train(HYBRID, [1, 2], 6, {4: payload(10, 2), 5: payload(16, 4)})]
    early = [replace(each, late_ms=-35) if each.at_ms >= 80 else each for each in second]
    cases.add(
        "redundancy of a later packet comes before a nearer one",
        Stream.of(early, 120, delay_ms=0),
        "clock",
        "dred",
    )
    nearer = [
        Sent(0, packet(CELT)),
        Sent(60, packet(CELT, 1, payload(10, 3)), 15),
        Sent(80, packet(CELT, 1, payload(10, 5)), -40),
    ]
    for delay in (0, 10, 20, 40):
        what = f"of two packets with redundancy the nearer comes 15 ms late, a delay of {delay} ms"
        cases.add(what, Stream.of(nearer, 100, delay_ms=delay), "clock", "dred")
    hidden = [
        Sent(0, packet(SILK)),
        Sent(30, packet(SILK), 5),
        Sent(40, packet(SILK, [frame_with(SILK, mid=True)]), -30),
    ]
    for delay in (0, 4, 5, 20):
        what = f"LBRR for an instant in which a packet becomes due, a delay of {delay} ms"
        cases.add(what, Stream.of(hidden, 60, delay_ms=delay), "block", "lbrr", "clock")
    due = [Sent(0, packet(CELT)), Sent(25, packet(CELT), -1), Sent(65, packet(CELT, 1, payload(10, 3)), -30)]
    for delay in (0, 1, 5):
        what = f"a packet that is on time cuts the block before it, a delay of {delay} ms"
        cases.add(what, Stream.of(due, 85, delay_ms=delay), "block", "clock", "dred")
    absent = [Sent(0, packet(CELT)), Sent(25, packet(CELT), 60), Sent(65, packet(CELT, 1, payload(10, 3)))]
    cases.add(
        "a packet that will be late does not cut the block",
        Stream.of(absent, 85, delay_ms=30),
        "block",
        "clock",
    )
