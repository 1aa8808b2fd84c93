"""The clips of a run."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dred_conformance.encoding import Speech, read_speech
from dred_conformance.encoding.optional import system_opus
from dred_conformance.simulation.errors import SimulationError

__all__ = ["Clip", "found_clips"]

SUFFIXES = (".wav", ".flac", ".aiff", ".aif", ".ogg")
SHORTEST_SECONDS = 0.5
LONGEST_SECONDS = 300.0


@dataclass(frozen=True)
class Clip:
    """A file of speech.

    Attributes
    ----------
    path
        WAV, FLAC or what else libsndfile reads.
    name
        The name of the file without its suffix.
    sha256
        Of the file.
    sampling_rate
        At which it is sent, in Hz.
    samples
        At that rate.
    """

    path: Path
    name: str
    sha256: str
    sampling_rate: int
    samples: int

    @property
    def number(self) -> int:
        """A number that follows from the name: losses stay the same when other clips come or go."""
        return int.from_bytes(hashlib.sha256(self.name.encode()).digest()[:6], "big")

    def speech(self) -> Speech:
        """Read the clip as one channel."""
        return read_speech(self.path, self.sampling_rate, 1)

    def packets(self, frame_ms: float) -> int:
        """Return how many packets the clip is, with what the base codec looks ahead."""
        lookahead: int = system_opus().Encoder(self.sampling_rate, 1, "voip").lookahead
        return math.ceil((self.samples + lookahead) / (frame_ms * self.sampling_rate / 1000))


def found_clips(paths: Sequence[Path], sampling_rate: int) -> list[Clip]:
    """Return the clips of files and folders, sorted within a folder.

    Raises
    ------
    SimulationError
        L3: no clip, two of one name, one too short or too long.
    StreamError
        S1, S2, S3: a clip cannot be read.
    """
    files: list[Path] = []
    for path in paths:
        inside = (
            sorted(each for each in path.iterdir() if each.suffix.lower() in SUFFIXES)
            if path.is_dir()
            else [path]
        )
        if not inside:
            raise SimulationError(
                "L3", f"{path}: no clip in the folder", f"clips end in {', '.join(SUFFIXES)}"
            )
        files += inside
    if not files:
        raise SimulationError("L3", "no clip", "name files or folders of speech")
    clips: dict[str, Clip] = {}
    for path in files:
        if path.stem in clips:
            raise SimulationError(
                "L3",
                f"{path} and {clips[path.stem].path} have one name",
                "results go by the name: rename one",
            )
        speech = read_speech(path, sampling_rate, 1)
        if not SHORTEST_SECONDS <= speech.seconds <= LONGEST_SECONDS:
            raise SimulationError(
                "L3",
                f"{path}: {speech.seconds:.2f} s",
                f"clips last {SHORTEST_SECONDS:g} to {LONGEST_SECONDS:g} s",
            )
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        clips[path.stem] = Clip(path, path.stem, digest, sampling_rate, len(speech.samples))
    return list(clips.values())
