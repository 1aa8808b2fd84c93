"""The pitch by a neural network (PitchDNN)."""

from collections.abc import Callable

import numpy as np

from dred_reference.analysis.pitch import pitch_feature
from dred_reference.analysis.sizes import FloatArray
from dred_reference.clauses import clause
from dred_reference.feature.arithmetic import Arithmetic, Vector
from dred_reference.feature.float64 import Float64Arithmetic
from dred_reference.feature.int8 import PlainCArithmetic, X86Arithmetic
from dred_reference.network.pitch import (
    CROSS_CORRELATIONS,
    KERNEL,
    PITCH_CLASSES,
    PitchNetwork,
    PlaneConvolution,
)
from dred_reference.network.record import LinearLayers

__all__ = ["PITCH_PROFILES", "NetworkPitch"]

_ARITHMETICS: dict[str, Callable[[LinearLayers], Arithmetic]] = {
    "float64": Float64Arithmetic,
    "int8": X86Arithmetic,
    "int8-c": PlainCArithmetic,
}
PITCH_PROFILES = tuple(_ARITHMETICS)
PADDING = 1  # lag of zeros at both ends of a row
NEIGHBOURS = 2  # classes at both sides of the most likely one that count for its centre
LEAST_LOGIT = -1.0  # of a most likely class; if all are below it, class 0


class NetworkPitch:
    """PitchDNN, frame by frame.

    Parameters
    ----------
    network : PitchNetwork
    profile : str
        One of `PITCH_PROFILES`: the arithmetics of `dred_reference.feature`.

    Raises
    ------
    ValueError
        There is no such profile.
    FeatureError
        N1: the profile ``int8`` needs an array that the network does not have.
    """

    def __init__(self, network: PitchNetwork, profile: str = "float64") -> None:
        if profile not in _ARITHMETICS:
            raise ValueError(f"profile {profile!r} is none of {', '.join(PITCH_PROFILES)}")
        self._arithmetic = _ARITHMETICS[profile](network)
        self._state = self._arithmetic.zeros(network.state_size)
        self._planes = [_Plane(each, self._arithmetic) for each in network.convolutions]

    def estimate(self, correlations: FloatArray, phases: FloatArray) -> float:
        """Return the pitch feature of the next frame, see `PitchEstimator`."""
        return pitch_feature(centre_of_peak(self.logits(correlations, phases)))

    @clause("FEAT-net", "FEAT-net-gru")
    def logits(self, correlations: FloatArray, phases: FloatArray) -> Vector:
        """Return how likely each pitch class is in the next frame, as logarithms.

        Parameters
        ----------
        correlations : array of float64, shape (224,)
        phases : array of float64, shape (88,)

        Returns
        -------
        array, shape (180,)
            float64, or float32 in the profiles of int8.
        """
        arithmetic, dtype = self._arithmetic, self._state.dtype
        hidden = self._tanh_layer("dense_if_upsampler_1", phases.astype(dtype))  # a
        hidden = self._tanh_layer("dense_if_upsampler_2", hidden)  # b
        rows = correlations.astype(dtype)[None]
        for plane in self._planes:
            rows = plane.frame(rows)
        joined = np.concatenate([rows[0], hidden])
        self._advance(self._tanh_layer("dense_downsampler", joined))
        return arithmetic.linear("dense_final_upsampler", self._state)[:PITCH_CLASSES]

    def _tanh_layer(self, name: str, vector: Vector) -> Vector:
        return self._arithmetic.tanh(self._arithmetic.linear(name, vector))

    @clause("FEAT-net-gru")
    def _advance(self, vector: Vector) -> None:
        """Update the state of the GRU."""
        arithmetic = self._arithmetic
        input_z, input_r, input_c = np.split(arithmetic.linear("gru_1_input", vector), 3)
        state_z, state_r, state_c = np.split(arithmetic.linear("gru_1_recurrent", self._state), 3)
        update = arithmetic.sigmoid(input_z + state_z)  # z
        reset = arithmetic.sigmoid(input_r + state_r)  # r
        candidate = arithmetic.tanh(input_c + arithmetic.product(reset, state_c))  # h
        self._state = arithmetic.blend(update, self._state, candidate)


class _Plane:
    """A convolution over three frames and three lags, with tanh; it remembers its last two frames."""

    def __init__(self, convolution: PlaneConvolution, arithmetic: Arithmetic) -> None:
        self._arithmetic = arithmetic
        dtype = arithmetic.zeros(0).dtype
        outputs, inputs = convolution.weights.shape[:2]
        self._weights = convolution.weights.astype(dtype).reshape(outputs, -1)
        self._bias = convolution.bias.astype(dtype)[:, None]
        self._frames = np.zeros((inputs, KERNEL, CROSS_CORRELATIONS + 2 * PADDING), dtype=dtype)

    @clause("FEAT-net-convolution")
    def frame(self, rows: Vector) -> Vector:
        """Return the rows (channels out, 224) of rows (channels in, 224)."""
        self._frames[:, :-1] = self._frames[:, 1:].copy()
        self._frames[:, -1, PADDING:-PADDING] = rows
        patches = np.stack(
            [self._frames[..., lag : lag + CROSS_CORRELATIONS] for lag in range(KERNEL)], axis=2
        ).reshape(-1, CROSS_CORRELATIONS)
        return self._arithmetic.tanh(self._weights @ patches + self._bias)


@clause("FEAT-pitch")
def centre_of_peak(logits: Vector) -> float:
    """Return the centre of the most likely pitch class and the two classes at its sides.

    The first of equals is the most likely; if none is above -1, it is class 0. The centre is the mean of the
    classes, weighted by the exponentials of their logits.
    """
    position = int(np.argmax(logits))  # pos
    if not logits[position] > LEAST_LOGIT:
        position = 0
    first = max(0, position - NEIGHBOURS)
    near = logits[first : position + NEIGHBOURS + 1].astype(np.float64)
    weights = np.exp(near - near.max())
    return float(weights @ np.arange(first, first + len(near)) / weights.sum())
