"""PitchDNN against loops over scalars, and networks that cannot be run."""

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_model import ModelBundle, ModelError, named_synthetic_model
from dred_reference.analysis import NetworkPitch
from dred_reference.analysis.pitch_network import centre_of_peak
from dred_reference.errors import FeatureError
from dred_reference.network import pitch_network

from .pitch_networks import CHANNELS, SIZES, random_arrays, random_network

RANDOM = np.random.default_rng(10)
Arrays = dict[str, NDArray[Any]]


def dense(arrays: Arrays, name: str, vector: list[float]) -> list[float]:
    """Return W x + b, the weights looked up in their blocks of 8 outputs by 4 inputs."""
    inputs, outputs = SIZES[name]
    weights, scale, bias = (arrays[f"{name}_{part}"] for part in ("weights_int8", "scale", "bias"))
    result = []
    for row in range(outputs):
        total = 0.0
        for column in range(inputs):
            block = row // 8 * (inputs // 4) + column // 4
            total += int(weights[32 * block + row % 8 * 4 + column % 4]) * vector[column]
        result.append(total * 127 * float(scale[row]) + float(bias[row]))
    return result


def plane(weights: NDArray[Any], bias: NDArray[Any], frames: list[list[list[float]]]) -> list[list[float]]:
    """Return one frame of a convolution: frames[t][channel][lag], the oldest first."""
    inputs = len(frames[0])
    flat = iter(weights.tolist())
    kernel = [
        [[[next(flat) for _ in range(3)] for _ in range(3)] for _ in range(inputs)] for _ in range(len(bias))
    ]
    rows = []
    for out, offset in enumerate(bias.tolist()):
        row = []
        for lag in range(224):
            total = offset
            for channel in range(inputs):
                for frame in range(3):
                    for tap in range(3):
                        if 0 <= lag + tap - 1 < 224:
                            total += kernel[out][channel][frame][tap] * frames[frame][channel][lag + tap - 1]
            row.append(math.tanh(total))
        rows.append(row)
    return rows


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def scalar_logits(arrays: Arrays, correlations: NDArray[Any], phases: NDArray[Any]) -> list[list[float]]:
    """Return the logits of frames, by loops."""
    nothing = [0.0] * 224
    first = [[nothing], [nothing]]
    second = [[nothing] * CHANNELS, [nothing] * CHANNELS]
    state = [0.0] * 8
    result = []
    for row, phase in zip(correlations.tolist(), phases.tolist(), strict=True):
        hidden = [math.tanh(x) for x in dense(arrays, "dense_if_upsampler_1", phase)]
        hidden = [math.tanh(x) for x in dense(arrays, "dense_if_upsampler_2", hidden)]
        first.append([row])
        second.append(plane(arrays["conv2d_1_weight_float"], arrays["conv2d_1_bias"], first[-3:]))
        lags = plane(arrays["conv2d_2_weight_float"], arrays["conv2d_2_bias"], second[-3:])[0]
        joined = [math.tanh(x) for x in dense(arrays, "dense_downsampler", lags + hidden)]
        from_input, from_state = (
            dense(arrays, "gru_1_input", joined),
            dense(arrays, "gru_1_recurrent", state),
        )
        update = [sigmoid(from_input[i] + from_state[i]) for i in range(8)]
        reset = [sigmoid(from_input[8 + i] + from_state[8 + i]) for i in range(8)]
        new = [math.tanh(from_input[16 + i] + reset[i] * from_state[16 + i]) for i in range(8)]
        state = [update[i] * state[i] + (1 - update[i]) * new[i] for i in range(8)]
        result.append(dense(arrays, "dense_final_upsampler", state)[:180])
    return result


@pytest.mark.clause("FEAT-net", "FEAT-net-convolution", "FEAT-net-gru")
def test_the_network_is_what_loops_over_scalars_say() -> None:
    correlations, phases = RANDOM.uniform(-1, 1, (4, 224)), RANDOM.uniform(-1, 1, (4, 88))
    estimator = NetworkPitch(random_network())
    found = [estimator.logits(*each) for each in zip(correlations, phases, strict=True)]
    wanted = scalar_logits(random_arrays(1), correlations, phases)
    np.testing.assert_allclose(found, wanted, atol=1e-6)


