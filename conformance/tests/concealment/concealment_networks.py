"""Concealment networks with random weights, the arrays that they are read from, and loops over scalars."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_reference.network import ConcealmentNetwork, concealment_network

DENSE, STATES = 16, {1: 8, 2: 24}

FLOAT_SIZES = {"plc_dense_in": (57, DENSE), "plc_dense_out": (STATES[2], 20)}
INT8_SIZES = {
    "plc_gru1_input": (DENSE, 3 * STATES[1]),
    "plc_gru1_recurrent": (STATES[1], 3 * STATES[1]),
    "plc_gru2_input": (STATES[1], 3 * STATES[2]),
    "plc_gru2_recurrent": (STATES[2], 3 * STATES[2]),
}


def random_arrays(seed: int) -> dict[str, NDArray[Any]]:
    generator = np.random.default_rng(seed)
    arrays: dict[str, NDArray[Any]] = {}
    for name, (inputs, outputs) in FLOAT_SIZES.items():
        arrays[f"{name}_weights_float"] = generator.normal(0, 0.3, inputs * outputs).astype(np.float32)
        arrays[f"{name}_bias"] = generator.normal(0, 0.3, outputs).astype(np.float32)
    for name, (inputs, outputs) in INT8_SIZES.items():
        weights = generator.integers(-60, 61, (outputs // 8, inputs // 4, 8, 4)).astype(np.int8)
        scale = generator.uniform(2e-5, 8e-5, outputs).astype(np.float32)
        bias = generator.normal(0, 0.3, outputs).astype(np.float32)
        sums = weights.astype(np.int32).sum(axis=(1, 3)).ravel()
        arrays[f"{name}_weights_int8"] = weights.ravel()
        arrays[f"{name}_scale"], arrays[f"{name}_bias"] = scale, bias
        arrays[f"{name}_subias"] = (bias - 127 * scale * sums).astype(np.float32)
    return arrays


def random_network(seed: int = 1) -> ConcealmentNetwork:
    return concealment_network(random_arrays(seed))


def random_input(generator: np.random.Generator, flag: int) -> NDArray[np.float64]:
    """Return 57 numbers with a flag, and zeros where it says so."""
    known = np.append(generator.normal(0, 1, 56), flag)
    known[: 0 if flag == 1 else 36 if flag == -1 else 56] = 0
    return known


class ScalarNetwork:
    """The network by loops, in the order of spec-notes/concealment.md, with the arrays of the blob."""

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        self.arrays = {name: array.tolist() for name, array in arrays.items()}
        self.states = {k: [0.0] * size for k, size in STATES.items()}

    def layer(self, name: str, vector: list[float]) -> list[float]:
        is_float = name in FLOAT_SIZES
        inputs, outputs = FLOAT_SIZES[name] if is_float else INT8_SIZES[name]
        result = []
        for row in range(outputs):
            total = 0.0
            for column in range(inputs):
                if is_float:
                    weight = self.arrays[f"{name}_weights_float"][column * outputs + row]
                else:
                    block = row // 8 * (inputs // 4) + column // 4
                    place = 32 * block + row % 8 * 4 + column % 4
                    scale = self.arrays[f"{name}_scale"][row]
                    weight = 127 * scale * self.arrays[f"{name}_weights_int8"][place]
                total += weight * vector[column]
            result.append(total + self.arrays[f"{name}_bias"][row])
        return result

    def step(self, vector: list[float]) -> list[float]:
        vector = [math.tanh(x) for x in self.layer("plc_dense_in", vector)]
        for k, size in STATES.items():
            before = self.states[k]
            into, back = self.layer(f"plc_gru{k}_input", vector), self.layer(f"plc_gru{k}_recurrent", before)
            vector = []
            for i in range(size):
                z = 1 / (1 + math.exp(-into[i] - back[i]))
                r = 1 / (1 + math.exp(-into[size + i] - back[size + i]))
                n = math.tanh(into[2 * size + i] + r * back[2 * size + i])
                vector.append(z * before[i] + (1 - z) * n)
            self.states[k] = vector
        return self.layer("plc_dense_out", vector)
