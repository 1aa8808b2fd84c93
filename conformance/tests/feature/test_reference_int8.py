"""The emulation of deployed decoders: check values of real code, quantisation by hand, both kinds of bias."""

from dataclasses import replace

import numpy as np
import pytest

from dred_model import ModelBundle, named_synthetic_model
from dred_reference.errors import FeatureError
from dred_reference.feature import FeatureDecoder, decode_features
from dred_reference.feature.int8 import PlainCArithmetic, X86Arithmetic
from dred_reference.network import DecoderNetwork, Int8Layer


def synthetic() -> DecoderNetwork:
    return named_synthetic_model("synthetic-2-4x3-net8x8x8x8").to_reference_network()


def with_layer(layer: Int8Layer) -> DecoderNetwork:
    network = synthetic()
    return replace(network, layers={**network.layers, layer.name: layer})


def identity(scale: float, bias: float, subias: float | None) -> Int8Layer:
    """Return a layer of which output i is 127 * scale * input i, plus the bias."""
    added = None if subias is None else np.full(8, subias, dtype=np.float32)
    weights = np.eye(8, dtype=np.int32)
    rows = np.full(8, scale, dtype=np.float32), np.full(8, bias, dtype=np.float32)
    return Int8Layer("dec_glu1", weights, *rows, added)


@pytest.mark.clause("DRED-net-int8-tanh")
def test_tanh_has_the_deployed_check_values() -> None:
    """Appendix A6 of the facts."""
    x = np.array([0.1, 0.5, 1, 2, 4, 10], dtype=np.float32)
    wanted = np.array([0.09964813, 0.46208173, 0.76164424, 0.96398872, 0.99934304, 1.0], dtype=np.float32)
    for arithmetic in (X86Arithmetic(synthetic()), PlainCArithmetic(synthetic())):
        assert np.allclose(arithmetic.tanh(x), wanted, rtol=0, atol=1.2e-7)
        assert np.array_equal(arithmetic.tanh(-x), -arithmetic.tanh(x))
        # sigmoid(2x) = 1/2 + 1/2 tanh(x)
        assert np.allclose(arithmetic.sigmoid(2 * x), 0.5 + 0.5 * wanted, rtol=0, atol=1.2e-7)
        assert arithmetic.tanh(np.float32([1e4, -1e6])).tolist() == [1, -1]


HALVES = np.array([0.5, 1.5, 2.5, -0.5, -1.5, 126.6, -127, 127], dtype=np.float32) / np.float32(127)


@pytest.mark.clause("DRED-net-int8-input")
def test_inputs_are_rounded_to_127_steps() -> None:
    """Ties go to even on x86 and up in plain C; a scale of 1 shows the integers."""
    scaled = np.float32(127) * HALVES
    assert scaled[:5].tolist() == [0.5, 1.5, 2.5, -0.5, -1.5]  # still ties
    network = with_layer(identity(1.0, 0.0, -127.0))
    assert X86Arithmetic(network).linear("dec_glu1", HALVES).tolist() == [0, 2, 2, 0, -2, 127, -127, 127]
    assert PlainCArithmetic(network).linear("dec_glu1", HALVES).tolist() == [1, 2, 3, 0, -1, 127, -127, 127]


@pytest.mark.clause("DRED-net-int8-input")
def test_inputs_saturate_on_x86() -> None:
    inputs = np.array([1.5, -1.5, 128 / 127, 1e30, -1e30, np.nan, 0, 0], dtype=np.float32)
    found = X86Arithmetic(with_layer(identity(1.0, 0.0, -127.0))).linear("dec_glu1", inputs)
    assert found.tolist() == [128, -127, 128, 128, -127, -127, 0, 0]


@pytest.mark.clause("DRED-net-int8-input", "DRED-net-weights")
def test_x86_adds_subias_and_plain_c_the_bias() -> None:
    network = with_layer(identity(0.5, 3.0, 1000.0))
    zeros = np.zeros(8, dtype=np.float32)
    assert X86Arithmetic(network).linear("dec_glu1", zeros).tolist() == [1063.5] * 8  # 127 * 0.5 + 1000
    assert PlainCArithmetic(network).linear("dec_glu1", zeros).tolist() == [3.0] * 8


@pytest.mark.clause("DRED-net-int8-input")
def test_a_missing_subias_is_derived() -> None:
    network = with_layer(identity(0.5, 3.0, None))
    assert X86Arithmetic(network).linear("dec_glu1", np.zeros(8, np.float32)).tolist() == [3.0] * 8


@pytest.mark.parametrize(
    "subias",
    [np.zeros(7, np.float32), np.zeros(8), np.full(8, np.nan, np.float32)],
    ids=["short", "type", "nan"],
)
@pytest.mark.clause("FIX-bias", "DRED-net-weights")
def test_only_x86_looks_at_subias(subias: np.ndarray) -> None:
    network = with_layer(replace(identity(0.001, 3.0, None), subias=subias))
    with pytest.raises(FeatureError, match="N1: dec_glu1: "):
        FeatureDecoder(network, "int8")
    for profile in ("int8-c", "float64", "fixed"):
        FeatureDecoder(network, profile)


@pytest.mark.clause("DRED-net-int8-input")
def test_float_layers_add_in_the_order_of_the_inputs() -> None:
    """In float32 1e8 + 1 is 1e8: 1e8 + 1 - 1e8 + 3 is 3, and 4 in the other order."""
    network = synthetic()
    layer = network.layers["dec_dense1"]
    weights = np.zeros_like(layer.weights)
    weights[0] = [1e8, 1, -1e8, 3, 0]
    weights[1] = [1, 1e8, -1e8, 3, 0]
    weights[2] = [1e8, -1e8, 1, 3, 0]
    changed = replace(layer, weights=weights, bias=np.zeros_like(layer.bias))
    arithmetic = X86Arithmetic(replace(network, layers={**network.layers, "dec_dense1": changed}))
    assert arithmetic.linear("dec_dense1", np.ones(5, np.float32))[:3].tolist() == [3.0, 3.0, 4.0]


@pytest.mark.official_model
@pytest.mark.clause("DRED-net-weights", "DRED-net-order", "DRED-net-output")
def test_the_decoder_has_the_deployed_check_values(official_model: ModelBundle) -> None:
    """Appendix A8 of the facts: plain C; on x86 the last digits differ."""
    network = official_model.to_reference_network()
    latent = np.zeros(26, dtype=np.float32)
    latent[-1] = 6 * 0.125 - 1
    wanted = np.array([-0.06396961, 1.1206316, 0.69966424, 0.83534646], dtype=np.float32)
    for profile, tolerance in (("int8-c", 1e-7), ("int8", 2e-6)):
        features = decode_features(np.zeros(50), [latent], network, profile)
        assert np.allclose(features[0, :4], wanted, rtol=0, atol=tolerance)
        assert features[0, 18] == pytest.approx(-0.0748623, abs=tolerance)
