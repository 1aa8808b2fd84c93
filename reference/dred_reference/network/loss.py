"""The network that draws packet losses as real networks have them (lossgen): six layers, two of them GRUs.

No part of any codec: it belongs to the simulation of calls.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dred_reference.network.arrays import Arrays, read_layers
from dred_reference.network.record import FloatLayer, Int8Layer, check_layers
from dred_reference.network.wiring import require

__all__ = ["LOSS_INPUTS", "LOSS_LAYER_NAMES", "LossNetwork", "loss_network"]

LOSS_INPUTS = 2  # whether the last packet was lost; the share of packets that shall be
LOSS_GRUS = (1, 2)
WIDEST_LOSS_LAYER = 1 << 10  # a limit of this package

LOSS_LAYER_NAMES = (
    "lossgen_dense_in",
    *(f"lossgen_gru{k}_{part}" for k in LOSS_GRUS for part in ("input", "recurrent")),
    "lossgen_dense_out",
)
LOSS_FLOAT_LAYERS = ("lossgen_dense_in", "lossgen_dense_out")


class _LossWidths:
    """Follows the network from its first layer to its last one."""

    def __init__(self) -> None:
        self._before = LOSS_INPUTS  # width of what the next layer reads
        self._state = 0

    def inputs(self, name: str) -> int:
        """Return the number of inputs that the next layer must have."""
        return self._state if name.endswith("_recurrent") else self._before

    def join(self, name: str, inputs: int, outputs: int) -> None:
        """Add the next layer, or raise FeatureError N1."""
        require(inputs == self.inputs(name), name, f"{inputs} inputs, not {self.inputs(name)}")
        require(1 <= outputs <= WIDEST_LOSS_LAYER, name, f"{outputs} outputs, not 1 to {WIDEST_LOSS_LAYER}")
        if name.endswith("_input"):
            require(outputs % 3 == 0, name, f"{outputs} outputs are no three equal gates")
            self._before = self._state = outputs // 3
        elif name.endswith("_recurrent"):
            require(outputs == 3 * self._state, name, f"{outputs} outputs, not {3 * self._state}")
        elif name == "lossgen_dense_out":
            require(outputs == 1, name, f"{outputs} outputs, not 1")
        else:
            self._before = outputs


@dataclass(frozen=True, eq=False)
class LossNetwork:
    """The loss network of a model.

    Attributes
    ----------
    layers : mapping of str to FloatLayer or Int8Layer
        By the names of `LOSS_LAYER_NAMES`.

    Raises
    ------
    FeatureError
        N1: a layer is missing, of the wrong kind, or its sizes do not fit those of its neighbours.
    """

    layers: Mapping[str, FloatLayer | Int8Layer]

    def __post_init__(self) -> None:
        check_layers(self.layers, LOSS_LAYER_NAMES, LOSS_FLOAT_LAYERS, _LossWidths())

    @property
    def state_sizes(self) -> tuple[int, ...]:
        """Sizes of the two GRU states."""
        return tuple(self.layers[f"lossgen_gru{k}_recurrent"].inputs for k in LOSS_GRUS)


def loss_network(arrays: Arrays) -> LossNetwork:
    """Build the loss network from the arrays of a model.

    Parameters
    ----------
    arrays : mapping of str to one-dimensional array
        By the names of the deployed weights (``lossgen_dense_in_weights_float``, ...); others are ignored.

    Returns
    -------
    LossNetwork

    Raises
    ------
    FeatureError
        N1: an array is missing, has another type or size, or holds a number that is not finite.
    """
    return LossNetwork(read_layers(arrays, LOSS_LAYER_NAMES, LOSS_FLOAT_LAYERS, _LossWidths()))
