"""Reading a concealment network, what is refused, and a step of it by loops over scalars."""

import numpy as np
import pytest

from dred_model import ModelBundle, ModelError, named_synthetic_model
from dred_reference.concealment import NetworkPrediction
from dred_reference.errors import FeatureError
from dred_reference.network import ConcealmentNetwork, concealment_network

from .concealment_networks import ScalarNetwork, random_arrays, random_input, random_network


@pytest.mark.clause("PLC-net-weights")
@pytest.mark.parametrize("name", sorted(random_arrays(1)))
def test_a_network_without_an_array(name: str) -> None:
    arrays = random_arrays(1)
    del arrays[name]
    if name.endswith("_subias") or (name.endswith("_bias") and "_gru" in name):
        assert len(concealment_network(arrays).layers) == 6
        return
    with pytest.raises(FeatureError) as caught:
        concealment_network(arrays)
    assert caught.value.rule == "N1"
    assert name in caught.value.message


@pytest.mark.clause("PLC-net-weights")
@pytest.mark.parametrize("name", sorted(n for n in random_arrays(1) if not n.endswith("_subias")))
def test_a_network_with_an_array_of_another_size_or_type(name: str) -> None:
    for changed in (lambda array: array[:-1], lambda array: np.tile(array, 2), lambda array: array[:0]):
        arrays = random_arrays(1)
        arrays[name] = changed(arrays[name])
        with pytest.raises(FeatureError, match=r"^N1"):
            concealment_network(arrays)
    arrays = random_arrays(1)
    arrays[name] = arrays[name].astype(np.float64)
    with pytest.raises(FeatureError, match=r"^N1"):
        concealment_network(arrays)


@pytest.mark.clause("PLC-net-weights")
@pytest.mark.parametrize("name", sorted(random_network().layers))
def test_a_record_without_a_layer_or_with_one_of_the_wrong_kind(name: str) -> None:
    layers = dict(random_network().layers)
    with pytest.raises(FeatureError, match=r"^N1"):
        ConcealmentNetwork({other: layer for other, layer in layers.items() if other != name})
    kinds = ("plc_dense_in", "plc_gru1_input")
    other = next(layers[kind] for kind in kinds if type(layers[kind]) is not type(layers[name]))
    with pytest.raises(FeatureError, match=rf"^N1: {name}: a .*Layer, not"):
        ConcealmentNetwork(layers | {name: other})


def test_models_without_the_network() -> None:
    with pytest.raises(ModelError) as caught:
        named_synthetic_model("synthetic-2-4x3-net8x8x8x8").to_reference_concealment_network()
    assert caught.value.rule == "M4"


@pytest.mark.official_model
@pytest.mark.clause("PLC-net-weights")
def test_the_official_network(official_model: ModelBundle) -> None:
    network = official_model.to_reference_concealment_network()
    assert network.gru_sizes == (192, 192)
    sizes = {name: (layer.inputs, layer.outputs) for name, layer in network.layers.items()}
    assert sizes["plc_dense_in"] == (57, 128)
    assert sizes["plc_gru2_input"] == (192, 576)
    assert sizes["plc_dense_out"] == (192, 20)


@pytest.mark.clause("PLC-net", "PLC-net-input")
@pytest.mark.parametrize("seed", [1, 2])
def test_steps_by_loops(seed: int) -> None:
    generator = np.random.default_rng(seed)
    arrays = random_arrays(seed)
    plain, prediction = ScalarNetwork(arrays), NetworkPrediction(concealment_network(arrays))
    for flag in (1, 1, -1, 0, 0, 1, -1):
        known = random_input(generator, flag)
        np.testing.assert_allclose(prediction.step(known), plain.step(known.tolist()), atol=1e-12)


@pytest.mark.clause("PLC-net")
def test_a_state_can_be_put_back() -> None:
    generator = np.random.default_rng(3)
    prediction = NetworkPrediction(random_network())
    prediction.step(random_input(generator, 1))
    kept = prediction.state
    frames = [random_input(generator, flag) for flag in (1, 0, -1)]
    first = [prediction.step(frame) for frame in frames]
    prediction.state = kept
    np.testing.assert_array_equal([prediction.step(frame) for frame in frames], first)


@pytest.mark.clause("PLC-net")
def test_profiles() -> None:
    generator = np.random.default_rng(4)
    names = ("float64", "reproducible", "int8")
    predictions = {name: NetworkPrediction(random_network(), name) for name in names}
    for flag in (1, 1, 0, -1):
        known = random_input(generator, flag)
        exact, same, deployed = (predictions[name].step(known) for name in names)
        assert np.abs(same - exact).max() < 1e-9
        assert 0 < np.abs(deployed - exact).max() < 0.05
    with pytest.raises(ValueError, match="int16"):
        NetworkPrediction(random_network(), "int16")


@pytest.mark.clause("PLC-net")
@pytest.mark.parametrize("profile", ["float64", "int8"])
def test_features_stay_finite_with_absurd_weights(profile: str) -> None:
    arrays = random_arrays(5)
    arrays["plc_dense_out_weights_float"] *= np.float32(1e38)
    arrays["plc_gru1_input_scale"] *= np.float32(1e30)
    prediction = NetworkPrediction(concealment_network(arrays), profile)
    with np.errstate(all="ignore"):
        for flag in (1, 0, -1):
            features = prediction.step(random_input(np.random.default_rng(6), flag))
            assert np.abs(features).max() <= 1024
