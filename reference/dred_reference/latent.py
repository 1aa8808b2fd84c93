"""Stage ``latent``: from symbols to float32 values and back.

Every operation is rounded to float32, one after the other, in the order in which it is written here; nothing
is fused or reordered. That makes the values exact: all implementations must agree in every bit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dred_reference.clauses import clause
from dred_reference.errors import WriteError
from dred_reference.payload import MOST_LATENTS, Payload, check_levels
from dred_reference.schedule import quantiser_level
from dred_reference.tables import QuantiserTables

__all__ = [
    "LARGEST_VALUE",
    "Latents",
    "Symbols",
    "dequantise",
    "quantise",
    "quantised",
    "tanh_approximation",
]

Float32Array = NDArray[np.float32]

LARGEST_VALUE = (
    2.0**20
)  # a limit of this package: beyond it the polynomials of `tanh_approximation` could overflow


@dataclass(frozen=True, eq=False)
class Latents:
    """What the decoder network starts from.

    Attributes
    ----------
    state : array of float32, shape (state_dim,)
        The initial state.
    latents : array of float32, shape (count, latent_dim + 1)
        The latents, newest first; the last column is the quantiser level as the network sees it, -1 to 0.875.
    """

    state: Float32Array
    latents: Float32Array


@dataclass(frozen=True)
class Symbols:
    """What the payload encoder codes: `state` as a tuple of int, `latents` as a tuple of such tuples."""

    state: tuple[int, ...]
    latents: tuple[tuple[int, ...], ...]


@clause("DRED-dequantise", "DRED-scale-zero")
def _values(symbols: tuple[int, ...], scales: NDArray[np.uint8]) -> Float32Array:
    """Return x = (v * 256) / scale; a scale of 0 counts as 1."""
    divisor = np.where(scales == 0, 1, scales).astype(np.float32)
    return np.array(symbols, dtype=np.float32) * np.float32(256) / divisor


@clause("DRED-dequantise", "DRED-level-input")
def dequantise(payload: Payload, tables: QuantiserTables) -> Latents:
    """Turn the symbols of a payload into values.

    Parameters
    ----------
    payload : Payload
    tables : QuantiserTables
        The tables it was decoded with.

    Returns
    -------
    Latents
    """
    latents = np.empty((len(payload.latents), tables.latent_dim + 1), dtype=np.float32)
    for row, symbols, level in zip(latents, payload.latents, payload.levels, strict=True):
        row[:-1] = _values(symbols, tables.latent_quant_scales_q8[level])
        row[-1] = level * 0.125 - 1  # exact
    return Latents(_values(payload.state, tables.state_quant_scales_q8[payload.q0]), latents)


def tanh_approximation(x: Float32Array) -> Float32Array:
    """Return the quantiser's rational approximation of tanh, in float32; for ``|x|`` up to 1e7."""
    square = x * x  # X2
    numerator = (np.float32(0.60863042) * square + np.float32(96.39235687)) * square + np.float32(
        952.52801514
    )
    denominator = (np.float32(11.88600922) * square + np.float32(413.36801147)) * square
    denominator = denominator + np.float32(952.72399902)
    ratio = numerator * x / denominator
    clamped: Float32Array = np.clip(ratio, np.float32(-1), np.float32(1))
    return clamped


@clause("DRED-quantise", "DRED-symbol-skip")
def quantised(
    values: Float32Array,
    scales: NDArray[np.uint8],
    dead_zones: NDArray[np.uint8],
    decays: NDArray[np.uint8],
    zeros: NDArray[np.uint8],
) -> NDArray[np.int64]:
    """Scale, pull towards zero by up to the width of the dead zone, and round; 0 where nothing is coded.

    Parameters
    ----------
    values : array of float32
        Up to 2**20 in magnitude.
    scales, dead_zones, decays, zeros : array of uint8
        Rows of the tables in 1/256; shapes that broadcast with that of the values.

    Returns
    -------
    array of int64
        The symbols, in the common shape.
    """
    delta = dead_zones.astype(np.float32) / np.float32(256)
    scaled = values * scales.astype(np.float32) / np.float32(256)  # xq
    pull = delta * tanh_approximation(scaled / (delta + np.float32(0.1)))
    rounded = np.floor(np.float32(0.5) + (scaled - pull))
    is_coded = (decays != 0) & (zeros != 255)
    return np.where(is_coded, rounded, np.float32(0)).astype(np.int64)


def _symbols(values: Float32Array, *rows: NDArray[np.uint8]) -> tuple[int, ...]:
    """Return the symbols of one state or latent."""
    return tuple(quantised(values, *rows).tolist())


@clause("DRED-quantise")
def quantise(
    state: ArrayLike, latents: ArrayLike, q0: int, dq: int, qmax: int, tables: QuantiserTables
) -> Symbols:
    """Turn values into symbols, as an encoder does.

    Parameters
    ----------
    state : array_like of float32, shape (state_dim,)
        The initial state.
    latents : array_like of float32, shape (count, latent_dim)
        The latents, newest first, without the level.
    q0, dq, qmax : int
        The quantiser levels, as in `dred_reference.payload.Header`.
    tables : QuantiserTables

    Returns
    -------
    Symbols

    Raises
    ------
    WriteError
        W1: another shape, a level out of its range, or a value that is no number or beyond 2**20.
    """
    state = np.asarray(state, dtype=np.float32)
    latents = np.asarray(latents, dtype=np.float32)
    if state.shape != (tables.state_dim,):
        raise WriteError("W1", "latent", f"a state of shape {state.shape}, not ({tables.state_dim},)")
    if latents.ndim != 2 or latents.shape[1] != tables.latent_dim or len(latents) > MOST_LATENTS:
        raise WriteError(
            "W1", "latent", f"latents of shape {latents.shape}, not (count, {tables.latent_dim})"
        )
    check_levels(q0, dq, qmax, "latent")
    for values in (state, latents):
        if not np.all(np.abs(values) <= LARGEST_VALUE):
            raise WriteError("W1", "latent", "a value is no number, or beyond 2**20")

    def latent_symbols(values: Float32Array, level: int) -> tuple[int, ...]:
        return _symbols(
            values,
            tables.latent_quant_scales_q8[level],
            tables.latent_dead_zone_q8[level],
            tables.latent_r_q8[level],
            tables.latent_p0_q8[level],
        )

    return Symbols(
        _symbols(
            state,
            tables.state_quant_scales_q8[q0],
            tables.state_dead_zone_q8[q0],
            tables.state_r_q8[q0],
            tables.state_p0_q8[q0],
        ),
        tuple(latent_symbols(row, quantiser_level(q0, dq, qmax, index)) for index, row in enumerate(latents)),
    )
