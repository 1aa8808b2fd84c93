"""
The features of a corpus in one file.

A folder with ``features.f32`` (20 little-endian float32 per 10 ms, clip after clip) and ``index.json``: which
clip stands where, how it was made, and the hash of the features. The index is written last, so a folder with
an index is whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .documents import read_document
from .errors import TrainingError
from .whole_files import write_whole

FORMAT = "dred-features-store/1"
FEATURES = 20
INDEX_FILE, FEATURES_FILE = "index.json", "features.f32"
CHUNK = 1 << 20


@dataclass(frozen=True)
class Clip:
    """A recording, or a variant of it: its name, its first frame in the store, and its number of frames."""

    name: str
    first: int
    frames: int


@dataclass(frozen=True, eq=False)
class FeatureStore:
    """
    Features, ready for training.

    Parameters
    ----------
    features : array of float32, shape (frames, 20)
        Mapped from the file, read-only.
    clips : tuple of Clip
        In the order of the file.
    pitch : str
        How the pitch was estimated.
    sha256 : str
        Of the bytes of the features.
    """

    features: NDArray[np.float32]
    clips: tuple[Clip, ...]
    pitch: str
    sha256: str

    def clip_features(self, clip: Clip) -> NDArray[np.float32]:
        """Return the features of a clip, shape (frames, 20)."""
        return self.features[clip.first : clip.first + clip.frames]


def write_store(folder: Path, pieces: Iterable[tuple[str, NDArray[np.float32]]], pitch: str) -> FeatureStore:
    """
    Write a store; a store that was there is replaced.

    Parameters
    ----------
    folder : Path
        It must exist.
    pieces : iterable of (name, array of float32, shape (frames, 20))
        Empty ones are left out.
    pitch : str
        How the pitch was estimated.

    Raises
    ------
    TrainingError
        T2: there is not one frame.
    """
    clips: list[Clip] = []
    digest = hashlib.sha256()

    def blocks() -> Iterator[bytes]:
        first = 0
        for name, features in pieces:
            if len(features):
                clips.append(Clip(name, first, len(features)))
                first += len(features)
                data = np.ascontiguousarray(features, dtype="<f4").tobytes()
                digest.update(data)
                yield data

    (folder / INDEX_FILE).unlink(missing_ok=True)
    write_whole(folder / FEATURES_FILE, lambda stream: stream.writelines(blocks()))
    if not clips:
        raise TrainingError("T2", "the corpus has not one frame of 10 ms")
    document = {
        "format": FORMAT,
        "pitch": pitch,
        "sha256": digest.hexdigest(),
        "clips": [asdict(clip) for clip in clips],
    }
    text = json.dumps(document, indent=1) + "\n"
    write_whole(folder / INDEX_FILE, lambda stream: stream.write(text.encode("utf-8")))
    return read_store(folder)


def read_store(folder: Path, *, verify: bool = False) -> FeatureStore:
    """
    Open a store.

    Parameters
    ----------
    folder : Path
        Where it is.
    verify : bool
        Read the features, compare their hash, and make sure that all are numbers.

    Raises
    ------
    TrainingError
        T3: there is none, or it is damaged.
    """
    path = folder / FEATURES_FILE
    try:
        document = read_document(folder / INDEX_FILE, "T3", FORMAT)
        clips = _clips(document["clips"])
        pitch, sha256 = str(document["pitch"]), str(document["sha256"])
        frames = sum(clip.frames for clip in clips)
        size = path.stat().st_size if path.is_file() else 0
        if size != frames * FEATURES * 4 or frames == 0:
            raise TrainingError("T3", f"{size} bytes are not {frames} frames", subject=str(path))
        features = np.memmap(path, dtype="<f4", mode="r", shape=(frames, FEATURES))
        if verify and _hash(path) != sha256:
            raise TrainingError("T3", "the features are not those of the hash", subject=str(path))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(
            "T3",
            f"no store of features ({error})",
            subject=str(folder),
            advice="'dred train features' makes one.",
        ) from error
    if verify and not all(np.isfinite(block).all() for block in _blocks(features)):
        raise TrainingError("T3", "a feature is no finite number", subject=str(path))
    return FeatureStore(features, clips, pitch, sha256)


def _blocks(features: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    return (features[first : first + CHUNK] for first in range(0, len(features), CHUNK))


def _clips(listed: list[dict[str, Any]]) -> tuple[Clip, ...]:
    """Return the clips of an index; each begins where the one before ends."""
    clips: list[Clip] = []
    end = 0
    for each in listed:
        first, frames = each["first"], each["frames"]
        if type(first) is not int or type(frames) is not int or first != end or frames < 1:
            raise ValueError(f"clip {each['name']!r:.80} at {first!r:.40}, {frames!r:.40} frames")
        clips.append(Clip(str(each["name"]), first, frames))
        end += frames
    return tuple(clips)


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(CHUNK):
            digest.update(block)
    return digest.hexdigest()
