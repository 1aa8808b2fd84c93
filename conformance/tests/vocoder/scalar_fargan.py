"""FARGAN by loops over scalars, in the order of spec-notes/vocoder.md, with the arrays of the blob."""

import math
from typing import Any

from numpy.typing import NDArray

from .vocoder_networks import CONDITION, FLOAT_SIZES, INT8_SIZES, STATES

Numbers = list[float]


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


class ScalarFargan:
    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        self.arrays = {name: array.tolist() for name, array in arrays.items()}
        self.before: list[Numbers] = [[0.0] * 12, [0.0] * 12]
        self.x = [0.0] * (CONDITION + 84)
        self.states = {k: [0.0] * size for k, size in STATES.items()}
        self.history = [0.0] * 256
        self.memory = 0.0
        self.period = 0

    def layer(self, name: str, vector: Numbers) -> Numbers:
        is_float = name in FLOAT_SIZES
        inputs, outputs = FLOAT_SIZES[name] if is_float else INT8_SIZES[name]
        assert len(vector) == inputs
        bias = self.arrays.get(f"{name}_bias", [0.0] * outputs)
        result = []
        for row in range(outputs):
            total = 0.0
            for column, value in enumerate(vector):
                if is_float:
                    total += self.arrays[f"{name}_weights_float"][column * outputs + row] * value
                else:
                    block = row // 8 * (inputs // 4) + column // 4
                    place = 32 * block + row % 8 * 4 + column % 4
                    total += self.arrays[f"{name}_weights_int8"][place] * value
            scale = 1.0 if is_float else 127 * self.arrays[f"{name}_scale"][row]
            result.append(total * scale + bias[row])
        return result

    def tanh(self, name: str, vector: Numbers) -> Numbers:
        return [math.tanh(x) for x in self.layer(name, vector)]

    def gate(self, name: str, vector: Numbers) -> Numbers:
        return [x * sigmoid(p) for x, p in zip(vector, self.layer(name, vector), strict=True)]

    def condition(self, features: Numbers, period: int) -> list[Numbers]:
        column = min(max(period - 32, 0), 223)
        _, width = FLOAT_SIZES["cond_net_pembed"]
        embedding = self.arrays["cond_net_pembed_weights_float"][width * column : width * (column + 1)]
        u = self.tanh("cond_net_fdense1", features + embedding)
        v = self.tanh("cond_net_fconv1", self.before[0] + self.before[1] + u)
        self.before = [self.before[1], u]
        every = self.tanh("cond_net_fdense2", v)
        return [every[CONDITION * i : CONDITION * (i + 1)] for i in range(4)]

    def subframe(self, condition: Numbers) -> Numbers:
        gain = math.exp(self.layer("sig_net_cond_gain_dense", condition)[0])
        inverse = 1 / (1e-5 + gain)
        pred = []
        position = 256 - self.period - 2
        for _ in range(44):
            pred.append(self.history[max(0, position)])
            position += 1
            if position == 256:
                position -= self.period
        pred = [min(max(inverse * x, -1.0), 1.0) for x in pred]
        prev = [min(max(inverse * x, -1.0), 1.0) for x in self.history[216:]]
        x = condition + pred + prev
        h = self.gate("sig_net_fwc0_glu_gate", self.tanh("sig_net_fwc0_conv", self.x + x))
        self.x = x
        shares = [sigmoid(p) for p in self.layer("sig_net_gain_dense_out", h)]
        middle = pred[2:42]
        output, outputs = h, []
        for k in (1, 2, 3):
            output = self.gru(k, output + [shares[k - 1] * p for p in middle] + prev)
            outputs.append(output)
        joined = outputs[0] + outputs[1] + outputs[2] + h + [shares[3] * p for p in middle] + prev
        skip = self.gate("sig_net_skip_glu_gate", self.tanh("sig_net_skip_dense", joined))
        samples = [gain * y for y in self.tanh("sig_net_sig_dense_out", skip)]
        self.history = self.history[40:] + samples
        return samples

    def gru(self, k: int, vector: Numbers) -> Numbers:
        state = self.states[k]
        size = len(state)
        given, back = (
            self.layer(f"sig_net_gru{k}_input", vector),
            self.layer(f"sig_net_gru{k}_recurrent", state),
        )
        new = []
        for i in range(size):
            z = sigmoid(given[i] + back[i])
            r = sigmoid(given[size + i] + back[size + i])
            candidate = math.tanh(given[2 * size + i] + r * back[2 * size + i])
            new.append(z * state[i] + (1 - z) * candidate)
        self.states[k] = new
        return self.gate(f"sig_net_gru{k}_glu_gate", new)

    def frame(self, features: Numbers) -> Numbers:
        period = period_of(features)
        heard = []
        for condition in self.condition(features, period):
            for sample in self.subframe(condition):
                self.memory = sample + 0.85 * self.memory
                heard.append(self.memory)
        self.period = period
        return heard

    def start(self, past: Numbers, vectors: list[Numbers]) -> None:
        period = self.period
        conditions: list[Numbers] = []
        for features in vectors:
            self.period = period
            period = period_of(features)
            conditions = self.condition(features, period)
        emphasised = [0.0] + [past[n] - 0.85 * past[n - 1] for n in range(1, 320)]
        self.history[96:] = emphasised[:160]
        for i, condition in enumerate(conditions):
            self.subframe(condition)
            self.history[216:] = emphasised[160 + 40 * i : 200 + 40 * i]
        self.memory = past[319]


def period_of(features: Numbers) -> int:
    return math.floor(0.5 + 256 / 2 ** (features[18] + 1.5))
