"""Receivers: holes filled from the redundancy of a packet behind them."""

from dred_conformance.vectors.generate.receiver_cases import MakePayload, ReceiverCases, train
from dred_conformance.vectors.generate.receiver_streams import (
    Sent,
    Stream,
    concealed,
    dred,
    duration_ms,
    packet,
    regular,
)
from dred_conformance.vectors.generate.wires import DRAFT

__all__ = ["add_holes"]

HYBRID, HYBRID_10, CELT, CELT_10, CELT_2P5, SILK_10, SILK, SILK_60 = 15, 14, 31, 30, 28, 8, 9, 11


def add_holes(cases: ReceiverCases, payload: MakePayload) -> None:
    """Add the cases; ``payload(offset, latents)`` makes redundancy."""
    both = ("dred", "block")
    nothing = train(HYBRID, (), 4, {2: payload(10, 3)})
    cases.add(
        "nothing is lost",
        Stream.of(nothing, 80),
        "regular",
        expected=[part for n in range(4) for part in [regular(20 * n, 20)]],
        flags=["setup"],
    )
    one = train(HYBRID, [1], 4, {2: payload(10, 3)})
    cases.add(
        "one packet of 20 ms is lost",
        Stream.of(one, 80),
        *both,
        expected=[regular(0, 20), dred(20, 40, 2, 1), regular(40, 20), regular(60, 20)],
        flags=["setup"],
    )
    four = train(HYBRID, range(1, 5), 6, {5: payload(10, 3)})
    cases.add(
        "four packets lost, offset 10: features 8 to 1, and 10 and 9 go before them",
        Stream.of(four, 120),
        *both,
        expected=[regular(0, 20), dred(20, 100, *range(8, 0, -1)), regular(100, 20)],
    )
    three = train(HYBRID, range(1, 4), 5, {4: payload(10, 2)})
    cases.add(
        "three packets lost, offset 10: features 6 to 1",
        Stream.of(three, 100),
        *both,
        expected=[regular(0, 20), dred(20, 80, *range(6, 0, -1)), regular(80, 20)],
    )
    two = train(SILK_60, [1, 2], 4, {3: payload(10, 4)})
    cases.add(
        "two packets of 60 ms lost: features 12 to 1",
        Stream.of(two, 240),
        *both,
        expected=[regular(0, 60), dred(60, 180, *range(12, 0, -1)), regular(180, 60)],
    )
    short = train(CELT_10, range(1, 5), 6, {5: payload(1, 3)})
    cases.add(
        "four packets of 10 ms lost, offset 1: the last of them is too recent for its redundancy",
        Stream.of(short, 60),
        *both,
        "concealment",
        expected=[regular(0, 10), dred(10, 50, 2, 1, 0), concealed(40, 10), regular(50, 10)],
        flags=["boundary"],
    )
    ten = train(HYBRID, range(1, 11), 12, {11: payload(10, 3)})
    missing = concealed(20, *[10] * 9)
    cases.add(
        "a burst longer than the redundancy: the oldest part is concealed",
        Stream.of(ten, 240),
        *both,
        "concealment",
        expected=[regular(0, 20), missing, dred(110, 220, *range(11, 0, -1)), regular(220, 20)],
    )
    cases.add("the same without DRED", Stream.of(ten, 240, dred=False), "concealment", "block")
    for offset in (0, 1, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16):
        what = f"offset {offset} before a hole of 60 ms"
        cases.add(what, Stream.of(train(HYBRID, [1, 2, 3], 5, {4: payload(offset, 2)}), 100), *both)
    for offset in (-1, -3, -4, -5, -8, -13, -40):
        what = f"offset {offset}: the redundancy begins behind the start of its packet"
        lost = train(CELT_10, range(1, 8), 9, {8: payload(offset, 5)})
        cases.add(what, Stream.of(lost, 90), *both, flags=["boundary"])
    small = train(CELT_2P5, [4], 12, {5: payload(16, 3)})
    cases.add("an offset much larger than the hole", Stream.of(small, 30), *both, flags=["boundary"])
    _add_reach(cases, payload)
    _add_frames(cases, payload)


