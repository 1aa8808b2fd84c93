"""The payloads hold what an encoder can mean: levels, time, number of latents, symbols."""

from collections.abc import Iterator

from dred_conformance.encoder_conformance.record import Check, Finding
from dred_conformance.encoder_conformance.stream import LATENT_UNITS, EncodedStream, ReadDred, ReadPacket
from dred_conformance.encoder_conformance.wording import count, packets
from dred_conformance.inspection.dred_section import UNIT_MS
from dred_conformance.inspection.findings import DEPLOYED_LATENTS
from dred_conformance.runner.verdict import Verdict

__all__ = ["CHECK", "judge_payload"]

CHECK = Check(
    "payload",
    "payloads are whole, tell a possible time, and decode to the same symbols in both implementations",
    "payload",
    ("DRED-header-q0", "DRED-header-dq", "DRED-qmax", "DRED-offset-sign", "DRED-latents", "DRED-stop"),
)
_MOST_AHEAD = 4
"""Units of 2.5 ms that an encoder can know beyond the audio of a packet: libopus looks 6.5 ms ahead, and the
signalled time is rounded."""


def _is_explained(dred: ReadDred) -> bool:
    """Tell whether encoding again gives the bytes, or the beginning of them: then nothing was cut."""
    written = dred.written
    if written is None:
        return False
    return bool(written.exact) or written.kept_last is not None or written.prefix is not None


def _problems(packet: ReadPacket) -> Iterator[str]:
    dred = packet.dred
    assert dred is not None
    if dred.offset > packet.duration + _MOST_AHEAD:
        yield (
            f"the newest speech ends {UNIT_MS * dred.offset:g} ms after the start of the packet, which is "
            f"{UNIT_MS * packet.duration:g} ms long: later than anything the encoder had"
        )
    if packet.newest <= -LATENT_UNITS:
        yield f"the newest speech ends {-UNIT_MS * packet.newest:g} ms before the start of the stream"
    if dred.payload is None:
        return
    lost = dred.written is not None and max(dred.written.exact, default=0) > 0
    if not dred.latents and not lost:  # a latent that was written and lost is judged elsewhere
        yield "an initial state and no latent, which covers no time"
    if dred.unread_bits is not None and dred.unread_bits < 0 and not _is_explained(dred):
        yield f"{-dred.unread_bits} bits lie past the end: the payload was cut"


def judge_payload(stream: EncodedStream) -> Finding:
    """Judge all payloads."""
    looked_at = list(stream.with_dred)
    disputed = [packet for packet in looked_at if packet.dred is not None and packet.dred.disagreement]
    found = [(packet, text) for packet in looked_at for text in _problems(packet)]
    offsets = [packet.dred.offset for packet in looked_at if packet.dred is not None]
    latents = [packet.dred.latents for packet in looked_at if packet.dred is not None]
    figures = {
        "payloads": float(len(looked_at)),
        "offset_least_2p5ms": float(min(offsets)),
        "offset_largest_2p5ms": float(max(offsets)),
        "latents_mean": None if stream.model is None else sum(latents) / len(latents),
    }
    if disputed:
        first = disputed[0]
        assert first.dred is not None
        text = f"the two implementations here disagree on packet {first.index} ({first.dred.disagreement})"
        return Finding(Verdict.ERROR, text, figures, first.index)
    if found:
        first, text = found[0]
        numbers = list(dict.fromkeys(packet.index for packet, _ in found))
        said = f"{packets(numbers)} of {len(looked_at)}: in packet {first.index} {text}"
        return Finding(Verdict.FAIL, said, figures, first.index, "a payload that can be meant", text)
    return Finding(Verdict.PASS, _summary(stream, looked_at, latents), figures, remarks=_remarks(latents))


def _summary(stream: EncodedStream, looked_at: list[ReadPacket], latents: list[int]) -> str:
    levels = {(p.dred.q0, p.dred.dq, p.dred.qmax) for p in looked_at if p.dred is not None}
    offsets = [p.dred.offset for p in looked_at if p.dred is not None]
    shown = ", ".join(f"q0 {q0} dQ {dq} qmax {qmax}" for q0, dq, qmax in sorted(levels)[:3])
    more = "" if len(levels) <= 3 else f" and {len(levels) - 3} other settings"
    text = f"{count(len(looked_at), 'payload')} with {shown}{more}, offsets {min(offsets)} to {max(offsets)}"
    if stream.model is None:
        return f"{text}; no model is at hand, so only headers were read"
    return f"{text}, {min(latents)} to {max(latents)} latents, the same symbols in both implementations"


def _remarks(latents: list[int]) -> tuple[str, ...]:
    long = sum(number > DEPLOYED_LATENTS for number in latents)
    if not long:
        return ()
    return (
        f"{count(long, 'payload')} of more than {DEPLOYED_LATENTS} latents: deployed decoders read no more",
    )
