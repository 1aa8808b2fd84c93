"""What the payload and latent stages need of a model: the quantiser and entropy tables."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dred_reference.clauses import clause

__all__ = ["LEVELS", "MOST_DIMENSIONS", "CodedSymbol", "QuantiserTables"]

LEVELS = 16
MOST_DIMENSIONS = 256
NEVER_CODED = 255  # a probability of zero of 255 stands for certainty

CodedSymbol = tuple[int, int] | None
"""Probability of zero and decay of a symbol in Q15, or ``None`` for one that is always zero and not coded."""


@dataclass(frozen=True, eq=False)
class QuantiserTables:
    """Eight tables of a byte per quantiser level and dimension.

    Attributes
    ----------
    levels : int
        Number of quantiser levels: 16. Level 0 is the finest.
    latent_dim, state_dim : int
        Values per latent, and of the initial state; 1 to 256.
    latent_quant_scales_q8, state_quant_scales_q8 : array of uint8, shape (levels, dim)
        Quantiser scale in 1/256: a symbol is the value times the scale  # Q8
    latent_dead_zone_q8, state_dead_zone_q8 : array of uint8, shape (levels, dim)
        Width of the encoder's dead zone in 1/256.
    latent_r_q8, state_r_q8 : array of uint8, shape (levels, dim)
        Decay of the Laplace distribution in 1/256.
    latent_p0_q8, state_p0_q8 : array of uint8, shape (levels, dim)
        Probability of zero in 1/256.

    Raises
    ------
    ValueError
        A table has another shape or type.
    """

    levels: int
    latent_dim: int
    state_dim: int
    latent_quant_scales_q8: NDArray[np.uint8]
    latent_dead_zone_q8: NDArray[np.uint8]
    latent_r_q8: NDArray[np.uint8]
    latent_p0_q8: NDArray[np.uint8]
    state_quant_scales_q8: NDArray[np.uint8]
    state_dead_zone_q8: NDArray[np.uint8]
    state_r_q8: NDArray[np.uint8]
    state_p0_q8: NDArray[np.uint8]

    def __post_init__(self) -> None:
        if self.levels != LEVELS:
            raise ValueError(f"{self.levels} quantiser levels, not {LEVELS}")
        for kind, dim in (("latent", self.latent_dim), ("state", self.state_dim)):
            if not 1 <= dim <= MOST_DIMENSIONS:
                raise ValueError(f"{kind}_dim is {dim}, not 1 to {MOST_DIMENSIONS}")
            for part in ("quant_scales", "dead_zone", "r", "p0"):
                table = getattr(self, f"{kind}_{part}_q8")
                if table.shape != (self.levels, dim) or table.dtype != np.uint8:
                    raise ValueError(f"{kind}_{part}_q8 is {table.dtype} {table.shape}")

    @cached_property
    def latent_symbols(self) -> tuple[tuple[CodedSymbol, ...], ...]:
        """For each level, how each symbol of a latent is coded."""
        return _coded_symbols(self.latent_p0_q8, self.latent_r_q8)

    @cached_property
    def state_symbols(self) -> tuple[tuple[CodedSymbol, ...], ...]:
        """For each level, how each symbol of the initial state is coded."""
        return _coded_symbols(self.state_p0_q8, self.state_r_q8)


@clause("DRED-symbol-skip")
def _coded_symbols(p0_q8: NDArray[np.uint8], r_q8: NDArray[np.uint8]) -> tuple[tuple[CodedSymbol, ...], ...]:
    """Turn the tables from Q8 to Q15 and mark the symbols that are not coded."""
    rows = zip(p0_q8.tolist(), r_q8.tolist(), strict=True)
    return tuple(
        tuple(
            None if r == 0 or p0 == NEVER_CODED else (p0 << 7, r << 7)
            for p0, r in zip(p0_row, r_row, strict=True)
        )
        for p0_row, r_row in rows
    )
