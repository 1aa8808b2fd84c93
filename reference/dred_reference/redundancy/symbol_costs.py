"""What symbols cost in bits, known before anything is written.

The coder spends the logarithm of a symbol's probability, so the cost of a state or latent at each of the
levels is a sum over its dimensions: no trial encoding is needed to choose a schedule.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dred_reference.clauses import clause
from dred_reference.laplace import ESCAPE, TOTAL_BITS, magnitude_table, sign_table
from dred_reference.latent import quantised
from dred_reference.tables import CodedSymbol, QuantiserTables

__all__ = ["SymbolCosts"]

Bits = NDArray[np.float64]


def _bits(cumulative: tuple[int, ...]) -> list[float]:
    """Return the bits of each symbol of an inverse cumulative table; infinite for one without a share."""
    bounds = np.array([1 << TOTAL_BITS, *cumulative], dtype=np.float64)
    with np.errstate(divide="ignore"):
        bits: list[float] = (TOTAL_BITS - np.log2(bounds[:-1] - bounds[1:])).tolist()
    return bits


class _KindCosts:
    """Costs of states, or of latents: the tables of one kind, each of shape (levels, dim, ...)."""

    def __init__(
        self,
        scales: NDArray[np.uint8],
        dead_zones: NDArray[np.uint8],
        decays: NDArray[np.uint8],
        zeros: NDArray[np.uint8],
        coding: tuple[tuple[CodedSymbol, ...], ...],
    ) -> None:
        self._tables = scales, dead_zones, decays, zeros
        shape = scales.shape
        self._sign = np.zeros((*shape, 3))  # zero, positive, negative
        self._magnitude = np.zeros((*shape, ESCAPE + 1))
        for level, row in enumerate(coding):
            for dimension, coded in enumerate(row):
                if coded is not None:
                    p0, decay = coded
                    self._sign[level, dimension] = _bits(sign_table(p0))
                    self._magnitude[level, dimension] = _bits(magnitude_table(decay))

    @clause("ENC-symbol-cost")
    def __call__(self, values: ArrayLike) -> Bits:
        rows = np.asarray(values, dtype=np.float32)[:, np.newaxis, :]
        symbols = quantised(rows, *self._tables)  # (count, levels, dim)
        signs = np.where(symbols == 0, 0, np.where(symbols > 0, 1, 2))
        rest = np.maximum(np.abs(symbols) - 1, 0)
        level, dimension = np.indices(self._sign.shape[:2])
        magnitude = self._magnitude[level, dimension, rest % ESCAPE]
        magnitude = magnitude + rest // ESCAPE * self._magnitude[..., ESCAPE]
        bits: Bits = (self._sign[level, dimension, signs] + np.where(symbols == 0, 0.0, magnitude)).sum(-1)
        return bits


class SymbolCosts:
    """The costs of states and latents under the tables of a model.

    Parameters
    ----------
    tables : QuantiserTables
    """

    def __init__(self, tables: QuantiserTables) -> None:
        self._latents = _KindCosts(
            tables.latent_quant_scales_q8,
            tables.latent_dead_zone_q8,
            tables.latent_r_q8,
            tables.latent_p0_q8,
            tables.latent_symbols,
        )
        self._states = _KindCosts(
            tables.state_quant_scales_q8,
            tables.state_dead_zone_q8,
            tables.state_r_q8,
            tables.state_p0_q8,
            tables.state_symbols,
        )

    def latents(self, values: ArrayLike) -> Bits:
        """Return the bits of latents at every level.

        Parameters
        ----------
        values : array_like of float32, shape (count, latent_dim)
            Latents before quantisation, up to 2**20 in magnitude.

        Returns
        -------
        array of float64, shape (count, levels)
            Infinite where a symbol has no code.
        """
        return self._latents(values)

    def states(self, values: ArrayLike) -> Bits:
        """Return the bits of states at every level; shapes as for `latents`, with state_dim values."""
        return self._states(values)
