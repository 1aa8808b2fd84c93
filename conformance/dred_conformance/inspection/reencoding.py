"""How many latents the encoder wrote, found by encoding again.

Decoding tells how many latents a decoder gets, not how many were written: with 7 bits or fewer left it
stops, also in front of a latent that was written in those few bits, and it goes on as long as there are
bytes, also where somebody added some. The range encoder is deterministic, so the payload itself can be asked:
which number of latents, encoded, gives exactly these bytes?
"""

from collections.abc import Iterator
from dataclasses import dataclass

from dred_conformance.inspection.dred_section import LATENT_MS, NamedTables
from dred_conformance.inspection.record import DredReport, Finding
from dred_conformance.inspection.wording import count
from dred_reference.errors import WriteError
from dred_reference.location import LocatedPayload
from dred_reference.payload import Header, decode_payload, encode_payload
from dred_reference.wire import WireProfile

_LOOK_AHEAD = 8
"""Latents beyond the last decoded one that are tried: a latent takes a bit or so, and 7 bits are left."""


@dataclass(frozen=True, slots=True)
class Written:
    """What encoding again says.

    Attributes
    ----------
    exact
        Numbers of latents, from the decoded one up, that give exactly the payload.
    prefix
        The largest smaller number that gives the beginning of the payload, and the bytes it takes. Looked for
        only when nothing is exact.
    kept_last
        The payload is that number of latents with the byte that keeps the last one readable.
    """

    exact: tuple[int, ...]
    prefix: tuple[int, int] | None = None
    kept_last: bool = False


def find_written(located: LocatedPayload, wire: WireProfile, model: NamedTables, dred: DredReport) -> Written:
    """Return how many latents the encoder of a payload wrote."""
    header = Header(dred.q0, dred.dq, dred.qmax, dred.offset_2p5ms - dred.frame_offset_2p5ms)
    decoded = len(dred.latents)
    # past the end zeros are read, so zero bytes more change no symbol; they let the decoder go on
    longer = decode_payload(located.payload + b"\0\0", wire, model.tables, max_latents=decoded + _LOOK_AHEAD)

    def encode(latents: int, *, keep_last: bool = False) -> bytes | None:
        try:
            encoded = encode_payload(
                header, longer.state, longer.latents[:latents], wire, model.tables, keep_last=keep_last
            )
        except WriteError:
            return None
        return encoded.payload

    exact = []
    for number in range(decoded, len(longer.latents) + 1):
        encoded = encode(number)
        if encoded is None or len(encoded) > len(located.payload):
            break
        if encoded == located.payload:
            exact.append(number)
    if exact:
        return Written(tuple(exact))
    for number in range(decoded - 1, -1, -1):
        encoded = encode(number)
        if encoded is not None and located.payload.startswith(encoded):
            kept = encode(number, keep_last=True) == located.payload
            return Written((), (number, len(encoded)), kept)
    return Written(())


def written_findings(dred: DredReport, payload: bytes, written: Written) -> Iterator[Finding]:
    """Put into words what encoding again says."""
    decoded = len(dred.latents)
    if written.exact:
        fewest = written.exact[0]
        if fewest > decoded:
            lost = fewest - decoded
            yield Finding(
                "last-latent-lost",
                "warning",
                f"the encoder wrote {count(fewest, 'latent')}, decoders read {decoded}: they stop when 7 "
                f"bits or fewer are left, and the rest took no more. The oldest {LATENT_MS * lost} ms are "
                "lost",
                "DRED-last-latent",
            )
        elif len(written.exact) > 1:
            yield Finding(
                "last-latent-unclear",
                "note",
                f"{decoded} and {written.exact[-1]} latents encode to the same bytes: whether the encoder "
                "wrote more than decoders read cannot be known",
                "DRED-last-latent",
            )
    elif written.prefix is None:
        yield Finding(
            "not-canonical",
            "note",
            "encoding these symbols again gives other bytes: the payload was damaged or cut, or its encoder "
            "is not the usual one",
            "DRED-always-decodes",
        )
    else:
        yield _after(dred, payload, *written.prefix, kept_last=written.kept_last)


def _after(dred: DredReport, payload: bytes, latents: int, size: int, *, kept_last: bool) -> Finding:
    added = len(payload) - size
    span = (8 * (dred.position + size), 8 * (dred.position + len(payload)))
    more = count(len(dred.latents) - latents, "latent")
    if kept_last:
        text = (
            f"the encoder wrote {count(latents, 'latent')} and a byte that keeps the last of them readable; "
            f"decoders read {more} more from it that nobody wrote"
        )
        return Finding("keep-last-byte", "note", text, "DRED-last-latent", *span)
    sure = "were added" if not any(payload[size:]) else "may have been added"
    text = (
        f"the payload begins with exactly the {size} bytes of {count(latents, 'latent')}; the last "
        f"{count(added, 'byte')} {sure} behind them, and decode as {more} that nobody wrote"
    )
    return Finding("bytes-after", "warning", text, "DRED-stop", *span)
