"""The conditioning network: from the features of three frames to what the four subframes are told."""

import numpy as np

from dred_reference.analysis.sizes import PITCH_MIN
from dred_reference.clauses import clause
from dred_reference.feature.arithmetic import Arithmetic, Vector
from dred_reference.network.vocoder import EMBEDDED_PERIODS, SUBFRAMES, VocoderNetwork

__all__ = ["Conditioning"]


class Conditioning:
    """The conditioning network, frame by frame.

    Parameters
    ----------
    network : VocoderNetwork
    arithmetic : Arithmetic
        The numbers to compute with, and the layers.
    """

    def __init__(self, network: VocoderNetwork, arithmetic: Arithmetic) -> None:
        self._arithmetic = arithmetic
        self._embedding = network.layers["cond_net_pembed"].weights
        self._memory = [arithmetic.zeros(network.conditioning_memory_size)] * 2  # oldest first

    @clause("VOC-conditioning")
    def frame(self, features: Vector, period: int) -> list[Vector]:
        """Return what each subframe is told.

        Parameters
        ----------
        features : Vector, shape (20,)
        period : int
            The period of these features, in samples.

        Returns
        -------
        list of four Vector
        """
        embedding = self._embedding[:, min(max(period - PITCH_MIN, 0), EMBEDDED_PERIODS - 1)]
        joined = np.concatenate([features, embedding.astype(features.dtype)])
        hidden = self._tanh_layer("cond_net_fdense1", joined)  # u
        window = np.concatenate([*self._memory, hidden])
        self._memory = [self._memory[1], hidden]
        condition = self._tanh_layer("cond_net_fdense2", self._tanh_layer("cond_net_fconv1", window))
        return np.split(condition, SUBFRAMES)

    def _tanh_layer(self, name: str, vector: Vector) -> Vector:
        return self._arithmetic.tanh(self._arithmetic.linear(name, vector))
