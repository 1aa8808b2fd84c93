"""The models that vectors are made with, and symbols that fit their tables."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from dred_conformance.vectors.generate.random_source import RandomSource
from dred_conformance.vectors.generate.wires import PREFIXES, wire_of_model

__all__ = ["BUNDLED_MODEL", "OFFICIAL_MODEL", "VectorModel"]

OFFICIAL_MODEL = "libopus-1.6"
BUNDLED_MODEL = "bundled-1"
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class VectorModel:
    """A model as its ``model.json`` gives it.

    Attributes
    ----------
    data
        The parsed ``model.json``.
    """

    data: dict[str, Any]

    @property
    def name(self) -> str:
        """The model's name."""
        return str(self.data["name"])

    @property
    def is_official(self) -> bool:
        """Whether its tables must not be published."""
        return self.name == OFFICIAL_MODEL

    @property
    def is_bundled(self) -> bool:
        """Whether it comes with the package and is replaced by every better one."""
        return self.name == BUNDLED_MODEL

    @property
    def is_trained(self) -> bool:
        """Whether its values come from speech, not from a seed."""
        return self.is_official or self.is_bundled

    @property
    def wire(self) -> str:
        """Name of the wire profile that marks payloads made with it."""
        return wire_of_model(self.name)

    @property
    def prefix(self) -> bytes:
        """What stands before the data of its payloads."""
        return PREFIXES[self.wire]

    @property
    def slug(self) -> str:
        """The name as part of a group's name."""
        return "official" if self.is_official else self.name

    def some(self, items: Sequence[_Item], every: int = 3) -> Sequence[_Item]:
        """Return the items, or one of so many where the model is the bundled one.

        What depends on no model is asked with models that stay as they are.
        """
        return items[::every] if self.is_bundled else items

    def is_coded(self, kind: str, level: int) -> list[bool]:
        """Return for each dimension of ``kind`` (``state`` or ``latent``) whether the level codes it."""
        decays = self.data["tables"][f"{kind}_r_q8"][level]
        zeros = self.data["tables"][f"{kind}_p0_q8"][level]
        return [decay != 0 and zero != 255 for decay, zero in zip(decays, zeros, strict=True)]

    def random_symbols(self, source: RandomSource, kind: str, level: int, spread: int) -> list[int]:
        """Return random symbols with magnitudes up to ``spread``; small ones are more frequent."""
        drawn = [
            source.between(-spread, spread) if source.below(3) else 0 for _ in self.is_coded(kind, level)
        ]
        return self._masked(kind, level, drawn)

    def constant_symbols(self, kind: str, level: int, value: int) -> list[int]:
        """Return the same symbol for every coded dimension."""
        return self._masked(kind, level, [value] * len(self.is_coded(kind, level)))

    def one_symbol(self, kind: str, level: int, value: int) -> list[int]:
        """Return one symbol for the first coded dimension, zeros for the others."""
        coded = self.is_coded(kind, level)
        first = coded.index(True) if True in coded else 0
        return self._masked(kind, level, [value if index == first else 0 for index in range(len(coded))])

    def _masked(self, kind: str, level: int, values: list[int]) -> list[int]:
        """Return what a writer takes: 0 where nothing is coded, 1 for a 0 that p0 leaves no room for."""
        coded = self.is_coded(kind, level)
        zeros = self.data["tables"][f"{kind}_p0_q8"][level]
        return [
            (value or int(zero == 0)) if is_coded else 0
            for value, is_coded, zero in zip(values, coded, zeros, strict=True)
        ]

    def cheapest_level(self) -> int:
        """Return the level at which an all-zero latent costs the least, but not nothing."""
        costs = {level: self._zero_cost(level) for level in range(16)}
        return min((level for level, cost in costs.items() if cost > 0), key=lambda level: costs[level])

    def dead_dimension(self) -> tuple[int, int] | None:
        """Return a level and a latent dimension that it does not code, if there is one."""
        for level in range(16):
            coded = self.is_coded("latent", level)
            if False in coded and True in coded:
                return level, coded.index(False)
        return None

    def dead_level(self) -> int | None:
        """Return a level at which no latent dimension is coded, if there is one."""
        return next((level for level in range(16) if True not in self.is_coded("latent", level)), None)

    def _zero_cost(self, level: int) -> float:
        zeros = self.data["tables"]["latent_p0_q8"][level]
        coded = self.is_coded("latent", level)
        return sum(
            16.0 if zero == 0 else -math.log2(zero / 256)
            for zero, is_coded in zip(zeros, coded, strict=True)
            if is_coded
        )
