"""On which frames of a packet the DRED extensions are."""

from collections import Counter
from collections.abc import Callable

from dred_conformance.encoder_conformance.record import Check, Finding
from dred_conformance.encoder_conformance.stream import EncodedStream, ReadPacket
from dred_conformance.encoder_conformance.wording import packets
from dred_conformance.runner.verdict import Verdict

__all__ = [
    "FIRST_FRAME",
    "ONE_PER_FRAME",
    "ONE_PER_PACKET",
    "judge_first_frame",
    "judge_one_per_frame",
    "judge_one_per_packet",
]

ONE_PER_FRAME = Check(
    "one_per_frame",
    "no frame has more than one DRED extension",
    "extension",
    ("DRED-one-per-frame",),
)
ONE_PER_PACKET = Check(
    "one_per_packet",
    "a packet with several frames carries one DRED extension",
    "extension",
    ("DRED-one-per-packet",),
    "should",
)
FIRST_FRAME = Check(
    "first_frame",
    "in a packet with several frames the DRED is on the first",
    "extension",
    ("DRED-first-frame",),
    "should",
)


def _frames(packet: ReadPacket) -> Counter[int]:
    return Counter(extension.frame for extension in packet.dred_extensions)


def _named(frames: Counter[int]) -> str:
    return ", ".join(f"{times} on frame {frame}" for frame, times in sorted(frames.items()))


def _judged(
    stream: EncodedStream,
    breaks: Callable[[Counter[int]], bool],
    verdict: Verdict,
    bad: str,
    good: str,
    expected: str,
) -> Finding:
    looked_at = list(stream.with_dred)
    several = [packet for packet in looked_at if packet.frames > 1]
    broken = [packet for packet in looked_at if breaks(_frames(packet))]
    figures = {"packets_in_breach": float(len(broken)), "packets_of_several_frames": float(len(several))}
    if not broken:
        return Finding(
            Verdict.PASS, f"{good} ({len(looked_at)} packets, {len(several)} of several frames)", figures
        )
    first = broken[0]
    text = f"{packets([packet.index for packet in broken])} of {len(looked_at)}: {bad}"
    return Finding(verdict, text, figures, first.index, expected, _named(_frames(first)))


def judge_one_per_frame(stream: EncodedStream) -> Finding:
    """Judge that no two extensions are on the same frame."""
    return _judged(
        stream,
        lambda frames: max(frames.values()) > 1,
        Verdict.FAIL,
        "more than one DRED extension on a frame, of which decoders use the first",
        "no frame has more than one DRED extension",
        "one DRED extension on a frame",
    )


def judge_one_per_packet(stream: EncodedStream) -> Finding:
    """Judge that no two frames of a packet have DRED."""
    return _judged(
        stream,
        lambda frames: len(frames) > 1,
        Verdict.NON_STRICT,
        "DRED on more than one frame; decoders use the first in the packet",
        "no packet has DRED on more than one frame",
        "DRED on one frame",
    )


def judge_first_frame(stream: EncodedStream) -> Finding:
    """Judge that DRED is on the first frame."""
    return _judged(
        stream,
        lambda frames: 0 not in frames,
        Verdict.NON_STRICT,
        "the DRED is not on the first frame",
        "all DRED is on the first frame",
        "DRED on frame 0",
    )
