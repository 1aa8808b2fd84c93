"""The conditions under which no number of the fixed-point profile leaves its width."""

from dataclasses import dataclass

import numpy as np

from dred_reference.clauses import clause
from dred_reference.errors import FeatureError
from dred_reference.feature.fixed.layers import (
    FLOAT_LAYER_LIMIT,
    FLOAT_LAYER_SHIFT,
    INT8_LAYER_SHIFT,
    FixedFloatLayer,
    FixedInt8Layer,
    FixedLayer,
    fixed_layer,
)
from dred_reference.feature.fixed.numbers import LARGEST_ACTIVATION, round_shift
from dred_reference.network import LAYER_NAMES, DecoderNetwork

__all__ = ["LARGEST_INPUT", "LayerBounds", "check_bounds", "layer_bounds"]

LARGEST_INPUT = (1 << 31) - 1
LARGEST_LAYER_SUM = (1 << 31) - 1
LARGEST_PREACTIVATION = (1 << 30) - 1


@dataclass(frozen=True)
class RowBounds:
    """What inputs can make of a row at worst, all as magnitudes in Python integers.

    Attributes
    ----------
    limited_sum : int
        Limited to 2**31 - 1: the added-up weights of a float row, or the accumulator of an int8 row.
    accumulator : int
        The accumulator  # A
    multiplier : int
        0 for a float layer  # M
    preactivation : int
        The sum before a clamp  # p
    bias : int
    """

    limited_sum: int
    accumulator: int
    multiplier: int
    preactivation: int
    bias: int


def _float_rows(layer: FixedFloatLayer) -> list[RowBounds]:
    rows = []
    for weights, bias in zip(layer.weights.tolist(), layer.bias.tolist(), strict=True):
        total = sum(map(abs, weights))
        accumulator = total * LARGEST_INPUT
        preactivation = round_shift(accumulator, FLOAT_LAYER_SHIFT) + abs(bias)
        rows.append(RowBounds(total, accumulator, 0, preactivation, abs(bias)))
    return rows


def _int8_rows(layer: FixedInt8Layer) -> list[RowBounds]:
    totals = np.abs(layer.weights).sum(axis=1).tolist()
    rows = []
    for total, multiplier, bias in zip(totals, layer.multipliers, layer.bias, strict=True):
        accumulator = LARGEST_ACTIVATION * total
        preactivation = round_shift(accumulator * abs(multiplier), INT8_LAYER_SHIFT) + abs(bias)
        rows.append(RowBounds(accumulator, accumulator, abs(multiplier), preactivation, abs(bias)))
    return rows


def _rows(layer: FixedLayer) -> list[RowBounds]:
    return _float_rows(layer) if isinstance(layer, FixedFloatLayer) else _int8_rows(layer)


@clause("FIX-bounds")
def check_bounds(layer: FixedLayer) -> None:
    """Check a layer, row after row.

    Parameters
    ----------
    layer : FixedFloatLayer or FixedInt8Layer
        In Python integers of any width.

    Raises
    ------
    FeatureError
        N2, with layer and row.
    """
    is_float = isinstance(layer, FixedFloatLayer)
    for index, row in enumerate(_rows(layer)):
        conditions = {
            "sum of the weights": (row.limited_sum, LARGEST_LAYER_SUM),
            "bias": (row.bias, LARGEST_PREACTIVATION),
        }
        if not is_float:
            conditions = {
                "accumulator": (row.limited_sum, LARGEST_LAYER_SUM),
                "multiplier": (row.multiplier, LARGEST_LAYER_SUM),
                "preactivation": (row.preactivation, LARGEST_PREACTIVATION),
            }
        for what, (found, largest) in conditions.items():
            if found > largest:
                raise FeatureError(
                    "N2", f"{layer.name}, row {index}: its {what} may reach {found} > {largest}"
                )


@dataclass(frozen=True)
class LayerBounds:
    """The worst that can happen in a layer, whatever its inputs are.

    Attributes
    ----------
    layer : str
    kind : str
        ``"float"`` or ``"int8"``.
    inputs, outputs : int
    worst_row : int
        The row with the largest accumulator.
    worst_accumulator : int
        Largest magnitude of a sum  # A
    accumulator_fraction : float
        The same as a part of what the bounds allow; above 1 the model is refused.
    worst_preactivation : int
        Largest magnitude of a result, Q16; for a float layer after the clamp.
    preactivation_fraction : float
        As a part of 2**30 - 1; for a float layer of the clamp, 2**24.
    largest_multiplier : int
        Q31; 0 for a float layer.
    multiplier_fraction : float
        As a part of 2**31 - 1.
    largest_bias : int
        Q16.
    """

    layer: str
    kind: str
    inputs: int
    outputs: int
    worst_row: int
    worst_accumulator: int
    accumulator_fraction: float
    worst_preactivation: int
    preactivation_fraction: float
    largest_multiplier: int
    multiplier_fraction: float
    largest_bias: int


def _layer_bounds(layer: FixedLayer) -> LayerBounds:
    rows = _rows(layer)
    is_float = isinstance(layer, FixedFloatLayer)
    worst = max(range(len(rows)), key=lambda index: rows[index].accumulator)
    preactivation = max(row.preactivation for row in rows)
    multiplier = max(row.multiplier for row in rows)
    if is_float:
        preactivation = min(preactivation, FLOAT_LAYER_LIMIT)
    return LayerBounds(
        layer=layer.name,
        kind="float" if is_float else "int8",
        inputs=layer.weights.shape[1],
        outputs=len(rows),
        worst_row=worst,
        worst_accumulator=rows[worst].accumulator,
        accumulator_fraction=rows[worst].limited_sum / LARGEST_LAYER_SUM,
        worst_preactivation=preactivation,
        preactivation_fraction=preactivation / (FLOAT_LAYER_LIMIT if is_float else LARGEST_PREACTIVATION),
        largest_multiplier=multiplier,
        multiplier_fraction=multiplier / LARGEST_LAYER_SUM,
        largest_bias=max(row.bias for row in rows),
    )


@clause("FIX-bounds")
def layer_bounds(network: DecoderNetwork) -> tuple[LayerBounds, ...]:
    """Return the worst case of every layer in functional order, also of a network that is refused.

    Parameters
    ----------
    network : DecoderNetwork

    Returns
    -------
    tuple of LayerBounds
    """
    return tuple(_layer_bounds(fixed_layer(network.layers[name])) for name in LAYER_NAMES)
