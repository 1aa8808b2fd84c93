"""The latents that an encoder writes are those that decoders read: none is lost, none is made of nothing.

Decoders stop when 7 bits or fewer are left. A last latent that was written into those bits is lost; a byte
added behind the last latent decodes as one more. Encoding the symbols again tells how many latents give
exactly these bytes (`dred_conformance.inspection.reencoding`). Where two numbers give the same bytes, the
packet alone does not tell which of them the encoder wrote: such packets are counted, and those that stand
between two with more latents, but they are not judged.
"""

from collections.abc import Sequence

from dred_conformance.encoder_conformance.record import Check, Finding
from dred_conformance.encoder_conformance.stream import EncodedStream, ReadPacket
from dred_conformance.encoder_conformance.wording import packets, share
from dred_conformance.runner.verdict import Verdict

__all__ = ["CHECK", "judge_last_latent"]

CHECK = Check(
    "last_latent",
    "decoders read exactly the latents that were written",
    "payload",
    ("DRED-last-latent", "DRED-stop", "DRED-write-last"),
)
_MOST_ENDING_IN_ZERO = 0.4
"""Share of payloads that end with a zero byte: 1/8 by nature of the range coder, every one if an encoder
pads. Of the interop streams the largest share is 0.24."""
_FEWEST_PAYLOADS = 20


def _surely_lost(packet: ReadPacket) -> bool:
    dred = packet.dred
    if dred is None or dred.written is None or dred.written.kept_last is not None:
        return False
    return bool(dred.written.exact) and dred.written.exact[0] > dred.latents


def _is_unclear(packet: ReadPacket) -> bool:
    dred = packet.dred
    if dred is None or dred.written is None or dred.written.kept_last is not None:
        return False
    return len(dred.written.exact) > 1 and dred.written.exact[0] == dred.latents


def _of_nothing(packet: ReadPacket) -> int:
    """Return how many decoded latents nobody wrote, for sure."""
    dred = packet.dred
    if dred is None or dred.written is None or dred.written.exact:
        return 0
    if dred.written.kept_last is not None:
        return dred.latents - dred.written.kept_last
    return 0 if dred.written.prefix is None else dred.latents - dred.written.prefix[0]


def _ends_in_zero(packet: ReadPacket) -> bool:
    return packet.dred is not None and packet.dred.located.payload.endswith(b"\0")


def _padded(looked_at: Sequence[ReadPacket]) -> list[ReadPacket]:
    """Return the packets whose payloads hold latents of nothing.

    Zeros behind a code are again a code of more latents, so a padded payload does not show by itself; many in
    a stream do.
    """
    zeros = [packet for packet in looked_at if _ends_in_zero(packet)]
    if len(looked_at) >= _FEWEST_PAYLOADS and len(zeros) > _MOST_ENDING_IN_ZERO * len(looked_at):
        return zeros
    return [packet for packet in looked_at if _of_nothing(packet)]


def _suspected(packets_with_dred: Sequence[ReadPacket]) -> list[ReadPacket]:
    """Return unclear packets whose neighbours on both sides hold more latents."""
    found = []
    for before, packet, after in zip(
        packets_with_dred, packets_with_dred[1:], packets_with_dred[2:], strict=False
    ):
        assert packet.dred is not None
        around = [each.dred.latents for each in (before, after) if each.dred is not None]
        is_neighbour = before.index + 1 == packet.index == after.index - 1
        if is_neighbour and _is_unclear(packet) and min(around) > packet.dred.latents:
            found.append(packet)
    return found


def judge_last_latent(stream: EncodedStream) -> Finding:
    """Judge how many latents decoders get of those written."""
    looked_at = [packet for packet in stream.with_dred if packet.dred and packet.dred.payload is not None]
    if not looked_at:
        return Finding(Verdict.UNSUPPORTED, "no model is at hand, so no latent was read")
    lost = [packet for packet in looked_at if _surely_lost(packet)]
    added = _padded(looked_at)
    suspected = _suspected(looked_at)
    unclear = sum(_is_unclear(packet) for packet in looked_at)
    total = len(looked_at)
    figures = {
        "lost_packets": float(len(lost)),
        "suspected_packets": float(len(suspected)),
        "unclear_packets": float(unclear),
        "packets_with_latents_of_nothing": float(len(added)),
        "ending_in_zero_share": sum(map(_ends_in_zero, looked_at)) / total,
    }
    remarks = []
    if unclear:
        remarks.append(
            f"in {unclear} payloads ({share(unclear, total)}) one latent more gives the same bytes, so a "
            f"loss cannot be told from none; {len(suspected)} of them stand between packets that hold more"
        )
    if added:
        first = added[0]
        assert first.dred is not None
        text = (
            f"{packets([packet.index for packet in added])} of {total} ({share(len(added), total)}) hold "
            "bytes behind the last latent, which decode as latents that nobody wrote"
        )
        actual = f"{first.dred.latents} decoded"
        return Finding(
            Verdict.FAIL, text, figures, first.index, "no latent beyond those written", actual, tuple(remarks)
        )
    if lost:
        first = lost[0]
        assert first.dred is not None
        text = (
            f"the last latent is lost in {len(lost)} of {total} packets ({share(len(lost), total)}; "
            f"{packets([packet.index for packet in lost])}): it was written in the last 7 bits, where "
            "decoders stop"
        )
        expected = f"{first.dred.written_latents} latents read"
        actual = f"{first.dred.latents} read"
        return Finding(Verdict.FAIL, text, figures, first.index, expected, actual, tuple(remarks))
    text = f"in {total} payloads no latent is surely lost and none is made of nothing"
    return Finding(Verdict.PASS, text, figures, remarks=tuple(remarks))
