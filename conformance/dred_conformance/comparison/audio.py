"""The comparison of speech at 16 kHz, as the working group's tool does it.

Frames of 40 ms, 10 ms apart. ``err4`` and ``err16`` measure how differently loud the two are in 17 bands:
``err4`` the error as such, ``err16`` mostly its peaks. ``pitch`` measures whether the candidate is as
periodic as the reference where that is voiced. Nothing is aligned: sample `i` belongs to sample `i`.
"""

import numpy as np
from numpy.typing import ArrayLike

from dred_conformance.comparison.audio_result import AudioComparison, AudioThresholds
from dred_conformance.comparison.errors import SignalError, TruncatedError
from dred_conformance.comparison.excitation import excitations
from dred_conformance.comparison.filtering import (
    FRAME_SAMPLES,
    SAMPLING_RATE,
    STEP_SAMPLES,
    frame_count,
    high_pass,
)
from dred_conformance.comparison.loudness import BandErrors, band_errors
from dred_conformance.comparison.measure import FloatArray, IntArray, Measure
from dred_conformance.comparison.periodicity import VOICED_CORRELATION, Periodicity, periodicity

__all__ = ["LARGEST_SAMPLE", "LONGEST_SECONDS", "compare_audio"]

LONGEST_SECONDS = 600
LARGEST_SAMPLE = 2.0**24  # full scale is 2**15


def compare_audio(
    reference: ArrayLike, candidate: ArrayLike, thresholds: AudioThresholds | None = None
) -> AudioComparison:
    """Compare two mono signals of 16 kHz.

    Parameters
    ----------
    reference, candidate : array_like, shape (samples,)
        In units of int16: full scale is 32768.
    thresholds : AudioThresholds, optional
        The working group's for the vocoder unless given.

    Returns
    -------
    AudioComparison
        A candidate with NaN, infinity or a sample beyond 2**24 fails (such a sample counts as 0 in the
        breakdowns), and so does any pair without a voiced frame. A longer candidate is cut to the reference.

    Raises
    ------
    SignalError
        Another shape, a reference that is shorter than a frame, longer than `LONGEST_SECONDS` or not all
        numbers.
    TruncatedError
        The candidate is shorter.
    """
    limits = thresholds or AudioThresholds()
    left, right = _samples(reference, "reference"), _samples(candidate, "candidate")
    _check_reference(left)
    if len(right) < len(left):
        raise TruncatedError("samples", len(left), len(right))
    extra, right = len(right) - len(left), right[: len(left)]
    bad = np.flatnonzero(~_is_number(right))
    frames = frame_count(len(left))
    filtered = high_pass(left), high_pass(np.where(_is_number(right), right, 0.0))
    periodic = periodicity(*filtered, frames)
    bands = band_errors(*excitations(*filtered, frames))
    del filtered
    voiced = int(np.count_nonzero(~np.isnan(periodic.lags)))
    scale = 100 / np.sqrt(bands.loudness.sum())
    measures = _measures(bands, periodic, scale, limits, bad)
    return AudioComparison(
        limits,
        len(left),
        frames,
        voiced,
        extra,
        measures,
        scale * np.mean(bands.fine**2, axis=0) ** (1 / 4),
        scale * np.mean(bands.coarse**8, axis=0) ** (1 / 16),
        np.argmax(bands.fine, axis=0),
        bands.difference,
        periodic,
        tuple(_reasons(bad, right, voiced, measures)),
    )


def _samples(values: ArrayLike, role: str) -> FloatArray:
    try:
        samples = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise SignalError(f"the {role} is no array of numbers: {error}") from error
    if samples.ndim != 1:
        raise SignalError(f"the {role} has shape {samples.shape}, not (samples,): one channel only")
    return samples


def _is_number(samples: FloatArray) -> np.ndarray:
    return np.abs(samples) <= LARGEST_SAMPLE


def _check_reference(samples: FloatArray) -> None:
    if len(samples) < FRAME_SAMPLES:
        raise SignalError(
            f"the reference has {len(samples)} samples, fewer than the {FRAME_SAMPLES} (40 ms) of one frame"
        )
    if len(samples) > LONGEST_SECONDS * SAMPLING_RATE:
        raise SignalError(
            f"the reference is longer than {LONGEST_SECONDS} s; cut both files "
            "(the errors shrink with the length anyway, so thresholds are made for short files)"
        )
    bad = np.flatnonzero(~_is_number(samples))
    if bad.size:
        raise SignalError(f"the reference is no reference: sample {bad[0]} is {samples[bad[0]]}")


def _measures(
    bands: BandErrors, periodic: Periodicity, scale: float, limits: AudioThresholds, bad: IntArray
) -> tuple[Measure, Measure, Measure]:
    """Return the figures; the frames that hold a sample of `bad` get infinite own errors."""
    frame_fine = bands.fine.mean(axis=1)  # Ef2
    frame_coarse = (bands.coarse**2).mean(axis=1) ** 2  # Ef4
    own_pitch = np.abs(periodic.reference - periodic.candidate)
    is_voiced = ~np.isnan(own_pitch)
    values = (
        scale * np.mean(frame_fine**2) ** (1 / 4),
        scale * np.mean(frame_coarse**2) ** (1 / 16),
        own_pitch[is_voiced].mean() if is_voiced.any() else np.nan,
    )
    own = (scale * frame_fine ** (1 / 2), scale * frame_coarse ** (1 / 8), own_pitch)
    for sample in bad:
        first = max(0, (sample - FRAME_SAMPLES) // STEP_SAMPLES + 1)
        touched = slice(first, sample // STEP_SAMPLES + 1)
        own[0][touched] = own[1][touched] = np.inf
        own_pitch[touched] = np.where(is_voiced[touched], np.inf, np.nan)
    names, largest = ("err4", "err16", "pitch"), (limits.err4, limits.err16, limits.pitch)
    first_three = zip(names, values, largest, own, strict=True)
    err4, err16, pitch = (
        Measure(name, float("nan") if bad.size else float(value), limit, errors)
        for name, value, limit, errors in first_three
    )
    return err4, err16, pitch


def _reasons(
    bad: IntArray, samples: FloatArray, voiced: int, measures: tuple[Measure, Measure, Measure]
) -> list[str]:
    reasons = []
    if bad.size:
        reasons.append(
            f"samples of the candidate that are no numbers (NaN, infinity) or beyond 2**24: {bad.size}, "
            f"the first is sample {bad[0]} with {samples[bad[0]]}"
        )
    if not voiced:
        reasons.append(
            f"no voiced frame: no correlation of the reference is above {VOICED_CORRELATION}, so pitch is 0/0"
        )
    judged = [each for each in measures if voiced or each.name != "pitch"]
    return reasons + [complaint for each in judged if (complaint := each.complaint())]
