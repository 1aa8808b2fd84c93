"""The encoder network: the layers of the RDO-VAE encoder in functional order, and their record."""

from collections.abc import Mapping
from dataclasses import dataclass

from dred_reference.clauses import clause
from dred_reference.network.arrays import Arrays, read_layers
from dred_reference.network.record import FloatLayer, Int8Layer, check_layers
from dred_reference.network.wiring import BLOCKS, FEATURES, LARGEST_WIDTH, require

__all__ = [
    "DILATIONS",
    "ENCODER_FLOAT_LAYERS",
    "ENCODER_LAYER_NAMES",
    "FRAMES_PER_STEP",
    "EncoderNetwork",
    "encoder_network",
]

FRAMES_PER_STEP = 2  # a step takes 20 ms in feature frames of 10 ms
DILATIONS = {1: 1, 2: 2, 3: 2, 4: 2, 5: 2}
"""For each convolution, how many steps ago its other input was."""

ENCODER_FLOAT_LAYERS = ("enc_dense1",)

ENCODER_LAYER_NAMES = (
    "enc_dense1",
    *(
        name.format(k)
        for k in BLOCKS
        for name in ("enc_gru{}_input", "enc_gru{}_recurrent", "enc_conv_dense{}", "enc_conv{}")
    ),
    "enc_zdense",
    "gdense1",
    "gdense2",
)


class _Widths:
    """Follows the encoder from its first layer to its last one."""

    def __init__(self) -> None:
        self.outputs: dict[str, int] = {}

    def _buffer_width(self) -> int:
        """Width of the concatenation of all outputs so far  # B."""
        states = sum(self.outputs.get(f"enc_gru{k}_recurrent", 0) // 3 for k in BLOCKS)
        parts = ["enc_dense1", *(f"enc_conv{k}" for k in BLOCKS)]
        return states + sum(self.outputs.get(name, 0) for name in parts)

    @clause("ENC-net-concat", "ENC-net-input", "ENC-net-conv", "ENC-net-state")
    def inputs(self, name: str) -> int:
        """Return the number of inputs that the next layer must have."""
        if name == "enc_dense1":
            return FRAMES_PER_STEP * FEATURES
        if name.endswith("_recurrent"):
            return self.outputs[name.replace("_recurrent", "_input")] // 3
        if name.startswith("enc_conv") and not name.startswith("enc_conv_dense"):
            return 2 * self.outputs[f"enc_conv_dense{name[-1]}"]
        return self.outputs["gdense1"] if name == "gdense2" else self._buffer_width()

    def join(self, name: str, inputs: int, outputs: int) -> None:
        """Add the next layer; FeatureError N1 where its sizes do not fit those of the layers before it."""
        require(inputs == self.inputs(name), name, f"{inputs} inputs, not {self.inputs(name)}")
        is_possible = 1 <= outputs <= LARGEST_WIDTH and inputs <= LARGEST_WIDTH
        require(is_possible, name, f"{outputs} outputs of {inputs} inputs, not 1 to {LARGEST_WIDTH}")
        if name.startswith("enc_gru"):
            require(outputs % 3 == 0, name, f"{outputs} outputs are no three gates")
        if name.endswith("_recurrent"):
            require(outputs == 3 * inputs, name, f"{outputs} outputs, not {3 * inputs}")
        self.outputs[name] = outputs


@dataclass(frozen=True, eq=False)
class EncoderNetwork:
    """The encoder network of a model.

    Attributes
    ----------
    latent_dim, state_dim : int
        Values of a latent and of the state; the layers that yield them may have more outputs, for padding.
    layers : mapping of str to FloatLayer or Int8Layer
        All the layers, by name.

    Raises
    ------
    FeatureError
        N1: a layer is missing, of the wrong kind, or its sizes do not fit the layers before it.
    """

    latent_dim: int
    state_dim: int
    layers: Mapping[str, FloatLayer | Int8Layer]

    def __post_init__(self) -> None:
        widths = _Widths()
        check_layers(self.layers, ENCODER_LAYER_NAMES, ENCODER_FLOAT_LAYERS, widths)
        for name, count in (("enc_zdense", self.latent_dim), ("gdense2", self.state_dim)):
            outputs = widths.outputs[name]
            require(1 <= count <= outputs, name, f"{outputs} outputs, fewer than the {count} values needed")

    @property
    def gru_sizes(self) -> tuple[int, ...]:
        """Size of each of the five GRU states."""
        return tuple(self.layers[f"enc_gru{k}_recurrent"].inputs for k in BLOCKS)

    @property
    def convolution_sizes(self) -> tuple[int, ...]:
        """Number of inputs per step of each of the five convolutions."""
        return tuple(self.layers[f"enc_conv_dense{k}"].outputs for k in BLOCKS)


@clause("ENC-net-weights")
def encoder_network(arrays: Arrays, latent_dim: int, state_dim: int) -> EncoderNetwork:
    """Build the encoder network from the arrays of a model.

    Parameters
    ----------
    arrays : mapping of str to one-dimensional array
        By the names of the deployed weights (``enc_dense1_weights_float``, ...); others are ignored.
    latent_dim, state_dim : int
        Values of a latent (without the level value) and of the state.

    Returns
    -------
    EncoderNetwork

    Raises
    ------
    FeatureError
        N1: an array is missing, has another type or size, or holds a number that is not finite.
    """
    layers = read_layers(arrays, ENCODER_LAYER_NAMES, ENCODER_FLOAT_LAYERS, _Widths())
    return EncoderNetwork(latent_dim, state_dim, layers)
