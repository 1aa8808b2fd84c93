"""The encoder network as a stream: features in, a latent and a state out, every 20 ms."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dred_reference.clauses import clause
from dred_reference.encoding.steps import Encoding
from dred_reference.errors import FeatureError
from dred_reference.feature import Record
from dred_reference.feature.float64 import Float64Arithmetic
from dred_reference.network import FRAMES_PER_STEP, EncoderNetwork
from dred_reference.network.wiring import FEATURES

__all__ = ["LatentEncoder"]

Float64Array = NDArray[np.float64]


class LatentEncoder:
    """The encoder network, from silence on, in float64 with exact tanh and sigmoid.

    Parameters
    ----------
    network : EncoderNetwork
    record : Record, optional
        Receives every intermediate vector with its name, see `dred_reference.encoding.steps`.

    Attributes
    ----------
    latent_dim, state_dim : int
        Values of a latent and of a state.
    """

    def __init__(self, network: EncoderNetwork, record: Record | None = None) -> None:
        self.latent_dim = network.latent_dim
        self.state_dim = network.state_dim
        self._encoding = Encoding.start(network, Float64Arithmetic(network), record)

    @clause("ENC-net-input", "ENC-net-latent", "ENC-net-state")
    def step(self, features: ArrayLike) -> tuple[Float64Array, Float64Array]:
        """Encode the next 20 ms.

        Parameters
        ----------
        features : array_like of float64, shape (40,)
            Twenty features of the older 10 ms, then twenty of the newer.

        Returns
        -------
        latent : array of float64, shape (latent_dim,)
            Stands for the 40 ms that end with these features.
        state : array of float64, shape (state_dim,)
            From which a decoder starts whose newest latent is this one.

        Raises
        ------
        FeatureError
            N3: another shape, or a value that is not finite; the encoder is as before.
        """
        values = np.asarray(features, dtype=np.float64)
        if values.shape != (FRAMES_PER_STEP * FEATURES,):
            raise FeatureError("N3", f"features of shape {values.shape}, not ({FRAMES_PER_STEP * FEATURES},)")
        refused = np.flatnonzero(~np.isfinite(values))
        if refused.size:
            raise FeatureError("N3", "a value is not finite", int(refused[0]))
        latent, state = self._encoding.step(values)
        return latent[: self.latent_dim], state[: self.state_dim]
