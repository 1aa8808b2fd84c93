"""Features of what was lost, by the concealment network."""

import numpy as np

from dred_reference.clauses import clause
from dred_reference.concealment.interface import PredictionState
from dred_reference.feature.arithmetic import Vector
from dred_reference.network.concealment import CONCEALMENT_GRUS, ConcealmentNetwork
from dred_reference.vocoder.arithmetic import vocoder_arithmetic
from dred_reference.vocoder.sizes import LARGEST_FEATURE, FloatArray

__all__ = ["NetworkPrediction"]


class NetworkPrediction:
    """The concealment network, frame by frame; a `FeaturePrediction`.

    Parameters
    ----------
    network : ConcealmentNetwork
    profile : str
        One of `VOCODER_PROFILES`: the arithmetics of `dred_reference.vocoder`.

    Attributes
    ----------
    state : tuple of two Vector
        The states of the GRUs.

    Raises
    ------
    ValueError
        There is no such profile.
    FeatureError
        N1: the profile ``int8`` needs an array that the network does not have.
    """

    def __init__(self, network: ConcealmentNetwork, profile: str = "float64") -> None:
        self._arithmetic = vocoder_arithmetic(network, profile)
        self.state: PredictionState = tuple(self._arithmetic.zeros(size) for size in network.gru_sizes)

    @clause("PLC-net")
    def step(self, known: FloatArray) -> FloatArray:
        """Take the next frame, see `FeaturePrediction.step`.

        A limit of this package: features stay within 2^10, whatever the weights are.
        """
        arithmetic = self._arithmetic
        vector = known.astype(self.state[0].dtype)
        vector = arithmetic.tanh(arithmetic.linear("plc_dense_in", vector))  # d
        states = []
        for k, state in zip(CONCEALMENT_GRUS, self.state, strict=True):
            vector = self._gru(k, vector, state)
            states.append(vector)
        self.state = tuple(states)
        features = arithmetic.linear("plc_dense_out", vector).astype(np.float64)
        return np.clip(np.nan_to_num(features), -LARGEST_FEATURE, LARGEST_FEATURE)

    @clause("PLC-net")
    def _gru(self, k: int, vector: Vector, state: Vector) -> Vector:
        """Return the next state of a GRU."""
        arithmetic = self._arithmetic
        input_z, input_r, input_c = np.split(arithmetic.linear(f"plc_gru{k}_input", vector), 3)
        state_z, state_r, state_c = np.split(arithmetic.linear(f"plc_gru{k}_recurrent", state), 3)
        update = arithmetic.sigmoid(input_z + state_z)  # z
        reset = arithmetic.sigmoid(input_r + state_r)  # r
        candidate = arithmetic.tanh(input_c + arithmetic.product(reset, state_c))  # h
        return arithmetic.blend(update, state, candidate)
