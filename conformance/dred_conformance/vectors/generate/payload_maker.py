"""Payloads made from chosen symbols, and the requests that read and write them."""

from dataclasses import dataclass
from typing import Any

from dred_conformance.vectors.generate.errors import GenerationError
from dred_conformance.vectors.generate.models import VectorModel
from dred_conformance.vectors.generate.random_source import RandomSource

__all__ = [
    "DRAFT",
    "EXPERIMENTAL",
    "Encoded",
    "PayloadMaker",
    "level_of",
    "marks",
    "qualified",
    "read",
    "writing",
]

EXPERIMENTAL = "experimental-12"
DRAFT = "draft-32"


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
    wire: str = EXPERIMENTAL,
) -> dict[str, Any]:
    """Return the request that writes a payload."""
    q0, dq, qmax, offset = header
    return {
        "op": "payload_write",
        "q0": q0,
        "dq": dq,
        "qmax": qmax,
        "offset": offset,
        "state": state,
        "latents": latents,
        "wire": wire,
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
        wire: str = EXPERIMENTAL,
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
        wire: str = EXPERIMENTAL,
        **more: Any,
    ) -> bytes:
        """Write a payload."""
        request = writing(self.model, header, state, latents, wire=wire) | more
        return bytes.fromhex(self._ask(request)["payload"])

    def _readable(self, payload: bytes, wire: str, latents: list[list[int]]) -> int:
        """Return how many latents the stop rule lets a decoder read: all, or all but the last.

        The symbols are ours; only the loss of a last latent of fewer than 8 bits is asked for.
        """
        request = read(self.model, payload, wire)
        found = len(self._ask(request)["latents"])
        if found not in (len(latents), len(latents) - 1):
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


def read(model: VectorModel, payload: bytes, wire: str = EXPERIMENTAL, **more: Any) -> dict[str, Any]:
    """Return the request that reads a payload."""
    return {"op": "payload", "payload": payload.hex(), "wire": wire, "model": model.name} | more


def qualified(group: str, model: VectorModel) -> str:
    """Return the name of a group for one model."""
    return f"{group}-{model.slug}"


def marks(model: VectorModel, *flags: str) -> list[str]:
    """Return the flags of a case made with a model."""
    return [*flags, "official-model"] if model.is_official else list(flags)
