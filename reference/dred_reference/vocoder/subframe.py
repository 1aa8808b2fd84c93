"""The signal network: 40 samples out of the conditioning, of a pitch period ago and of the samples before."""

import numpy as np

from dred_reference.analysis.sizes import PITCH_MAX
from dred_reference.clauses import clause
from dred_reference.feature.arithmetic import Arithmetic, Vector
from dred_reference.feature.reproducible import exponential
from dred_reference.network.vocoder import SIGNAL_GRUS, SUBFRAME_SIZE, VocoderNetwork
from dred_reference.vocoder.prediction import periodic_extension

__all__ = ["SignalNetwork"]

GAIN_FLOOR = 1e-5
LARGEST_LOG_GAIN = 80.0  # a limit of this package: speech has negative ones, and float32 ends at 88
_MIDDLE = slice(2, 2 + SUBFRAME_SIZE)  # of the prediction


class SignalNetwork:
    """The signal network, subframe by subframe.

    Parameters
    ----------
    network : VocoderNetwork
    arithmetic : Arithmetic
        The numbers to compute with, and the layers.

    Attributes
    ----------
    history : Vector, shape (256,)
        The last 16 ms of pre-emphasised output, the newest sample last  # pitch_buf
    """

    def __init__(self, network: VocoderNetwork, arithmetic: Arithmetic) -> None:
        self._arithmetic = arithmetic
        self._memory = arithmetic.zeros(network.subframe_memory_size)  # of the convolution
        sizes = zip(SIGNAL_GRUS, network.signal_gru_sizes, strict=True)
        self._states = {k: arithmetic.zeros(size) for k, size in sizes}
        self.history = arithmetic.zeros(PITCH_MAX)

    @clause("VOC-gain", "VOC-prediction", "VOC-hidden", "VOC-gru", "VOC-skip")
    def subframe(self, condition: Vector, period: int) -> Vector:
        """Synthesise 40 samples and append them to the history.

        Parameters
        ----------
        condition : Vector
            What the conditioning network tells this subframe.
        period : int
            In samples.

        Returns
        -------
        Vector, shape (40,)
            Pre-emphasised samples  # y
        """
        arithmetic = self._arithmetic
        log_gain = float(arithmetic.linear("sig_net_cond_gain_dense", condition)[0])
        gain = condition.dtype.type(exponential(np.array(min(log_gain, LARGEST_LOG_GAIN))))
        prediction = self._normalised(periodic_extension(self.history, period), gain)  # pred
        previous = self._normalised(self.history[-SUBFRAME_SIZE:], gain)  # prev
        hidden = self._hidden(np.concatenate([condition, prediction, previous]))  # h
        shares = arithmetic.sigmoid(arithmetic.linear("sig_net_gain_dense_out", hidden))  # pg
        gated = [np.concatenate([share * prediction[_MIDDLE], previous]) for share in shares]
        outputs = [hidden]
        for k in SIGNAL_GRUS:
            outputs.append(self._gru(k, np.concatenate([outputs[-1], gated[k - 1]])))
        joined = np.concatenate([*outputs[1:], hidden, gated[-1]])
        skip = arithmetic.tanh(arithmetic.linear("sig_net_skip_dense", joined))  # k
        skip = self._gated("sig_net_skip_glu_gate", skip)
        samples: Vector = gain * arithmetic.tanh(arithmetic.linear("sig_net_sig_dense_out", skip))
        self.history = np.concatenate([self.history[SUBFRAME_SIZE:], samples])
        return samples

    @staticmethod
    @clause("VOC-gain")
    def _normalised(samples: Vector, gain: np.floating) -> Vector:
        """Return samples over the gain, limited to -1 .. 1."""
        inverse = samples.dtype.type(1) / (samples.dtype.type(GAIN_FLOOR) + gain)  # ginv
        normalised: Vector = np.clip(inverse * samples, -1, 1)
        return normalised

    @clause("VOC-hidden")
    def _hidden(self, vector: Vector) -> Vector:
        """Return what the convolution makes of the previous subframe and this one."""
        window = np.concatenate([self._memory, vector])
        self._memory = vector
        hidden = self._arithmetic.tanh(self._arithmetic.linear("sig_net_fwc0_conv", window))
        return self._gated("sig_net_fwc0_glu_gate", hidden)

    @clause("VOC-gru")
    def _gru(self, k: int, vector: Vector) -> Vector:
        """Update the state of a GRU; return it gated, while the state itself stays as it is."""
        arithmetic, state = self._arithmetic, self._states[k]
        size = len(state)
        inputs = arithmetic.linear(f"sig_net_gru{k}_input", vector)
        recurrent = arithmetic.linear(f"sig_net_gru{k}_recurrent", state)
        both = arithmetic.sigmoid(inputs[: 2 * size] + recurrent[: 2 * size])
        update, reset = both[:size], both[size:]  # z, r
        inner = arithmetic.product(reset, recurrent[2 * size :])
        candidate = arithmetic.tanh(inputs[2 * size :] + inner)  # c
        self._states[k] = arithmetic.blend(update, state, candidate)
        return self._gated(f"sig_net_gru{k}_glu_gate", self._states[k])

    def _gated(self, name: str, vector: Vector) -> Vector:
        return self._arithmetic.product(
            self._arithmetic.sigmoid(self._arithmetic.linear(name, vector)), vector
        )
