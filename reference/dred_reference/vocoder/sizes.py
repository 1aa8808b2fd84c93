"""Sizes and limits that the vocoders share. Speech is 16 kHz, full scale is 1."""

import numpy as np
from numpy.typing import NDArray

from dred_reference.analysis.sizes import FEATURES, FRAME_SIZE

__all__ = [
    "CONTINUATION_SIZE",
    "CONTINUATION_VECTORS",
    "FEATURES",
    "FRAME_SIZE",
    "LARGEST_FEATURE",
    "LARGEST_PAST_SAMPLE",
    "FloatArray",
]

FloatArray = NDArray[np.float64]

CONTINUATION_SIZE = 2 * FRAME_SIZE  # samples of past audio
CONTINUATION_VECTORS = 5  # feature frames that go with them
LARGEST_FEATURE = 2.0**10  # a limit of this package; features of speech are within some tens
LARGEST_PAST_SAMPLE = 2.0**10  # a limit of this package; full scale is 1
