"""The layers of the decoder network in functional order, and the sizes that each demands of itself."""

from typing import Protocol

from dred_reference.clauses import clause
from dred_reference.errors import FeatureError

__all__ = [
    "BLOCKS",
    "FEATURES",
    "FLOAT_LAYERS",
    "FRAMES_PER_LATENT",
    "LARGEST_WIDTH",
    "LAYER_NAMES",
    "Widths",
    "Wiring",
    "require",
]

FEATURES = 20
FRAMES_PER_LATENT = 4  # 40 ms in feature frames of 10 ms
BLOCKS = range(1, 6)  # a GRU, its GLU and a convolution each
LARGEST_WIDTH = 1 << 16  # a limit of this package

FLOAT_LAYERS = ("dec_dense1", "dec_hidden_init")

LAYER_NAMES = (
    "dec_hidden_init",
    "dec_gru_init",
    "dec_dense1",
    *(
        name.format(k)
        for k in BLOCKS
        for name in ("dec_gru{}_input", "dec_gru{}_recurrent", "dec_glu{}", "dec_conv_dense{}", "dec_conv{}")
    ),
    "dec_output",
)


class Widths(Protocol):
    """Follows a network from its first layer to its last one; `Wiring` does for the decoder."""

    def inputs(self, name: str) -> int:
        """Return the number of inputs that the next layer must have."""
        ...

    def join(self, name: str, inputs: int, outputs: int) -> None:
        """Add the next layer; FeatureError N1 where its sizes do not fit those of the layers before it."""
        ...


class Wiring:
    """Follows the network from its first layer to its last one; each layer must have the sizes demanded.

    Parameters
    ----------
    latent_dim, state_dim : int
        Values of a latent (without the level value) and of the state.

    Attributes
    ----------
    outputs : dict of str to int
        Number of outputs of the layers joined so far.
    """

    def __init__(self, latent_dim: int, state_dim: int) -> None:
        self.latent_dim = latent_dim
        self.state_dim = state_dim
        self.outputs: dict[str, int] = {}

    @property
    def gru_size(self) -> int:
        """Size of a GRU state: a fifth of what dec_gru_init yields."""
        return self.outputs["dec_gru_init"] // len(BLOCKS)

    def _buffer_width(self) -> int:
        """Width of the concatenation of all the outputs so far  # B."""
        parts = ["dec_dense1", *(f"dec_glu{k}" for k in BLOCKS), *(f"dec_conv{k}" for k in BLOCKS)]
        return sum(self.outputs.get(name, 0) for name in parts)

    @clause("DRED-net-concat", "DRED-net-start", "DRED-net-input", "DRED-net-conv")
    def inputs(self, name: str) -> int:
        """Return the number of inputs that the next layer must have."""
        if name == "dec_hidden_init":
            return self.state_dim
        if name == "dec_gru_init":
            return self.outputs["dec_hidden_init"]
        if name == "dec_dense1":
            return self.latent_dim + 1
        if name.endswith("_recurrent") or name.startswith("dec_glu"):
            return self.gru_size
        if name.startswith("dec_conv") and not name.startswith("dec_conv_dense"):
            return 2 * self.outputs[f"dec_conv_dense{name[-1]}"]
        return self._buffer_width()

    def join(self, name: str, inputs: int, outputs: int) -> None:
        """Add the next layer.

        Parameters
        ----------
        name : str
            Its name; layers come in the order of `LAYER_NAMES`.
        inputs, outputs : int
            Its sizes.

        Raises
        ------
        FeatureError
            N1: the sizes do not fit those of the layers before it.
        """
        require(inputs == self.inputs(name), name, f"{inputs} inputs, not {self.inputs(name)}")
        is_possible = 1 <= outputs <= LARGEST_WIDTH and inputs <= LARGEST_WIDTH
        require(is_possible, name, f"{outputs} outputs of {inputs} inputs, not 1 to {LARGEST_WIDTH}")
        self.outputs[name] = outputs
        if name == "dec_gru_init":
            require(outputs % len(BLOCKS) == 0, name, f"{outputs} outputs are no five equal states")
        elif name.startswith("dec_gru"):
            require(outputs == 3 * self.gru_size, name, f"{outputs} outputs, not {3 * self.gru_size}")
        elif name.startswith("dec_glu"):
            require(outputs == self.gru_size, name, f"{outputs} outputs, not {self.gru_size}")
        elif name == "dec_output":
            wanted = FRAMES_PER_LATENT * FEATURES
            require(outputs == wanted, name, f"{outputs} outputs, not {wanted}")


def require(condition: bool, name: str, message: str) -> None:
    """Raise FeatureError N1 about a layer unless the condition holds."""
    if not condition:
        raise FeatureError("N1", f"{name}: {message}")
