"""Payloads made from chosen symbols, and the requests that read and write them."""

from dataclasses import dataclass
from typing import Any

from dred_conformance.vectors.generate.errors import GenerationError
from dred_conformance.vectors.generate.models import VectorModel
from dred_conformance.vectors.generate.random_source import RandomSource
from dred_conformance.vectors.generate.wires import EXPERIMENTAL, OLDER, PREFIXES

__all__ = [
    "Encoded",
    "PayloadMaker",
    "foreign",
    "level_of",
    "marks",
    "qualified",
    "read",
    "read_packet",
    "writing",
]

_TOO_FEW_BITS = 7  # are left where a decoder stops


def level_of(q0: int, dq: int, qmax: int, index: int) -> int:
    """Return the quantiser level of a latent, written out once more for the vectors."""
    sixteenths = (0, 2, 3, 4, 6, 8, 12, 16)[dq]
    return min(qmax, q0 + (sixteenths * index + 8) // 16)


@dataclass(frozen=True)
class Encoded:
    """A payload made from chosen symbols."""

    payload: bytes
    expected: dict[str, Any]


def writing(
    model: VectorModel,
    header: tuple[int, int, int, int],
    state: list[int],
    latents: list[list[int]],
    *,
    wire: str | None = None,
) -> dict[str, Any]:
    """Return the request that writes a payload, marked as the model's are unless ``wire`` is given."""
    q0, dq, qmax, offset = header
    return {
        "op": "payload_write",
        "q0": q0,
        "dq": dq,
        "qmax": qmax,
        "offset": offset,
        "state": state,
        "latents": latents,
        "wire": wire or model.wire,
        "model": model.name,
    }


class PayloadMaker:
    """Makes payloads from symbols through the (agreeing) writers of both implementations."""

    def __init__(self, model: VectorModel, ask: Any) -> None:
        self.model = model
        self._ask = ask

    def encode(
        self,
        header: tuple[int, int, int, int],
        state: list[int],
        latents: list[list[int]],
        *,
        wire: str | None = None,
        **more: Any,
    ) -> Encoded:
        """Write a payload and say what a decoder must find in it.

        Parameters
        ----------
        header
            ``q0``, ``dq``, ``qmax`` and the offset in 2.5 ms units.
        state, latents
            The symbols; those that a level does not code must be 0.
        """
        q0, dq, qmax, offset = header
        payload = self.write(header, state, latents, wire=wire, **more)
        kept = latents[: self._readable(payload, wire, latents)]
        expected = {
            "q0": q0,
            "dq": dq,
            "qmax": qmax,
            "offset": offset,
            "state": state,
            "latents": kept,
            "levels": [level_of(q0, dq, qmax, index) for index in range(len(kept))],
        }
        return Encoded(payload, expected)

    def write(
        self,
        header: tuple[int, int, int, int],
        state: list[int],
        latents: list[list[int]],
        *,
        wire: str | None = None,
        **more: Any,
    ) -> bytes:
        """Write a payload."""
        request = writing(self.model, header, state, latents, wire=wire) | more
        return bytes.fromhex(self._ask(request)["payload"])

    def _readable(self, payload: bytes, wire: str | None, latents: list[list[int]]) -> int:
        """Return how many latents the stop rule lets a decoder read: all, or all but what takes up to 7 bits.

        The symbols are ours; only where the decoder stops is asked for.
        """
        wire = wire or self.model.wire
        decoded = self._ask(read(self.model, payload, wire))
        found = len(decoded["latents"])
        left = 8 * (len(payload) - len(PREFIXES[wire])) - decoded["tell"]
        if found > len(latents) or (found < len(latents) and left > _TOO_FEW_BITS):
            raise GenerationError(f"{len(latents)} latents written, {found} read: {payload.hex()}")
        return found

    def random(
        self, source: RandomSource, header: tuple[int, int, int, int], count: int, spread: int, **more: Any
    ) -> Encoded:
        """Make a payload of random symbols with magnitudes up to ``spread``."""
        q0, dq, qmax, _ = header
        state = self.model.random_symbols(source, "state", q0, spread)
        levels = [level_of(q0, dq, qmax, index) for index in range(count)]
        latents = [self.model.random_symbols(source, "latent", level, spread) for level in levels]
        return self.encode(header, state, latents, **more)


def read(model: VectorModel, payload: bytes, wire: str | None = None, **more: Any) -> dict[str, Any]:
    """Return the request that reads a payload."""
    return {"op": "payload", "payload": payload.hex(), "wire": wire or model.wire, "model": model.name} | more


def read_packet(model: VectorModel, packet: bytes, wire: str | None = None) -> dict[str, Any]:
    """Return the request that reads the payload in a packet."""
    return {"op": "payload", "packet": packet.hex(), "wire": wire or model.wire, "model": model.name}


def foreign(model: VectorModel) -> bytes:
    """Return a payload of another version, which a decoder of this model must refuse."""
    return (PREFIXES[EXPERIMENTAL] if model.is_bundled else OLDER) + b"UU"


def qualified(group: str, model: VectorModel) -> str:
    """Return the name of a group for one model."""
    return f"{group}-{model.slug}"


def marks(model: VectorModel, *flags: str) -> list[str]:
    """Return the flags of a case made with a model."""
    return [*flags, "official-model"] if model.is_official else list(flags)
