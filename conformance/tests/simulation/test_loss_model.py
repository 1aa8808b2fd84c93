"""The loss model of the official model: its wiring, and how well it predicts what it made."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from dred_conformance.simulation.conditions import from_loss_model
from dred_conformance.simulation.errors import SimulationError
from dred_conformance.simulation.loss_model import LossModel, LossStream
from dred_conformance.simulation.trace_file import read_trace
from dred_model import ModelBundle
from dred_reference.errors import FeatureError
from dred_reference.network.loss import LOSS_LAYER_NAMES, LossNetwork, loss_network

SHARED = Path(__file__).parents[4] / "shared" / "loss"
Arrays = dict[str, np.ndarray]


def small_arrays(seed: int = 0) -> Arrays:
    """A network of random weights: 2 -> 4, GRU 8, GRU 8, -> 1; int8 layers have sizes that blocks divide."""
    generator = np.random.default_rng(seed)
    arrays: Arrays = {}
    for name, inputs, outputs in (
        *(("lossgen_dense_in", 2, 4), ("lossgen_gru1_input", 4, 24), ("lossgen_gru1_recurrent", 8, 24)),
        *(("lossgen_gru2_input", 8, 24), ("lossgen_gru2_recurrent", 8, 24), ("lossgen_dense_out", 8, 1)),
    ):
        arrays[f"{name}_bias"] = generator.normal(size=outputs).astype(np.float32)
        if "dense" in name:
            arrays[f"{name}_weights_float"] = generator.normal(size=inputs * outputs).astype(np.float32)
        else:
            arrays[f"{name}_weights_int8"] = generator.integers(-127, 128, inputs * outputs, dtype=np.int8)
            arrays[f"{name}_scale"] = np.full(outputs, 1 / (127 * 127), dtype=np.float32)
    return arrays


def matrix(network: LossNetwork, name: str) -> np.ndarray:
    layer = network.layers[name]
    scale = getattr(layer, "scale", None)
    return layer.weights if scale is None else 127 * scale[:, None].astype(np.float64) * layer.weights


def plain_probabilities(network: LossNetwork, lost: list[bool], fraction: float) -> list[float]:
    """The wiring once more, written out scalar by scalar."""

    def linear(name: str, vector: list[float]) -> list[float]:
        layer = network.layers[name]
        rows = matrix(network, name)
        return [
            float(layer.bias[i]) + sum(float(rows[i][j]) * vector[j] for j in range(len(vector)))
            for i in range(len(rows))
        ]

    def sigmoid(value: float) -> float:
        return 1 / (1 + np.exp(-value))

    states = [[0.0] * size for size in network.state_sizes]
    found, last = [], False
    for is_lost in lost:
        vector = [float(np.tanh(each)) for each in linear("lossgen_dense_in", [float(last), fraction])]
        for k, state in enumerate(states, 1):
            size = len(state)
            given, kept = linear(f"lossgen_gru{k}_input", vector), linear(f"lossgen_gru{k}_recurrent", state)
            for i in range(size):
                update = sigmoid(given[i] + kept[i])
                reset = sigmoid(given[size + i] + kept[size + i])
                candidate = np.tanh(given[2 * size + i] + reset * kept[2 * size + i])
                state[i] = float(update * state[i] + (1 - update) * candidate)
            vector = list(state)
        found.append(sigmoid(linear("lossgen_dense_out", vector)[0]))
        last = is_lost
    return found


def probabilities(network: LossNetwork, lost: list[bool], percent: float) -> np.ndarray:
    stream = LossStream(network, percent)
    return np.array([stream.probability(last) for last in [False, *lost[:-1]]])


def test_the_network_is_wired_as_the_note_says() -> None:
    network = loss_network(small_arrays())
    lost = (np.random.default_rng(1).random(30) < 0.3).tolist()
    expected = plain_probabilities(network, lost, 0.25)
    np.testing.assert_allclose(probabilities(network, lost, 25.0), expected, atol=1e-12)


@pytest.mark.parametrize("name", LOSS_LAYER_NAMES)
def test_a_layer_of_another_size_is_refused(name: str) -> None:
    arrays = small_arrays()
    for part in ("bias", "scale"):
        if f"{name}_{part}" in arrays:
            arrays[f"{name}_{part}"] = np.ones(40, dtype=np.float32)
    with pytest.raises(FeatureError, match="N1"):
        loss_network(arrays)


@pytest.mark.parametrize("missing", ["lossgen_dense_out_weights_float", "lossgen_gru2_recurrent_scale"])
def test_an_array_that_is_missing_is_named(missing: str) -> None:
    arrays = small_arrays()
    del arrays[missing]
    with pytest.raises(FeatureError, match=missing):
        loss_network(arrays)


def test_weights_that_are_no_numbers_are_refused() -> None:
    arrays = small_arrays()
    arrays["lossgen_dense_in_weights_float"][3] = np.nan
    with pytest.raises(FeatureError, match="finite"):
        loss_network(arrays)


def test_losses_can_be_repeated_and_zero_is_zero() -> None:
    model = LossModel(loss_network(small_arrays()), 20)
    first, again = (model.draw(200, np.random.default_rng(4)).is_lost for _ in range(2))
    assert (first == again).all()
    none = LossModel(model.network, 0).draw(200, np.random.default_rng(4))
    assert not none.is_lost.any()


def test_without_a_model_the_way_out_is_said() -> None:
    with pytest.raises(SimulationError, match=r"L1: .*--gilbert"):
        from_loss_model(20, None)


@pytest.mark.official_model
def test_a_percentage_is_0_to_100(official_model: ModelBundle) -> None:
    for percent in (-1.0, 101.0, float("nan")):
        with pytest.raises(SimulationError, match="L3"):
            from_loss_model(percent, official_model)


def bits_per_packet(predicted: np.ndarray, lost: np.ndarray) -> float:
    return float(-np.log2(np.where(lost, predicted, 1 - predicted)).mean())


@pytest.mark.official_model
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/loss is not here")
@pytest.mark.parametrize("percent", [5, 20, 40])
def test_it_predicts_what_the_deployed_one_made(official_model: ModelBundle, percent: int) -> None:
    """Better than a chain of two states that was fitted to the very trace, and with the right mean."""
    network = official_model.to_reference_loss_network()
    lost = read_trace(SHARED / f"lossgen_{percent}.txt").is_lost
    predicted = probabilities(network, lost.tolist(), percent)
    assert predicted.mean() == pytest.approx(lost.mean(), abs=0.02)
    pairs = np.zeros((2, 2))
    np.add.at(pairs, (lost[:-1].astype(int), lost[1:].astype(int)), 1)
    chain = float(-(pairs * np.log2(pairs / pairs.sum(axis=1, keepdims=True))).sum() / pairs.sum())
    assert bits_per_packet(predicted, lost) < 0.96 * chain
    # told the percentage instead of the fraction, it expects losses nearly always
    assert probabilities(network, lost[:300].tolist(), 100.0 * percent).mean() > 0.7


@pytest.mark.official_model
def test_it_loses_what_it_is_asked_for(official_model: ModelBundle) -> None:
    condition = from_loss_model(20, official_model)
    traces = [condition.losses(0, clip, 1000) for clip in range(6)]
    assert np.mean([trace.loss_percent for trace in traces]) == pytest.approx(20, abs=4)
    assert np.mean([burst for trace in traces for burst in trace.bursts]) > 1.4
    assert any((a.is_lost != b.is_lost).any() for a, b in pairwise(traces))
