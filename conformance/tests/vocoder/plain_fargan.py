"""The vocoder once more, as plain as can be, in float32 and with activations in 1/127: for one frame."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def tanh(values: Floats) -> Floats:
    square = values * values
    numerator = (np.float32(0.60863042) * square + np.float32(96.39235687)) * square + np.float32(
        952.52801514
    )
    denominator = (np.float32(11.88600922) * square + np.float32(413.36801147)) * square + np.float32(
        952.72399902
    )
    return np.clip(numerator * values / denominator, np.float32(-1), np.float32(1))


def sigmoid(values: Floats) -> Floats:
    half = np.float32(0.5)
    return half + half * tanh(half * values)


def joined(*parts: Floats) -> Floats:
    return np.concatenate(parts)


class PlainFargan:
    """Layers by name, state in attributes; `start` and `frame` as in the native core."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.arrays = arrays
        self.history = np.zeros(256, np.float32)
        self.heard = np.float32(0)
        self.period = 0
        self.taps = np.zeros(128, np.float32)
        self.before = np.zeros(164, np.float32)
        self.states = {
            1: np.zeros(160, np.float32),
            2: np.zeros(128, np.float32),
            3: np.zeros(128, np.float32),
        }

    def layer(self, name: str, vector: Floats) -> Floats:
        """Return a layer of the vector; blocks of 8 outputs hold blocks of 4 inputs."""
        scale = self.arrays.get(f"{name}_scale")
        if scale is None:
            rows = self.arrays[f"{name}_weights_float"].reshape(len(vector), -1)
            total = np.zeros(rows.shape[1], np.float32)
            for row, value in zip(rows, vector, strict=True):
                total += row * value
            return np.asarray(total + self.arrays[f"{name}_bias"])
        blocks = self.arrays[f"{name}_weights_int8"].reshape(len(scale) // 8, len(vector) // 4, 8, 4)
        rows = blocks.transpose(0, 2, 1, 3).reshape(len(scale), len(vector)).astype(np.int32)
        sums = rows @ np.rint(np.float32(127) * vector).astype(np.int32)
        return np.asarray(sums.astype(np.float32) * scale + self.arrays.get(f"{name}_bias", np.float32(0)))

    def condition(self, features: Floats) -> tuple[Floats, int]:
        period = int(np.floor(0.5 + 256 / 2 ** (float(features[18]) + 1.5)))
        embedding = self.arrays["cond_net_pembed_weights_float"].reshape(224, 12)
        row = min(max(period - 32, 0), 223)
        newest = tanh(self.layer("cond_net_fdense1", joined(features, embedding[row])))
        convolved = tanh(self.layer("cond_net_fconv1", joined(self.taps, newest)))
        self.taps = joined(self.taps[64:], newest)
        return tanh(self.layer("cond_net_fdense2", convolved)).reshape(4, 80), period

    def gru(self, number: int, vector: Floats) -> Floats:
        state = self.states[number]
        name = f"sig_net_gru{number}"
        first, second = self.layer(f"{name}_input", vector), self.layer(f"{name}_recurrent", state)
        width = len(state)
        update, reset = np.split(sigmoid((first + second)[: 2 * width]), 2)
        candidate = tanh(first[2 * width :] + reset * second[2 * width :])
        self.states[number] = update * state + (np.float32(1) - update) * candidate
        return np.asarray(self.states[number] * sigmoid(self.layer(f"{name}_glu_gate", self.states[number])))

    def subframe(self, condition: Floats) -> None:
        gain = np.exp(self.layer("sig_net_cond_gain_dense", condition)[0])
        scaled = np.clip(self.history / (np.float32(1e-5) + gain), np.float32(-1), np.float32(1))
        places, place = [], 254 - self.period
        for _ in range(44):
            places.append(max(0, place))
            place += 1
            if place == 256:
                place -= self.period
        prediction, previous = scaled[places], scaled[216:]
        vector = joined(condition, prediction, previous)
        hidden = tanh(self.layer("sig_net_fwc0_conv", joined(self.before, vector)))
        self.before = vector
        hidden = hidden * sigmoid(self.layer("sig_net_fwc0_glu_gate", hidden))
        shares = sigmoid(self.layer("sig_net_gain_dense_out", hidden))
        signals = [joined(share * prediction[2:42], previous) for share in shares]
        outputs: list[Floats] = []
        below = hidden
        for number in (1, 2, 3):
            below = self.gru(number, joined(below, signals[number - 1]))
            outputs.append(below)
        skip = tanh(self.layer("sig_net_skip_dense", joined(*outputs, hidden, signals[3])))
        skip = skip * sigmoid(self.layer("sig_net_skip_glu_gate", skip))
        made = gain * tanh(self.layer("sig_net_sig_dense_out", skip))
        self.history = joined(self.history[40:], made)

    def start(self, past: Floats, features: Floats) -> None:
        period = 0
        for row in features:
            self.period = period
            conditions, period = self.condition(row)
        emphasised = joined(np.zeros(1, np.float32), past[1:] - np.float32(0.85) * past[:-1])
        self.history[96:] = emphasised[:160]
        for number in range(4):
            self.subframe(conditions[number])
            self.history[216:] = emphasised[160 + 40 * number :][:40]
        self.heard = past[-1]

    def frame(self, features: Floats) -> Floats:
        conditions, period = self.condition(features)
        heard = []
        for condition in conditions:
            self.subframe(condition)
            for sample in self.history[216:]:
                self.heard = sample + np.float32(0.85) * self.heard
                heard.append(self.heard)
        self.period = period
        return np.array(heard, np.float32)
