"""The whole fixed-point network once more, in plain Python integers, straight from spec-notes/fixed-point.md.

It reads the arrays of the model itself, adds up one product after the other, and shares nothing with
dred_reference but the published table.
"""

from fractions import Fraction
from math import floor
from typing import Any

import numpy as np
import pytest

from dred_conformance.data import data_folder
from dred_model import ModelBundle, named_synthetic_model
from dred_reference.feature import FeatureDecoder, decode_features

TABLE = [
    int(word)
    for word in (data_folder("spec-notes") / "fixed-point" / "tanh-q18.txt")
    .read_text(encoding="utf-8")
    .split()
]


def near(number: Fraction) -> int:
    return floor(number + Fraction(1, 2))


def shift(value: int, bits: int) -> int:
    return near(Fraction(value, 1 << bits))


def limited(value: int, largest: int) -> int:
    return max(-largest, min(largest, value))


def real(value: Any) -> Fraction:
    return Fraction(float(value))


def tanh(p: int) -> int:
    m = min(abs(p), 2**19 - 1)
    k, f = divmod(m, 512)
    y = min(shift(512 * TABLE[k] + f * (TABLE[k + 1] - TABLE[k]), 12), 32767)
    return y if p >= 0 else -y


def sigmoid(p: int) -> int:
    m = min(abs(p), 2**20 - 1)
    k, f = divmod(m, 1024)
    v = 1024 * TABLE[k] + f * (TABLE[k + 1] - TABLE[k])
    return shift(2**28 + (v if p >= 0 else -v), 14)


def product(g: int, n: int) -> int:
    return shift(g * n, 15)


class Oracle:
    def __init__(self, bundle: ModelBundle, state: list[float]) -> None:
        self.arrays = bundle.networks["rdovaedec"].arrays
        h = self.activation("dec_hidden_init", self.inputs(state))
        g = self.activation("dec_gru_init", h)
        size = len(g) // 5
        self.h = [g[k * size : (k + 1) * size] for k in range(5)]
        self.memory: list[list[int]] = [
            [0] * len(self.arrays[f"dec_conv_dense{k}_scale"]) for k in range(1, 6)
        ]

    @staticmethod
    def inputs(values: list[float]) -> list[int]:
        return [limited(near(real(x) * 2**16), 2**31 - 1) for x in values]

    def float_layer(self, name: str, x: list[int]) -> list[int]:
        weights, bias = self.arrays[f"{name}_weights_float"], self.arrays[f"{name}_bias"]
        out = []
        for i in range(len(bias)):
            total = sum(near(real(weights[j * len(bias) + i]) * 2**24) * x[j] for j in range(len(x)))
            out.append(limited(shift(total, 24) + near(real(bias[i]) * 2**16), 2**24))
        return out

    def int8_layer(self, name: str, x: list[int]) -> list[int]:
        weights, scale = self.arrays[f"{name}_weights_int8"].tolist(), self.arrays[f"{name}_scale"]
        bias, index = self.arrays[f"{name}_bias"], self.arrays.get(f"{name}_weights_idx")
        totals = [0] * len(scale)
        block = at = 0
        for group in range(len(scale) // 8):
            columns = list(range(0, len(x), 4))
            if index is not None:
                columns = index[at + 1 : at + 1 + index[at]].tolist()
                at += 1 + len(columns)
            for p in columns:
                for r in range(8):
                    for c in range(4):
                        totals[8 * group + r] += weights[32 * block + 4 * r + c] * x[p + c]
                block += 1
        multipliers = [near(127 * real(s) * 2**31) for s in scale]
        return [
            shift(total * m, 30) + near(real(b) * 2**16)
            for total, m, b in zip(totals, multipliers, bias, strict=True)
        ]

    def activation(self, name: str, x: list[int]) -> list[int]:
        layer = self.float_layer if name in ("dec_dense1", "dec_hidden_init") else self.int8_layer
        return [tanh(p) for p in layer(name, x)]

    def step(self, latent: list[float]) -> list[int]:
        b = self.activation("dec_dense1", self.inputs(latent))
        for k in range(1, 6):
            h = self.h[k - 1]
            n = len(h)
            p, r = self.int8_layer(f"dec_gru{k}_input", b), self.int8_layer(f"dec_gru{k}_recurrent", h)
            new = []
            for i in range(n):
                update, reset = sigmoid(p[i] + r[i]), sigmoid(p[n + i] + r[n + i])
                c = tanh(p[2 * n + i] + product(reset, r[2 * n + i]))
                new.append(c + product(update, h[i] - c))
            self.h[k - 1] = new
            b = b + [
                product(sigmoid(g), x) for g, x in zip(self.int8_layer(f"dec_glu{k}", new), new, strict=True)
            ]
            current = self.activation(f"dec_conv_dense{k}", b)
            b = b + self.activation(f"dec_conv{k}", self.memory[k - 1] + current)
            self.memory[k - 1] = current
        return self.int8_layer("dec_output", b)


def values(seed: int, count: int, spread: float) -> list[list[float]]:
    generator = np.random.default_rng(seed)
    drawn = (generator.standard_normal((count, 5)) * spread).astype(np.float32)
    drawn[:, -1] = generator.integers(0, 16, count) * 0.125 - 1
    return [[float(x) for x in row] for row in drawn]


@pytest.mark.clause(
    "FIX-start",
    "FIX-step",
    "FIX-gru",
    "FIX-glu",
    "FIX-conv",
    "FIX-output",
    "FIX-float-layer",
    "FIX-int8-layer",
    "FIX-input",
    "FIX-activation",
)
@pytest.mark.parametrize("shape", ["8x8x8x8", "8x16x16x8", "16x8x8x24"])
@pytest.mark.parametrize("spread", [0.5, 20.0, 1e30])
def test_every_bit_is_that_of_the_note(shape: str, spread: float) -> None:
    bundle = named_synthetic_model(f"synthetic-31-4x3-net{shape}")
    state, latents = values(1, 1, spread)[0][:3], values(2, 3, spread)
    oracle = Oracle(bundle, state)
    wanted = [oracle.step(latent) for latent in latents]
    found = decode_features(state, latents, bundle.to_reference_network(), "fixed")
    assert (found.dtype, found.shape) == (np.int32, (12, 20))
    assert found.reshape(3, 80).tolist() == wanted


@pytest.mark.clause("FIX-activation", "FIX-gru")
def test_activations_stay_within_their_range() -> None:
    """Also where every weight is at its largest and the inputs leave all ranges."""
    network = named_synthetic_model("synthetic-8-4x3-net8x8x8x8").to_reference_network()
    seen: dict[str, int] = {}

    def record(name: str, vector: Any) -> None:
        if name[:4] != "dec_" and name not in ("state", "latent"):
            low = 0 if name[-2:] in (".z", ".r") else -32767
            assert low <= vector.min() <= vector.max() <= 32767 + (low == 0)
            seen[name] = max(seen.get(name, 0), int(np.abs(vector).max()))

    decoder = FeatureDecoder(network, "fixed", record)
    for seed in range(20):
        decoder.start(values(seed, 1, 1e30)[0][:3])
        for latent in values(seed + 100, 4, 1e6):
            decoder.step(latent)
    assert seen["hidden_init"] == seen["dense1"] == 32767
    assert len(seen) == 3 + 5 * 7
