"""The encoder network in functional order: what happens to the features of 20 ms.

The vectors that a `Record` receives, in this order. A layer gives its preactivations under its own name, and
tanh of them under that name without ``enc_``: ``features``, ``enc_dense1``, ``dense1``, then for k = 1 to 5
``enc_gruK_input``, ``enc_gruK_recurrent``, ``gruK.z``, ``gruK.r``, ``gruK.c``, ``gruK.state``,
``enc_conv_denseK``, ``conv_denseK``, ``enc_convK``, ``convK``; and ``enc_zdense``, ``gdense1``,
``gdense1.tanh``, ``gdense2``.
"""

from dataclasses import dataclass

import numpy as np

from dred_reference.clauses import clause
from dred_reference.feature import Arithmetic, Record, Vector
from dred_reference.feature.recorded import RecordedLayers
from dred_reference.network import BLOCKS, DILATIONS, EncoderNetwork

__all__ = ["Encoding"]


@dataclass
class Encoding(RecordedLayers):
    """The network while it runs along a signal.

    Attributes
    ----------
    states : dict of int to Vector
        State of GRU k  # h
    memories : dict of int to list of Vector
        Inputs of convolution k at the steps before, oldest first: as many as its dilation.
    """

    prefix = "enc_"
    states: dict[int, Vector]
    memories: dict[int, list[Vector]]

    @classmethod
    @clause("ENC-net-start")
    def start(cls, network: EncoderNetwork, arithmetic: Arithmetic, record: Record | None) -> "Encoding":
        """Return the network at rest: all states and memories are zero."""
        states = {k: arithmetic.zeros(size) for k, size in zip(BLOCKS, network.gru_sizes, strict=True)}
        memories = {
            k: [arithmetic.zeros(size)] * DILATIONS[k]
            for k, size in zip(BLOCKS, network.convolution_sizes, strict=True)
        }
        return cls(arithmetic, record, states, memories)

    @clause("ENC-net-input", "ENC-net-concat", "ENC-net-latent", "ENC-net-state")
    def step(self, features: Vector) -> tuple[Vector, Vector]:
        """Encode the next 20 ms.

        Parameters
        ----------
        features : Vector, shape (40,)
            The features of the older 10 ms and behind them those of the newer  # x

        Returns
        -------
        latent, state : Vector
            All outputs of the two last layers, padding included.
        """
        buffer = self.tanh_layer("enc_dense1", self.named("features", features))  # B
        for k in BLOCKS:
            buffer = np.concatenate([buffer, self._gru(k, buffer)])
            buffer = np.concatenate([buffer, self._convolution(k, buffer)])
        latent = self.linear("enc_zdense", buffer)
        hidden = self.named("gdense1.tanh", self.arithmetic.tanh(self.linear("gdense1", buffer)))  # s
        return latent, self.linear("gdense2", hidden)

    @clause("ENC-net-gru")
    def _gru(self, k: int, buffer: Vector) -> Vector:
        """Update the state of a GRU and return it; it is not gated."""
        arithmetic = self.arithmetic
        state = self.states[k]  # h
        size = len(state)
        inputs = self.linear(f"enc_gru{k}_input", buffer)
        recurrent = self.linear(f"enc_gru{k}_recurrent", state)
        both = arithmetic.sigmoid(inputs[: 2 * size] + recurrent[: 2 * size])
        update = self.named(f"gru{k}.z", both[:size])  # z
        reset = self.named(f"gru{k}.r", both[size:])  # r
        inner = arithmetic.product(reset, recurrent[2 * size :])
        candidate = self.named(f"gru{k}.c", arithmetic.tanh(inputs[2 * size :] + inner))  # c
        self.states[k] = self.named(f"gru{k}.state", arithmetic.blend(update, state, candidate))
        return self.states[k]

    @clause("ENC-net-conv")
    def _convolution(self, k: int, buffer: Vector) -> Vector:
        """Return what a convolution makes of its input of some steps ago and its current one."""
        current = self.tanh_layer(f"enc_conv_dense{k}", buffer)  # c
        before, *since = self.memories[k]
        self.memories[k] = [*since, current]
        return self.tanh_layer(f"enc_conv{k}", np.concatenate([before, current]))
