"""Sizes that several steps of the analysis share. Speech is 16 kHz, in units of int16."""

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BANDS",
    "BINS",
    "BIN_WIDTH",
    "FEATURES",
    "FRAME_SIZE",
    "LARGEST_SAMPLE",
    "LPC_ORDER",
    "PITCH_MAX",
    "PITCH_MIN",
    "SAMPLING_RATE",
    "WINDOW_SIZE",
    "ComplexArray",
    "FloatArray",
]

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

SAMPLING_RATE = 16000  # Hz
FRAME_SIZE = 160  # samples, 10 ms
WINDOW_SIZE = 320  # samples, 20 ms
BINS = 161  # of the spectrum, 50 Hz each
BIN_WIDTH = 50.0  # Hz
BANDS = 18
LPC_ORDER = 16
PITCH_MIN = 32  # samples: 500 Hz
PITCH_MAX = 256  # samples: 62.5 Hz
FEATURES = 20  # cepstrum, pitch, correlation
LARGEST_SAMPLE = 2.0**30  # a limit of this package: far from where squares of squares overflow
