"""The vocoder network (FARGAN) as a record: an embedding of the pitch period, and 20 linear layers.

A conditioning network (``cond_net``) looks at the features of three frames; a signal network (``sig_net``)
makes 40 samples at a time out of what it says and of the samples before.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dred_reference.clauses import clause
from dred_reference.network.arrays import Arrays, float_layer, int8_layer, needed_array
from dred_reference.network.record import FloatLayer, Int8Layer, check_layers
from dred_reference.network.wiring import FEATURES, require

__all__ = [
    "EMBEDDED_PERIODS",
    "PREDICTION_SIZE",
    "SIGNAL_GRUS",
    "SUBFRAMES",
    "SUBFRAME_SIZE",
    "VOCODER_FLOAT_LAYERS",
    "VOCODER_LAYER_NAMES",
    "VocoderNetwork",
    "vocoder_network",
]

SUBFRAME_SIZE = 40  # samples: 2.5 ms
SUBFRAMES = 4  # in a frame of 10 ms
EMBEDDED_PERIODS = 224  # of 32 samples to 255
PREDICTION_SIZE = SUBFRAME_SIZE + 4  # two samples more at both ends
SIGNAL_GRUS = (1, 2, 3)
CONDITIONING_TAPS = 3  # frames that the convolution of the conditioning sees
WIDEST_VOCODER_LAYER = 1 << 12  # a limit of this package

VOCODER_FLOAT_LAYERS = (
    *("cond_net_pembed", "cond_net_fdense1", "sig_net_cond_gain_dense", "sig_net_gain_dense_out"),
)

VOCODER_LAYER_NAMES = (
    *("cond_net_pembed", "cond_net_fdense1", "cond_net_fconv1", "cond_net_fdense2"),
    *("sig_net_cond_gain_dense", "sig_net_fwc0_conv", "sig_net_fwc0_glu_gate", "sig_net_gain_dense_out"),
    *(f"sig_net_gru{k}_{part}" for k in SIGNAL_GRUS for part in ("input", "recurrent", "glu_gate")),
    *("sig_net_skip_dense", "sig_net_skip_glu_gate", "sig_net_sig_dense_out"),
)


@dataclass(frozen=True, eq=False)
class VocoderNetwork:
    """The vocoder network of a model.

    Attributes
    ----------
    layers : mapping of str to FloatLayer or Int8Layer
        All the layers, by name. Column p of ``cond_net_pembed`` is the embedding of a period of 32 + p
        samples; its bias has no part in anything.

    Raises
    ------
    FeatureError
        N1: a layer is missing, of the wrong kind, or its sizes do not fit those of its neighbours.
    """

    layers: Mapping[str, FloatLayer | Int8Layer]

    def __post_init__(self) -> None:
        check_layers(self.layers, VOCODER_LAYER_NAMES, VOCODER_FLOAT_LAYERS)
        sizes = {name: self.layers[name].outputs for name in VOCODER_LAYER_NAMES}
        inputs, outputs = _inputs(sizes), _outputs(sizes)
        for name in VOCODER_LAYER_NAMES:
            layer = self.layers[name]
            require(layer.inputs == inputs[name], name, f"{layer.inputs} inputs, not {inputs[name]}")
            wanted = outputs.get(name, layer.outputs)
            require(layer.outputs == wanted, name, f"{layer.outputs} outputs, not {wanted}")
            is_possible = 1 <= layer.outputs <= WIDEST_VOCODER_LAYER
            require(is_possible, name, f"{layer.outputs} outputs, not 1 to {WIDEST_VOCODER_LAYER}")

    @property
    def conditioning_memory_size(self) -> int:
        """Number of inputs per frame of the convolution of the conditioning network."""
        return self.layers["cond_net_fdense1"].outputs

    @property
    def subframe_memory_size(self) -> int:
        """Number of inputs per subframe of the convolution of the signal network."""
        return self.layers["sig_net_fwc0_conv"].inputs // 2

    @property
    def signal_gru_sizes(self) -> tuple[int, ...]:
        """Size of each of the three GRU states."""
        return tuple(self.layers[f"sig_net_gru{k}_recurrent"].inputs for k in SIGNAL_GRUS)


@clause("VOC-conditioning", "VOC-hidden", "VOC-gru", "VOC-skip")
def _inputs(outputs: Mapping[str, int]) -> dict[str, int]:
    """Return how many inputs each layer must have, given the outputs of the others."""
    condition = outputs["cond_net_fdense2"] // SUBFRAMES
    hidden = outputs["sig_net_fwc0_conv"]  # h
    states = [outputs[f"sig_net_gru{k}_recurrent"] // 3 for k in SIGNAL_GRUS]
    around = 2 * SUBFRAME_SIZE  # a gated prediction and the subframe before
    inputs = {
        "cond_net_pembed": EMBEDDED_PERIODS,
        "cond_net_fdense1": FEATURES + outputs["cond_net_pembed"],
        "cond_net_fconv1": CONDITIONING_TAPS * outputs["cond_net_fdense1"],
        "cond_net_fdense2": outputs["cond_net_fconv1"],
        "sig_net_cond_gain_dense": condition,
        "sig_net_fwc0_conv": 2 * (condition + PREDICTION_SIZE + SUBFRAME_SIZE),
        "sig_net_fwc0_glu_gate": hidden,
        "sig_net_gain_dense_out": hidden,
        "sig_net_skip_dense": sum(states) + hidden + around,
        "sig_net_skip_glu_gate": outputs["sig_net_skip_dense"],
        "sig_net_sig_dense_out": outputs["sig_net_skip_dense"],
    }
    for k, before, state in zip(SIGNAL_GRUS, (hidden, *states[:-1]), states, strict=True):
        inputs[f"sig_net_gru{k}_input"] = before + around
        inputs[f"sig_net_gru{k}_recurrent"] = inputs[f"sig_net_gru{k}_glu_gate"] = state
    return inputs


def _outputs(outputs: Mapping[str, int]) -> dict[str, int]:
    """Return how many outputs layers must have, for those that are not free in it."""
    wanted = {
        "cond_net_fdense2": outputs["cond_net_fdense2"] // SUBFRAMES * SUBFRAMES,
        "sig_net_cond_gain_dense": 1,
        "sig_net_fwc0_glu_gate": outputs["sig_net_fwc0_conv"],
        "sig_net_gain_dense_out": len(SIGNAL_GRUS) + 1,
        "sig_net_skip_glu_gate": outputs["sig_net_skip_dense"],
        "sig_net_sig_dense_out": SUBFRAME_SIZE,
    }
    for k in SIGNAL_GRUS:
        state = outputs[f"sig_net_gru{k}_recurrent"] // 3
        wanted[f"sig_net_gru{k}_input"] = wanted[f"sig_net_gru{k}_recurrent"] = 3 * state
        wanted[f"sig_net_gru{k}_glu_gate"] = state
    return wanted


@clause("VOC-net-weights")
def vocoder_network(arrays: Arrays) -> VocoderNetwork:
    """Build the vocoder network from the arrays of a model.

    Parameters
    ----------
    arrays : mapping of str to one-dimensional array
        By the names of the deployed weights (``cond_net_fdense1_weights_float``, ...); others are ignored.

    Returns
    -------
    VocoderNetwork

    Raises
    ------
    FeatureError
        N1: an array is missing, has another type or size, or holds a number that is not finite.
    """
    sizes = {name: _outputs_of(arrays, name) for name in VOCODER_LAYER_NAMES}
    inputs = _inputs(sizes)
    for name, size in inputs.items():
        require(1 <= size <= 4 * WIDEST_VOCODER_LAYER, name, f"its neighbours demand {size} inputs")
    layers: dict[str, FloatLayer | Int8Layer] = {}
    for name in VOCODER_LAYER_NAMES:
        read = float_layer if name in VOCODER_FLOAT_LAYERS else int8_layer
        layers[name] = read(arrays, name, inputs[name])
    return VocoderNetwork(layers)


def _outputs_of(arrays: Arrays, name: str) -> int:
    """Return the number of outputs that the arrays of a layer speak of."""
    if name == "cond_net_pembed":
        return needed_array(arrays, name, "weights_float").size // EMBEDDED_PERIODS
    if name in VOCODER_FLOAT_LAYERS:
        return needed_array(arrays, name, "bias").size
    return needed_array(arrays, name, "scale").size
