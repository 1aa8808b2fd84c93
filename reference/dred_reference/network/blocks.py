"""Int8 weights come in blocks of 8 outputs by 4 inputs; here they become a matrix."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_reference.clauses import clause
from dred_reference.errors import FeatureError

__all__ = ["BLOCK_BYTES", "dense_matrix", "sparse_matrix"]

BLOCK_OUTPUTS = 8
BLOCK_INPUTS = 4
BLOCK_BYTES = BLOCK_OUTPUTS * BLOCK_INPUTS

Places = list[list[int]]
"""For each group of eight outputs, the first input of each of its blocks."""


def _check_grid(name: str, inputs: int, outputs: int) -> None:
    if inputs % BLOCK_INPUTS or outputs % BLOCK_OUTPUTS:
        raise FeatureError("N1", f"{name}: {outputs} outputs of {inputs} inputs cannot be cut into blocks")


@clause("DRED-net-weights", "FIX-int8-layer")
def _matrix(name: str, weights: NDArray[np.int8], places: Places, inputs: int) -> NDArray[np.int32]:
    """Put blocks into their places: byte 4r + c of a block is row 8g + r, column p + c."""
    count = sum(len(group) for group in places)
    if weights.dtype != np.int8 or weights.size != count * BLOCK_BYTES:
        raise FeatureError(
            "N1",
            f"{name}: {weights.size} weights of {weights.dtype}, not {count} blocks of {BLOCK_BYTES} int8",
        )
    blocks = iter(weights.reshape(-1, BLOCK_OUTPUTS, BLOCK_INPUTS))
    matrix = np.zeros((len(places) * BLOCK_OUTPUTS, inputs), dtype=np.int32)
    for group, columns in enumerate(places):
        rows = slice(group * BLOCK_OUTPUTS, (group + 1) * BLOCK_OUTPUTS)
        for column in columns:
            matrix[rows, column : column + BLOCK_INPUTS] += next(blocks)
    return matrix


@clause("DRED-net-weights", "FIX-int8-layer")
def dense_matrix(name: str, weights: NDArray[np.int8], inputs: int, outputs: int) -> NDArray[np.int32]:
    """Return the matrix of a dense layer: all the blocks of the first eight outputs, and so on.

    Parameters
    ----------
    name : str
        Name of the layer, for errors.
    weights : array of int8, one-dimensional
        The blocks.
    inputs, outputs : int
        Sizes of the layer.

    Returns
    -------
    array of int32, shape (outputs, inputs)

    Raises
    ------
    FeatureError
        N1: the sizes cannot be cut into blocks, or there are not as many weights.
    """
    _check_grid(name, inputs, outputs)
    groups = outputs // BLOCK_OUTPUTS
    return _matrix(name, weights, [list(range(0, inputs, BLOCK_INPUTS))] * groups, inputs)


@clause("DRED-net-weights", "FIX-int8-layer")
def sparse_matrix(
    name: str, weights: NDArray[np.int8], index: NDArray[Any], inputs: int, outputs: int
) -> NDArray[np.int32]:
    """Return the matrix of a sparse layer; parameters, result and errors as for `dense_matrix`.

    Parameters
    ----------
    index : array of int32, one-dimensional
        Per group of eight outputs the number of its blocks, then the first input of each.
    """
    _check_grid(name, inputs, outputs)
    if index.dtype != np.int32:
        raise FeatureError("N1", f"{name}: an index of {index.dtype}, not int32")
    entries = index.tolist()
    places: Places = []
    first = 0
    for group in range(outputs // BLOCK_OUTPUTS):
        count = entries[first] if first < len(entries) else -1
        if not 0 <= count < len(entries) - first:
            raise FeatureError("N1", f"{name}: the index ends in group {group}")
        columns = entries[first + 1 : first + 1 + count]
        for column in columns:
            if column % BLOCK_INPUTS or not 0 <= column <= inputs - BLOCK_INPUTS:
                raise FeatureError("N1", f"{name}: group {group} has a block at input {column}")
        places.append(columns)
        first += 1 + count
    if first < len(entries):
        raise FeatureError("N1", f"{name}: {len(entries) - first} index entries after the last group")
    return _matrix(name, weights, places, inputs)
