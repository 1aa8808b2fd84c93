"""The network that predicts features during loss (PLC) as a record: six linear layers.

A dense layer, two GRUs and a dense layer take a frame at a time: what was heard of it, or the features that
are known of it, or nothing at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dred_reference.clauses import clause
from dred_reference.network.arrays import Arrays, needed_array, read_layers
from dred_reference.network.record import FloatLayer, Int8Layer, check_layers
from dred_reference.network.wiring import FEATURES, require

__all__ = [
    "BURG_FEATURES",
    "CONCEALMENT_FLOAT_LAYERS",
    "CONCEALMENT_GRUS",
    "CONCEALMENT_INPUTS",
    "CONCEALMENT_LAYER_NAMES",
    "ConcealmentNetwork",
    "concealment_network",
]

BURG_FEATURES = 36  # two times 18 cepstral coefficients
CONCEALMENT_INPUTS = BURG_FEATURES + FEATURES + 1  # and a flag
CONCEALMENT_GRUS = (1, 2)
WIDEST_CONCEALMENT_LAYER = 1 << 12  # a limit of this package

CONCEALMENT_FLOAT_LAYERS = ("plc_dense_in", "plc_dense_out")

CONCEALMENT_LAYER_NAMES = (
    "plc_dense_in",
    *(f"plc_gru{k}_{part}" for k in CONCEALMENT_GRUS for part in ("recurrent", "input")),
    "plc_dense_out",
)


@dataclass(frozen=True, eq=False)
class ConcealmentNetwork:
    """The concealment network of a model.

    Attributes
    ----------
    layers : mapping of str to FloatLayer or Int8Layer
        ``plc_dense_in`` and ``plc_dense_out`` with float weights; ``plc_gru1_input``,
        ``plc_gru1_recurrent``, ``plc_gru2_input`` and ``plc_gru2_recurrent`` with int8 weights.

    Raises
    ------
    FeatureError
        N1: a layer is missing, of the wrong kind, or its sizes do not fit those of its neighbours.
    """

    layers: Mapping[str, FloatLayer | Int8Layer]

    def __post_init__(self) -> None:
        sizes = {name: layer.outputs for name, layer in self.layers.items()}
        check_layers(self.layers, CONCEALMENT_LAYER_NAMES, CONCEALMENT_FLOAT_LAYERS, _Wiring(sizes))

    @property
    def gru_sizes(self) -> tuple[int, ...]:
        """Size of each of the two GRU states."""
        return tuple(self.layers[f"plc_gru{k}_recurrent"].inputs for k in CONCEALMENT_GRUS)


class _Wiring:
    """Follows the network, given how many outputs each layer speaks of; see `Widths`."""

    def __init__(self, outputs: Mapping[str, int]) -> None:
        states = [outputs.get(f"plc_gru{k}_recurrent", 0) // 3 for k in CONCEALMENT_GRUS]
        self._inputs = {
            "plc_dense_in": CONCEALMENT_INPUTS,
            "plc_gru1_input": outputs.get("plc_dense_in", 0),
            "plc_gru1_recurrent": states[0],
            "plc_gru2_input": states[0],
            "plc_gru2_recurrent": states[1],
            "plc_dense_out": states[1],
        }
        self._outputs = {"plc_dense_out": FEATURES}
        for k, state in zip(CONCEALMENT_GRUS, states, strict=True):
            self._outputs[f"plc_gru{k}_input"] = self._outputs[f"plc_gru{k}_recurrent"] = 3 * state

    @clause("PLC-net")
    def inputs(self, name: str) -> int:
        """Return the number of inputs that a layer must have."""
        wanted = self._inputs[name]
        require(1 <= wanted <= WIDEST_CONCEALMENT_LAYER, name, f"its neighbours demand {wanted} inputs")
        return wanted

    def join(self, name: str, inputs: int, outputs: int) -> None:
        """Raise FeatureError N1 unless the sizes of a layer fit."""
        require(inputs == self.inputs(name), name, f"{inputs} inputs, not {self.inputs(name)}")
        wanted = self._outputs.get(name, outputs)
        require(outputs == wanted, name, f"{outputs} outputs, not {wanted}")
        is_possible = 1 <= outputs <= 3 * WIDEST_CONCEALMENT_LAYER
        require(is_possible, name, f"{outputs} outputs, not 1 to {3 * WIDEST_CONCEALMENT_LAYER}")


@clause("PLC-net-weights")
def concealment_network(arrays: Arrays) -> ConcealmentNetwork:
    """Build the concealment network from the arrays of a model.

    Parameters
    ----------
    arrays : mapping of str to one-dimensional array
        By the names of the deployed weights (``plc_dense_in_weights_float``, ...); others are ignored.

    Returns
    -------
    ConcealmentNetwork

    Raises
    ------
    FeatureError
        N1: an array is missing, has another type or size, or holds a number that is not finite.
    """
    sizes = {
        name: needed_array(arrays, name, "bias" if name in CONCEALMENT_FLOAT_LAYERS else "scale").size
        for name in CONCEALMENT_LAYER_NAMES
    }
    layers = read_layers(arrays, CONCEALMENT_LAYER_NAMES, CONCEALMENT_FLOAT_LAYERS, _Wiring(sizes))
    return ConcealmentNetwork(layers)
