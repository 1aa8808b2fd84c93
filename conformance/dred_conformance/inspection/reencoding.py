"""How many latents the encoder wrote, found by encoding again.

Decoding tells how many latents a decoder gets, not how many were written. With 7 bits or fewer left it stops,
also in front of a latent that was written in those few bits; and it goes on as long as there are bytes, also
where somebody added some. The range encoder is deterministic, so the payload can be asked: which number of
latents, encoded, gives exactly these bytes?
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
_LOOK_BACK = 16
"""Latents that a byte more, and up to 7 bits before it, may decode to."""
_SUSPICIOUS_ZEROS = 2
"""Of 20387 payloads of the interop streams 12 end with two zero bytes or more, 2612 with one or more."""


@dataclass(frozen=True, slots=True)
class Written:
    """What encoding again says.

    Attributes
    ----------
    exact
        Numbers of latents, from the decoded one up, that give exactly the payload.
    kept_last
        A number, the decoded one or just below, that gives exactly the payload together with the byte that
        keeps the last latent readable. Looked for where the decoded number does not explain the payload.
    prefix
        The largest smaller number that gives the beginning of the payload, and the bytes it takes. Looked for
        only when there is no other explanation.
    """

    exact: tuple[int, ...] = ()
    kept_last: int | None = None
    prefix: tuple[int, int] | None = None


class _Encoder:
    """Encodes the symbols of a payload again, with any number of its latents."""

    def __init__(
        self, located: LocatedPayload, wire: WireProfile, model: NamedTables, dred: DredReport
    ) -> None:
        self._wire, self._tables = wire, model.tables
        self._header = Header(dred.q0, dred.dq, dred.qmax, dred.offset_2p5ms - dred.frame_offset_2p5ms)
        # past the end zeros are read, so zero bytes more change no symbol; they let the decoder go on
        self._symbols = decode_payload(
            located.payload + b"\0\0", wire, model.tables, max_latents=len(dred.latents) + _LOOK_AHEAD
        )

    @property
    def latents(self) -> int:
        """Latents at hand."""
        return len(self._symbols.latents)

    def encode(self, latents: int, *, keep_last: bool = False) -> bytes | None:
        """Return the payload of that many latents; ``None`` if its symbols cannot be encoded."""
        rows = self._symbols.latents[:latents]
        try:
            return encode_payload(
                self._header, self._symbols.state, rows, self._wire, self._tables, keep_last=keep_last
            ).payload
        except WriteError:
            return None


def _trailing_zeros(payload: bytes) -> int:
    return len(payload) - len(payload.rstrip(b"\0"))


def find_written(located: LocatedPayload, wire: WireProfile, model: NamedTables, dred: DredReport) -> Written:
    """Return how many latents the encoder of a payload wrote."""
    encoder = _Encoder(located, wire, model, dred)
    payload, decoded = located.payload, len(dred.latents)
    exact = []
    for number in range(decoded, encoder.latents + 1):
        encoded = encoder.encode(number)
        if encoded is None or len(encoded) > len(payload):
            break
        if encoded == payload:
            exact.append(number)
    if exact and exact[0] == decoded and _trailing_zeros(payload) < _SUSPICIOUS_ZEROS:
        return Written(tuple(exact))
    for number in range(decoded, max(-1, decoded - _LOOK_BACK), -1):
        if encoder.encode(number, keep_last=True) == payload:
            return Written(tuple(exact), number)
    if exact:
        return Written(tuple(exact))
    for number in range(decoded - 1, -1, -1):
        encoded = encoder.encode(number)
        if encoded is not None and payload.startswith(encoded):
            return Written((), None, (number, len(encoded)))
    return Written()


def written_findings(dred: DredReport, payload: bytes, written: Written) -> Iterator[Finding]:
    """Put into words what encoding again says."""
    zeros = _trailing_zeros(payload)
    if zeros >= _SUSPICIOUS_ZEROS and written.kept_last is None:
        # the end of a code is its roundest number, so zeros added to it are again a code, of more latents
        text = (
            f"the payload ends with {zeros} zero bytes, as encoders rarely write them: they were probably "
            "added, and then decode as latents that nobody wrote"
        )
        end = 8 * (dred.position + len(payload))
        yield Finding("bytes-after", "warning", text, "DRED-stop", end - 8 * zeros, end)
    elif written.exact or written.kept_last is not None:
        yield from _last_latent(len(dred.latents), written)
    elif written.prefix is not None:
        latents, size = written.prefix
        text = (
            f"the payload begins with exactly the {size} bytes of {count(latents, 'latent')}; the last "
            f"{count(len(payload) - size, 'byte')} may have been added, and then decode as "
            f"{count(len(dred.latents) - latents, 'latent')} that nobody wrote"
        )
        span = (8 * (dred.position + size), 8 * (dred.position + len(payload)))
        yield Finding("bytes-after", "warning", text, "DRED-stop", *span)
    else:
        text = (
            "encoding these symbols again gives other bytes: the payload was damaged or cut, or its encoder "
            "is not the usual one"
        )
        yield Finding("not-canonical", "note", text, "DRED-always-decodes")


def _last_latent(decoded: int, written: Written) -> Iterator[Finding]:
    """Compare how many latents were written with how many are decoded."""
    if written.kept_last is not None and not written.exact:
        text = (
            f"the encoder wrote {count(written.kept_last, 'latent')} and a byte that keeps the last readable"
        )
        if decoded > written.kept_last:
            text += f"; {count(decoded - written.kept_last, 'latent')} decoded from that byte nobody wrote"
        yield Finding("keep-last-byte", "note", text, "DRED-last-latent")
    elif written.exact[0] > decoded and written.kept_last is None:
        latents = count(written.exact[0], "latent")
        text = (
            f"the encoder wrote {latents}, decoders read {decoded}: they stop when 7 bits or fewer are left, "
            f"and the rest took no more. The oldest {LATENT_MS * (written.exact[0] - decoded)} ms are lost"
        )
        yield Finding("last-latent-lost", "warning", text, "DRED-last-latent")
    elif written.exact != (decoded,):
        least = decoded if written.kept_last is None else written.kept_last
        text = (
            f"{least} and {written.exact[-1]} latents encode to the same bytes: whether the encoder wrote "
            f"as many as decoders read ({decoded}) cannot be known"
        )
        yield Finding("last-latent-unclear", "note", text, "DRED-last-latent")
