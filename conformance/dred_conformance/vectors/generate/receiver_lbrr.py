"""Receivers: in-band FEC, beside redundancy and alone."""

from typing import Any

from dred_conformance.vectors.generate.receiver_cases import MakePayload, ReceiverCases
from dred_conformance.vectors.generate.receiver_streams import (
    Sent,
    Stream,
    concealed,
    dred,
    duration_ms,
    frame_with,
    lbrr,
    packet,
    regular,
)

__all__ = ["add_lbrr"]

HYBRID, CELT, CELT_10, CELT_2P5, SILK_10, SILK, SILK_60 = 15, 31, 30, 28, 8, 9, 11


def add_lbrr(cases: ReceiverCases, payload: MakePayload) -> None:
    """Add the cases; ``payload(offset, latents)`` makes redundancy."""

    def behind(config: int, flags: bytes, lost: int, data: bytes | None = None, **more: Any) -> list[Sent]:
        """Return a packet, a hole of ``lost`` packets, and one that begins with the frame ``flags``."""
        ms = duration_ms(config)
        return [Sent(0, packet(config, **more)), Sent(ms * (lost + 1), packet(config, [flags], data, **more))]

    one = behind(HYBRID, frame_with(HYBRID, mid=True), 1)
    cases.add(
        "one packet lost, LBRR in the next",
        Stream.of(one, 60),
        "lbrr",
        expected=[regular(0, 20), lbrr(20, 20), regular(40, 20)],
        flags=["setup"],
    )
    cases.add("the same without the use of LBRR", Stream.of(one, 60, lbrr=False), "lbrr", "concealment")
    cases.add("the end cuts the LBRR", Stream.of(one, 32.5), "lbrr", flags=["boundary"])
    none = behind(HYBRID, frame_with(HYBRID), 1)
    cases.add(
        "one packet lost, no LBRR in the next",
        Stream.of(none, 60),
        "lbrr",
        "concealment",
        expected=[regular(0, 20), concealed(20, 10, 10), regular(40, 20)],
    )
    three = behind(HYBRID, frame_with(HYBRID, mid=True), 3, payload(10, 3))
    cases.add(
        "three packets lost: DRED for two of them, LBRR for the last",
        Stream.of(three, 100),
        "lbrr",
        "dred",
        expected=[regular(0, 20), dred(20, 80, 6, 5, 4, 3), lbrr(60, 20), regular(80, 20)],
    )
    cases.add("the same with LBRR alone", Stream.of(three, 100, dred=False), "lbrr", "concealment")
    cases.add("the same with DRED alone", Stream.of(three, 100, lbrr=False), "lbrr", "dred")
    cases.add("the same with neither", Stream.of(three, 100, lbrr=False, dred=False), "concealment")
    for config in (*range(16), CELT, CELT_10):
        sent = behind(config, frame_with(config, mid=True), 2, payload(8, 4))
        what = f"configuration {config}, {duration_ms(config):g} ms, LBRR flag set"
        cases.add(what, Stream.of(sent, 4 * duration_ms(config)), "lbrr", "dred")
    for config in (SILK_10, SILK, 10, SILK_60):
        for mid, side in ((False, True), (True, False), (False, False)):
            flags = frame_with(config, mid=mid, side=side)
            sent = behind(config, flags, 1, payload(8, 2), stereo=True)
            what = f"stereo, {duration_ms(config):g} ms, LBRR of mid {mid}, of side {side}"
            cases.add(what, Stream.of(sent, 3 * duration_ms(config)), "lbrr", "dred")
        sent = behind(config, frame_with(config, side=True, vad=False), 1)
        what = f"mono, {duration_ms(config):g} ms: the bit that would be the side's LBRR flag in stereo"
        cases.add(what, Stream.of(sent, 3 * duration_ms(config)), "lbrr")
    for data in (b"", b"\x7f"):
        sent = behind(SILK, data, 1, payload(8, 2))
        cases.add(
            f"a first frame of {len(data)} bytes has no LBRR", Stream.of(sent, 60), "lbrr", flags=["boundary"]
        )
    _add_lbrr_of_frames(cases, payload)


def _add_lbrr_of_frames(cases: ReceiverCases, payload: MakePayload) -> None:
    flagged, plain = frame_with(SILK, mid=True), frame_with(SILK)
    for frames, what in (([flagged, plain, plain], "first"), ([plain, flagged, flagged], "second and third")):
        sent = [Sent(0, packet(SILK, 3)), Sent(120, packet(SILK, frames, payload(10, 5)))]
        cases.add(
            f"packets of three frames: LBRR in the {what} of them", Stream.of(sent, 180), "lbrr", "dred"
        )
    grid = [Sent(0, packet(CELT_2P5, 3)), Sent(53.75, packet(SILK, [flagged], payload(10, 4)))]
    cases.add(
        "LBRR that starts in the middle of a block: the block ends there",
        Stream.of(grid, 73.75),
        "lbrr",
        "block",
        "dred",
    )
    early = [Sent(0, packet(SILK)), Sent(35, packet(SILK, [flagged], payload(10, 4)))]
    cases.add(
        "LBRR that would start before the hole is of no use",
        Stream.of(early, 55),
        "lbrr",
        "dred",
        flags=["boundary"],
    )
    exact = [Sent(0, packet(SILK)), Sent(40 + 1 / 48, packet(SILK, [flagged]))]
    cases.add(
        "LBRR that starts one sample into the hole",
        Stream.of(exact, 60),
        "lbrr",
        "block",
        "concealment",
        flags=["boundary"],
    )
    second = [
        Sent(0, packet(SILK)),
        Sent(60, packet(SILK)),
        Sent(80, packet(SILK, [flagged], payload(10, 6))),
    ]
    cases.add(
        "LBRR of a packet that is not the first behind the hole", Stream.of(second, 100), "lbrr", "dred"
    )
    lead = [Sent(20, packet(SILK, [flagged]))]
    cases.add(
        "the stream begins with LBRR",
        Stream.of(lead, 40),
        "lbrr",
        expected=[lbrr(0, 20), regular(20, 20)],
        flags=["boundary"],
    )
    before = [Sent(10, packet(SILK, [flagged], payload(4, 2)))]
    cases.add(
        "LBRR that would start before the stream", Stream.of(before, 30), "lbrr", "dred", flags=["boundary"]
    )
    mixed = [Sent(0, packet(SILK)), Sent(60, packet(SILK_60, [frame_with(SILK_60, mid=True)]))]
    cases.add("LBRR of a frame longer than the hole", Stream.of(mixed, 120), "lbrr", "concealment")
    longer = [
        Sent(0, packet(SILK)),
        Sent(100, packet(SILK_60, [frame_with(SILK_60, mid=True)], payload(10, 4))),
    ]
    cases.add("LBRR of 60 ms behind packets of 20 ms", Stream.of(longer, 160), "lbrr", "dred", "block")
