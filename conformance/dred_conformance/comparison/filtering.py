"""The high-pass filter ahead of the audio comparison, and the cutting into frames."""

import numpy as np

from dred_conformance.comparison.measure import FloatArray

__all__ = ["FRAME_SAMPLES", "SAMPLING_RATE", "STEP_SAMPLES", "frame_count", "high_pass", "seconds", "windows"]

FRAME_SAMPLES = 640
STEP_SAMPLES = 160
SAMPLING_RATE = 16000

# The two poles lie so close to 1 that rounding these coefficients to float32, and the memory of the filter
# with them, moves the figures in the fifth digit. The working group's tool does both, hence so do we.
FEEDBACK = (float(np.float32(-1.97354)), float(np.float32(0.97417)))  # a
FEEDFORWARD = (-2.0, 1.0)  # b
_BLOCK = 1 << 16


def high_pass(samples: FloatArray) -> FloatArray:
    """Take away what lies below speech, from a filter at rest.

    Parameters
    ----------
    samples : array of float64
        In units of int16.
    """
    single = np.float32
    near = far = 0.0  # the memory, one and two samples back
    filtered = np.empty(len(samples))
    for start in range(0, len(samples), _BLOCK):
        block = samples[start : start + _BLOCK].tolist()
        for index, sample in enumerate(block):
            result = float(single(sample + near))
            near = float(single(far + FEEDFORWARD[0] * sample - FEEDBACK[0] * result))
            far = float(single(FEEDFORWARD[1] * sample - FEEDBACK[1] * result))
            block[index] = result
        filtered[start : start + _BLOCK] = block
    return filtered


def frame_count(samples: int) -> int:
    """Return how many frames of 40 ms, 10 ms apart, lie wholly in so many samples."""
    return max(0, (samples - FRAME_SAMPLES + STEP_SAMPLES) // STEP_SAMPLES)


def seconds(frame: int) -> float:
    """Return when a frame begins."""
    return frame * STEP_SAMPLES / SAMPLING_RATE


def windows(signal: FloatArray, length: int, start: int, stop: int) -> FloatArray:
    """Return a view of `length` samples from the beginning of each of the frames `start` to ``stop - 1``."""
    view = np.lib.stride_tricks.sliding_window_view(signal, length)
    return view[STEP_SAMPLES * start : STEP_SAMPLES * (stop - 1) + 1 : STEP_SAMPLES]
