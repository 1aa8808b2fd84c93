"""The decoder network in functional order: what happens to a state, and then to each latent.

The vectors that a `Record` receives, in this order. A layer gives its preactivations under its own name, and
tanh of them under that name without ``dec_``.

- start: ``state``, ``dec_hidden_init``, ``hidden_init``, ``dec_gru_init``, ``gru_init``, ``gru1.state`` to
  ``gru5.state``;
- each step: ``latent``, ``dec_dense1``, ``dense1``, then for k = 1 to 5 ``dec_gruK_input``,
  ``dec_gruK_recurrent``, ``gruK.z``, ``gruK.r``, ``gruK.c``, ``gruK.state``, ``dec_gluK``, ``gluK``,
  ``dec_conv_denseK``, ``conv_denseK``, ``dec_convK``, ``convK``; and ``dec_output``.
"""

from dataclasses import dataclass

import numpy as np

from dred_reference.clauses import clause
from dred_reference.feature.arithmetic import Vector
from dred_reference.feature.recorded import RecordedLayers
from dred_reference.network import BLOCKS
from dred_reference.network.wiring import FEATURES, FRAMES_PER_LATENT

__all__ = ["Decoding"]


@dataclass
class Decoding(RecordedLayers):
    """The network while it decodes a payload.

    Attributes
    ----------
    memory_sizes : tuple of int
        Sizes of the convolution memories.
    states : dict of int to Vector
        State of GRU k  # h
    memories : dict of int to Vector
        Memory of convolution k: its input at the previous step.
    """

    prefix = "dec_"
    memory_sizes: tuple[int, ...]
    states: dict[int, Vector]
    memories: dict[int, Vector]

    @clause("DRED-net-start", "FIX-start")
    def start(self, state: Vector) -> None:
        """Begin a payload.

        Parameters
        ----------
        state : Vector, shape (state_dim,)
            The initial state.
        """
        hidden = self.tanh_layer("dec_hidden_init", self.named("state", state))  # h
        states = self.tanh_layer("dec_gru_init", hidden)  # g
        for k, part in zip(BLOCKS, np.split(states, len(BLOCKS)), strict=True):
            self.states[k] = self.named(f"gru{k}.state", part)
        for k, size in zip(BLOCKS, self.memory_sizes, strict=True):
            self.memories[k] = self.arithmetic.zeros(size)

    @clause("DRED-net-input", "DRED-net-concat", "DRED-net-output", "FIX-step", "FIX-output")
    def step(self, latent: Vector) -> Vector:
        """Decode the next latent; they come newest first.

        Parameters
        ----------
        latent : Vector, shape (latent_dim + 1,)
            The values of the latent and after them its level value  # z

        Returns
        -------
        Vector, shape (4, 20)
            The features of 40 ms, newest 10 ms first.
        """
        buffer = self.tanh_layer("dec_dense1", self.named("latent", latent))  # B
        for k in BLOCKS:
            self._gru(k, buffer)
            buffer = np.concatenate([buffer, self._glu(k)])
            buffer = np.concatenate([buffer, self._convolution(k, buffer)])
        output = self.linear("dec_output", buffer)  # p
        return self.arithmetic.features(output).reshape(FRAMES_PER_LATENT, FEATURES)

    @clause("DRED-net-gru", "FIX-gru")
    def _gru(self, k: int, buffer: Vector) -> None:
        """Update the state of a GRU."""
        arithmetic = self.arithmetic
        state = self.states[k]  # h
        input_z, input_r, input_c = np.split(self.linear(f"dec_gru{k}_input", buffer), 3)  # P
        recurrent_z, recurrent_r, recurrent_c = np.split(self.linear(f"dec_gru{k}_recurrent", state), 3)  # R
        update = self.named(f"gru{k}.z", arithmetic.sigmoid(input_z + recurrent_z))  # z
        reset = self.named(f"gru{k}.r", arithmetic.sigmoid(input_r + recurrent_r))  # r
        candidate = arithmetic.tanh(input_c + arithmetic.product(reset, recurrent_c))  # c
        self.named(f"gru{k}.c", candidate)
        self.states[k] = self.named(f"gru{k}.state", arithmetic.blend(update, state, candidate))

    @clause("DRED-net-glu", "FIX-glu")
    def _glu(self, k: int) -> Vector:
        """Return the gated state of a GRU; the state itself stays as it is."""
        state = self.states[k]
        gates = self.arithmetic.sigmoid(self.linear(f"dec_glu{k}", state))
        return self.named(f"glu{k}", self.arithmetic.product(gates, state))

    @clause("DRED-net-conv", "FIX-conv")
    def _convolution(self, k: int, buffer: Vector) -> Vector:
        """Return what a convolution makes of its previous and its current input."""
        current = self.tanh_layer(f"dec_conv_dense{k}", buffer)  # c
        both = np.concatenate([self.memories[k], current])
        self.memories[k] = current
        return self.tanh_layer(f"dec_conv{k}", both)
