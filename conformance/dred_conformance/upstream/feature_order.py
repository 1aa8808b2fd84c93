"""The order of feature frames: newest first out of the decoder network, chronological in the files.

A latent gives four frames, newest first, and the latents come newest first too, so that a record as a whole
is simply turned round. Records follow each other in the order of the file: the last record is the latest.
"""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from dred_conformance.comparison import FEATURES
from dred_conformance.upstream.errors import UpstreamError
from dred_conformance.upstream.record import Record

__all__ = ["FRAMES_PER_LATENT", "chronological", "newest_first", "records_of"]

FRAMES_PER_LATENT = 4

Frames = NDArray[np.floating]


def _turned(frames: Frames) -> Frames:
    if frames.ndim != 2 or frames.shape[1] != FEATURES or len(frames) % FRAMES_PER_LATENT:
        raise UpstreamError(
            f"features of shape {frames.shape}, not ({FRAMES_PER_LATENT} * latents, {FEATURES})"
        )
    return frames[::-1].copy()


def chronological(features_newest_first: Frames) -> Frames:
    """Return the frames of one record in the order of a ``.f32`` file.

    Parameters
    ----------
    features_newest_first : array, shape (4 * latents, 20)
        As the decoder network gives them: latent by latent, newest first, and so the frames of each.

    Raises
    ------
    UpstreamError
        Another shape.
    """
    return _turned(features_newest_first)


def newest_first(features_chronological: Frames) -> Frames:
    """Return the frames of one record in the order of the decoder network; the inverse of `chronological`."""
    return _turned(features_chronological)


def records_of(features: Frames, records: Sequence[Record]) -> list[Frames]:
    """Cut the features of a whole file into those of each record, still chronological.

    Raises
    ------
    UpstreamError
        The file has another number of frames than its records stand for.
    """
    ends = list(accumulate(record.frame_count for record in records))
    expected = ends[-1] if ends else 0
    if len(features) != expected:
        raise UpstreamError(f"{len(features)} frames of features, the records stand for {expected}")
    return [features[start:end] for start, end in zip([0, *ends], ends, strict=False)]
