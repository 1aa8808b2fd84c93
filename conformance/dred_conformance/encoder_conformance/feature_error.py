"""Errors of decoded features by age, added up over packets."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dred_conformance.comparison.feature_result import CORRELATION, PITCH, VOICED_ABOVE
from dred_conformance.encoder_conformance.ages import age_spans, span_of
from dred_conformance.encoder_conformance.speech import CEPSTRUM, FEATURES

__all__ = ["AgeErrors", "ErrorByAge"]

FRAME_MS = 10
_COUNTED = [index for index in range(FEATURES) if index != PITCH]


@dataclass(frozen=True)
class AgeErrors:
    """Errors in one span of age.

    Attributes
    ----------
    frames, voiced
        Frames compared, and those of them that are voiced in the input.
    cepstral_rms
        Root of the mean square over frames and the 18 coefficients.
    pitch_octaves
        Mean absolute error of the pitch over voiced frames.
    total
        The working group's ``total``: root of the sum over 19 features of their mean squares.
    """

    frames: int
    voiced: int
    cepstral_rms: float | None
    pitch_octaves: float | None
    total: float | None


class ErrorByAge:
    """Adds up errors.

    Parameters
    ----------
    has_pitch
        Whether pitch and correlation of the input are known.
    """

    def __init__(self, *, has_pitch: bool) -> None:
        spans = len(age_spans()) + 1
        self._has_pitch = has_pitch
        self._squares = np.zeros((spans, FEATURES))
        self._frames = np.zeros(spans)
        self._voiced = np.zeros(spans)
        self._pitch = np.zeros(spans)

    def add(
        self, reference: NDArray[np.float64], decoded: NDArray[np.float64], counted: NDArray[np.bool_]
    ) -> None:
        """Take the frames of a packet into account, newest first.

        Parameters
        ----------
        reference, decoded : array of float64, shape (frames, 20)
        counted : array of bool, shape (frames,)
            Which frames to compare.
        """
        spans = span_of(FRAME_MS * (np.arange(len(decoded), dtype=np.float64) + 0.5))
        errors = np.where(counted[:, None], decoded - reference, 0.0)
        np.add.at(self._squares, spans[counted], errors[counted] ** 2)
        np.add.at(self._frames, spans[counted], 1)
        voiced = counted & (reference[:, CORRELATION] > VOICED_ABOVE)
        np.add.at(self._voiced, spans[voiced], 1)
        np.add.at(self._pitch, spans[voiced], np.abs(errors[voiced, PITCH]))

    def spans(self) -> list[AgeErrors]:
        """Return the errors of each span."""
        return [self._span(index) for index in range(len(age_spans()))]

    def _span(self, index: int) -> AgeErrors:
        frames, voiced = int(self._frames[index]), int(self._voiced[index])
        if not frames:
            return AgeErrors(0, 0, None, None, None)
        mean = self._squares[index] / frames
        return AgeErrors(
            frames,
            voiced if self._has_pitch else 0,
            float(np.sqrt(mean[:CEPSTRUM].mean())),
            float(self._pitch[index] / voiced) if voiced and self._has_pitch else None,
            float(np.sqrt(mean[_COUNTED].sum())) if self._has_pitch else None,
        )
