"""Reading a vocoder network: what makes one, and what is refused."""

import numpy as np
import pytest

from dred_model import ModelBundle, ModelError, named_synthetic_model
from dred_reference.errors import FeatureError
from dred_reference.network import VocoderNetwork, vocoder_network

from .vocoder_networks import random_arrays, random_network


@pytest.mark.clause("VOC-net-weights")
@pytest.mark.parametrize("name", sorted(random_arrays(1)))
def test_a_network_without_an_array(name: str) -> None:
    arrays = random_arrays(1)
    del arrays[name]
    if name.endswith("_bias") and (name.startswith("cond_net_pembed") or f"{name[:-5]}_scale" in arrays):
        assert not vocoder_network(arrays).layers[name.removesuffix("_bias")].bias.any()
        return
    with pytest.raises(FeatureError) as caught:
        vocoder_network(arrays)
    assert caught.value.rule == "N1"
    assert name in caught.value.message


@pytest.mark.clause("VOC-net-weights")
@pytest.mark.parametrize("name", sorted(random_arrays(1)))
def test_a_network_with_an_array_of_another_size_or_type(name: str) -> None:
    for changed in (lambda array: array[:-1], lambda array: np.tile(array, 2), lambda array: array[:0]):
        arrays = random_arrays(1)
        arrays[name] = changed(arrays[name])
        with pytest.raises(FeatureError, match=r"^N1"):
            vocoder_network(arrays)
    arrays = random_arrays(1)
    arrays[name] = arrays[name].astype(np.float64)
    with pytest.raises(FeatureError, match=r"^N1"):
        vocoder_network(arrays)


@pytest.mark.clause("VOC-net-weights")
@pytest.mark.parametrize("name", sorted(random_network().layers))
def test_a_record_without_a_layer_or_with_one_of_the_wrong_kind(name: str) -> None:
    layers = dict(random_network().layers)
    with pytest.raises(FeatureError, match="missing"):
        VocoderNetwork({other: layer for other, layer in layers.items() if other != name})
    kinds = ("cond_net_fdense1", "cond_net_fconv1")
    other = next(layers[kind] for kind in kinds if type(layers[kind]) is not type(layers[name]))
    with pytest.raises(FeatureError, match=rf"^N1: {name}: a .*Layer, not"):
        VocoderNetwork(layers | {name: other})


def test_a_model_without_a_vocoder() -> None:
    with pytest.raises(ModelError) as caught:
        named_synthetic_model("synthetic-2-4x3-net8x8x8x8").to_reference_vocoder_network()
    assert caught.value.rule == "M4"


@pytest.mark.official_model
@pytest.mark.clause("VOC-net-weights")
def test_the_official_network(official_model: ModelBundle) -> None:
    network = official_model.to_reference_vocoder_network()
    assert network.signal_gru_sizes == (160, 128, 128)
    assert (network.conditioning_memory_size, network.subframe_memory_size) == (64, 164)
    sizes = {name: (layer.inputs, layer.outputs) for name, layer in network.layers.items()}
    assert sizes["cond_net_pembed"] == (224, 12)
    assert sizes["cond_net_fdense2"] == (128, 320)
    assert sizes["sig_net_skip_dense"] == (688, 128)