@pytest.mark.clause("FEAT-net")
@pytest.mark.parametrize("profile", ["int8", "int8-c"])
def test_int8_arithmetic_is_near(profile: str) -> None:
    correlations, phases = RANDOM.uniform(-1, 1, (6, 224)), RANDOM.uniform(-1, 1, (6, 88))
    exact, rounded = NetworkPitch(random_network()), NetworkPitch(random_network(), profile)
    for each in zip(correlations, phases, strict=True):
        wanted = exact.logits(*each)
        difference = np.abs(wanted - rounded.logits(*each)).max()
        assert 0 < difference < 0.1 * np.ptp(wanted)


def test_a_profile_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="float64"):
        NetworkPitch(random_network(), "float16")


@pytest.mark.clause("FEAT-pitch")
def test_the_centre_of_the_peak() -> None:
    logits = np.full(180, -9.0)
    assert centre_of_peak(logits) == pytest.approx(1)  # class 0 with two neighbours, all alike
    logits[100] = -1.0
    assert centre_of_peak(logits) == pytest.approx(1)  # -1 is not above -1
    logits[100:103] = math.log(4), math.log(2), math.log(1)
    near = [0, 0, 4, 2, 1]
    far = math.exp(-9)
    wanted = (98 * far + 99 * far + 100 * 4 + 101 * 2 + 102) / (sum(near) + 2 * far)
    assert centre_of_peak(logits) == pytest.approx(wanted)
    logits[179] = 50
    assert centre_of_peak(logits) == pytest.approx(179)
    logits[50] = 50  # the first of equals
    assert centre_of_peak(logits) == pytest.approx(50)
    logits[50] = 5000
    assert centre_of_peak(logits) == 50


@pytest.mark.clause("FEAT-net")
@pytest.mark.parametrize("name", sorted(random_arrays(1)))
def test_a_network_without_an_array(name: str) -> None:
    arrays = random_arrays(1)
    del arrays[name]
    if name.endswith("_bias") and not name.startswith("conv"):
        assert not pitch_network(arrays).layers[name.removesuffix("_bias")].bias.any()
        return
    with pytest.raises(FeatureError) as caught:
        pitch_network(arrays)
    assert caught.value.rule == "N1"
    assert name in caught.value.message


@pytest.mark.clause("FEAT-net")
@pytest.mark.parametrize("name", sorted(random_arrays(1)))
def test_a_network_with_an_array_of_another_size_or_type(name: str) -> None:
    for changed in (lambda array: array[:-1], lambda array: np.tile(array, 2), lambda array: array[:0]):
        arrays = random_arrays(1)
        arrays[name] = changed(arrays[name])
        with pytest.raises(FeatureError, match=r"^N1"):
            pitch_network(arrays)
    arrays = random_arrays(1)
    arrays[name] = arrays[name].astype(np.float64)
    with pytest.raises(FeatureError, match=r"^N1"):
        pitch_network(arrays)


@pytest.mark.clause("FEAT-net")
@pytest.mark.parametrize("name", sorted(name for name in random_arrays(1) if not name.endswith("int8")))
def test_a_network_with_a_number_that_is_not_finite(name: str) -> None:
    arrays = random_arrays(1)
    arrays[name][0] = np.nan
    with pytest.raises(FeatureError, match=r"^N1"):
        pitch_network(arrays)


def test_a_model_without_a_pitch_network() -> None:
    with pytest.raises(ModelError) as caught:
        named_synthetic_model("synthetic-2-4x3-net8x8x8x8").to_reference_pitch_network()
    assert caught.value.rule == "M4"


@pytest.mark.official_model
@pytest.mark.clause("FEAT-net")
def test_the_official_pitch_network(official_model: ModelBundle) -> None:
    network = official_model.to_reference_pitch_network()
    assert network.state_size == 64
    assert {name: (layer.inputs, layer.outputs) for name, layer in network.layers.items()} == {
        "dense_if_upsampler_1": (88, 64),
        "dense_if_upsampler_2": (64, 64),
        "dense_downsampler": (288, 64),
        "gru_1_input": (64, 192),
        "gru_1_recurrent": (64, 192),
        "dense_final_upsampler": (64, 192),
    }
    assert [each.weights.shape for each in network.convolutions] == [(4, 1, 3, 3), (1, 4, 3, 3)]
