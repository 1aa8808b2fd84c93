"""From speech to acoustic features, 10 ms at a time."""

import numpy as np
from numpy.typing import ArrayLike

from dred_reference.analysis.bands import band_energies
from dred_reference.analysis.cepstrum import cepstrum
from dred_reference.analysis.correlation import correlation_feature
from dred_reference.analysis.cross_correlation import cross_correlations
from dred_reference.analysis.excitation import Excitation
from dred_reference.analysis.instantaneous_frequency import InstantaneousFrequency
from dred_reference.analysis.pitch import PitchEstimator, pitch_period
from dred_reference.analysis.prediction import lpc_from_cepstrum
from dred_reference.analysis.sizes import FEATURES, FRAME_SIZE, LARGEST_SAMPLE, LPC_ORDER, FloatArray
from dred_reference.analysis.spectrum import ShortTimeSpectrum
from dred_reference.clauses import clause
from dred_reference.errors import FeatureError

__all__ = ["FeatureExtractor", "extract_features"]


def _checked(samples: ArrayLike) -> FloatArray:
    """Return samples as float64, or refuse them."""
    array = np.asarray(samples, dtype=np.float64)
    if array.ndim != 1:
        raise FeatureError("N3", f"samples of shape {array.shape}, not (samples,)")
    refused = np.flatnonzero(~(np.abs(array) <= LARGEST_SAMPLE))
    if refused.size:
        where = int(refused[0])
        raise FeatureError("N3", f"sample {array[where]} is not within 2^30", where)
    return array


class FeatureExtractor:
    """The analysis, frame by frame; before the first frame there was silence.

    Parameters
    ----------
    pitch : PitchEstimator
        `NetworkPitch` or `PitchTracker`, fresh: it keeps a state.
    """

    def __init__(self, pitch: PitchEstimator) -> None:
        self._pitch = pitch
        self._spectrum = ShortTimeSpectrum()
        self._frequency = InstantaneousFrequency()
        self._excitation = Excitation()

    @clause("FEAT-frame")
    def frame(self, samples: ArrayLike) -> FloatArray:
        """Return the features of the next frame.

        They describe the 10 ms centred at the beginning of the frame: from 15 ms before its end to 5 ms
        before it.

        Parameters
        ----------
        samples : array_like of float64, shape (160,)
            16 kHz, in units of int16 (full scale is 32768).

        Returns
        -------
        array of float64, shape (36,)
            18 cepstral coefficients, pitch (octaves over 177 Hz), correlation, 16 LPC taps.

        Raises
        ------
        FeatureError
            N3: another shape, or a sample that is no finite number within 2^30. The state stays as it was.
        """
        checked = _checked(samples)
        if checked.shape != (FRAME_SIZE,):
            raise FeatureError("N3", f"a frame of {len(checked)} samples, not {FRAME_SIZE}")
        return self._analysed(checked)

    def _analysed(self, samples: FloatArray) -> FloatArray:
        spectrum = self._spectrum.frame(samples)
        cepstral = cepstrum(band_energies(spectrum))
        taps = lpc_from_cepstrum(cepstral)
        self._excitation.frame(self._spectrum.aligned, taps)
        correlations = cross_correlations(self._excitation.excitation)
        pitch = self._pitch.estimate(correlations, self._frequency.frame(spectrum))
        correlation = correlation_feature(self._excitation.low_passed, pitch_period(pitch))
        return np.concatenate([cepstral, [pitch, correlation], taps])


@clause("FEAT-frame")
def extract_features(samples: ArrayLike, pitch: PitchEstimator) -> FloatArray:
    """Return the features of speech, from a fresh start.

    Parameters
    ----------
    samples : array_like of float64, shape (n,)
        16 kHz, in units of int16. What is left after the last whole frame is not looked at.
    pitch : PitchEstimator

    Returns
    -------
    array of float64, shape (n // 160, 36)
        See `FeatureExtractor.frame`; row t belongs to samples 160 t to 160 t + 159.

    Raises
    ------
    FeatureError
        N3: another shape, or a sample that is no finite number within 2^30.
    """
    checked = _checked(samples)
    extractor = FeatureExtractor(pitch)
    count = len(checked) // FRAME_SIZE
    features = np.empty((count, FEATURES + LPC_ORDER))
    for row, frame in zip(features, checked[: count * FRAME_SIZE].reshape(count, FRAME_SIZE), strict=True):
        row[:] = extractor.frame(frame)
    return features
