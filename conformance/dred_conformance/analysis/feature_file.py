"""Files of features: ``.f32``, which the working group's tools use, too, and ``.npz``, with more in it."""

import io
from pathlib import Path

import numpy as np

from dred_conformance.analysis.extraction import ExtractedFeatures

__all__ = ["FEATURE_SUFFIXES", "feature_bytes"]

FEATURE_SUFFIXES = (".f32", ".npz")


def feature_bytes(path: Path, features: ExtractedFeatures) -> bytes:
    """Return what to write to a file, by its suffix; the same features give the same bytes.

    ``.f32``: 20 float32 per frame, little-endian. ``.npz``: arrays ``features`` (frames, 20) and ``lpc``
    (frames, 16) of float32, ``rate`` (of the file of speech, in Hz), ``pitch`` (``network`` or ``tracker``),
    ``profile``, ``model`` and ``model_sha256`` (empty for the tracker).
    """
    if path.suffix.lower() == ".f32":
        return features.values.astype("<f4").tobytes()
    method = features.method
    buffer = io.BytesIO()
    np.savez(
        buffer,
        features=features.values,
        lpc=features.taps,
        rate=np.int64(features.speech.file_rate),
        pitch=np.str_(method.name),
        profile=np.str_(method.profile),
        model=np.str_(method.model),
        model_sha256=np.str_(method.model_sha256),
    )
    return buffer.getvalue()