def _add_reach(cases: ReceiverCases, payload: MakePayload) -> None:
    both = ("dred", "block")
    for count in (0, 1, 2, 5):
        lost = train(HYBRID, range(1, 8), 9, {8: payload(10, count)})
        what = f"{count} latents, {4 * count} features, for a hole of 140 ms"
        cases.add(what, Stream.of(lost, 180), *both, "concealment", flags=["boundary"])
    far = train(HYBRID, range(1, 9), 13, {9: payload(16, 1), 10: payload(6, 4), 12: payload(10, 9)})
    cases.add("three packets share a hole: each has what the one before it lacks", Stream.of(far, 260), *both)
    near = train(HYBRID, range(1, 4), 7, {4: payload(10, 4), 5: payload(10, 6), 6: payload(10, 8)})
    cases.add("three packets have the same instant: the first is taken", Stream.of(near, 140), *both)
    late = train(HYBRID, range(1, 5), 8, {6: payload(10, 9)})
    cases.add(
        "the first packet behind the hole has no redundancy, the second has", Stream.of(late, 160), *both
    )
    beyond = train(SILK_60, range(1, 36), 38, {36: payload(10, 3), 37: payload(12, 54)})
    cases.add(
        "a hole of 2.1 s, for which the second packet behind it has something",
        Stream.of(beyond, 2280),
        *both,
        flags=["extreme"],
    )
    old = train(HYBRID, [1, 2, 7], 9, {3: payload(10, 3), 8: payload(10, 9)})
    cases.add("two holes; the redundancy for both comes twice", Stream.of(old, 180), *both)
    lead = [Sent(60, packet(HYBRID, 1, payload(10, 3))), Sent(80, packet(HYBRID))]
    cases.add(
        "the stream begins with a hole",
        Stream.of(lead, 100),
        *both,
        expected=[dred(0, 60, 6, 5, 4, 3, 2, 1), regular(60, 20), regular(80, 20)],
        flags=["boundary"],
    )
    cases.add(
        "the stream ends with a hole, for which nothing comes",
        Stream.of([Sent(0, packet(HYBRID, 1, payload(10, 3)))], 45),
        "concealment",
        "block",
        expected=[regular(0, 20), concealed(20, 10, 10, 5)],
        flags=["boundary"],
    )
    cases.add(
        "nothing arrives at all",
        Stream.of([], 35),
        "concealment",
        "block",
        expected=[concealed(0, 10, 10, 10, 5)],
        flags=["boundary"],
    )
    cases.add("nothing is asked for", Stream.of(lead, 0), "regular", expected=[[]], flags=["boundary"])
    cases.add(
        "the end cuts a packet",
        Stream.of(lead, 67.5),
        "regular",
        "block",
        expected=[dred(0, 60, 6, 5, 4, 3, 2, 1), regular(60, 7.5)],
        flags=["boundary"],
    )
    cases.add("the end cuts a block of redundancy", Stream.of(lead, 33.25), *both, flags=["boundary"])
    cases.add("the end is one sample behind a block", Stream.of(lead, 40 + 1 / 48), *both, flags=["boundary"])


def _add_frames(cases: ReceiverCases, payload: MakePayload) -> None:
    both = ("dred", "block")
    for config in (
        SILK_10,
        SILK,
        10,
        SILK_60,
        0,
        3,
        4,
        HYBRID_10,
        HYBRID,
        CELT_2P5,
        29,
        CELT_10,
        CELT,
        16,
        20,
        24,
    ):
        ms = duration_ms(config)
        lost = train(config, [2, 3], 6, {4: payload(9, 4)})
        what = f"configuration {config}: two packets of {ms:g} ms lost"
        cases.add(what, Stream.of(lost, 6 * ms), "parse", *both)
    for config, frames in ((CELT_2P5, 7), (CELT_2P5, 48), (SILK_10, 5), (HYBRID, 6), (SILK_60, 2), (10, 3)):
        ms = duration_ms(config, frames)
        sent = [Sent(0, packet(config, frames)), Sent(2 * ms, packet(config, frames, payload(10, 6)))]
        what = f"a packet of {frames} frames, {ms:g} ms, lost"
        cases.add(what, Stream.of(sent, 3 * ms), "parse", *both)
    for frame in (1, 2, 3):
        sent = [Sent(0, packet(HYBRID)), Sent(100, packet(HYBRID, 4, payload(10, 4), dred_frame=frame))]
        what = f"DRED on frame {frame} of four: its offset counts {20 * frame} ms more"
        cases.add(what, Stream.of(sent, 180), *both, flags=["frame-offset"])
    off_grid = [Sent(0, packet(CELT_2P5, 3)), Sent(33.75, packet(HYBRID, 1, payload(10, 3)))]
    cases.add("a hole of 26.25 ms: the last block is shorter", Stream.of(off_grid, 53.75), *both)
    odd = [Sent(0, packet(CELT)), Sent(20 + 961 / 48, packet(HYBRID, 1, payload(10, 3)))]
    cases.add(
        "a hole of 961 samples: the last block is one sample", Stream.of(odd, 60), *both, flags=["boundary"]
    )
    just = [Sent(0, packet(CELT)), Sent(20 + 959 / 48, packet(HYBRID, 1, payload(10, 3)))]
    cases.add("a hole of 959 samples", Stream.of(just, 60), *both, flags=["boundary"])
    overlap = [
        Sent(0, packet(HYBRID, 2)),
        Sent(20, packet(HYBRID)),
        Sent(60, packet(HYBRID, 1, payload(10, 3))),
    ]
    cases.add("a packet inside another one is not played", Stream.of(overlap, 80), "regular", *both)
    inside = [Sent(0, packet(HYBRID, 2)), Sent(30, packet(HYBRID, 1, payload(10, 3)))]
    cases.add(
        "a packet that starts inside another one helps nothing before it",
        Stream.of(inside, 60),
        "regular",
        "concealment",
    )
    draft = payload(10, 3, wire=DRAFT)
    sent = [Sent(0, packet(HYBRID)), Sent(60, packet(HYBRID, 1, draft, extension_id=32))]
    cases.add("wire profile draft-32", Stream.of(sent, 80, wire=DRAFT), *both)
    cases.add("another wire profile than the packet has", Stream.of(sent, 80), *both, "concealment")
    for rate in (8000, 12000, 16000, 24000):
        lost = train(HYBRID, [1, 2], 4, {3: payload(10, 3)})
        cases.add(f"output at {rate} Hz: the same decisions", Stream.of(lost, 80, rate=rate), *both)
