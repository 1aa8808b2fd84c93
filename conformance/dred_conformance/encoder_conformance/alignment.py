"""By how much decoded features lie beside the features of the input, in units of 2.5 ms.

For every delay the decoded frames are laid over those of the input and the distances of their cepstra are
averaged; the true delay has the smallest. A distance grows with the root of the squares, so that a few frames
of a codec's failure weigh little, and all packets of a group go into one average. How much the minimum stands
out is its contrast: where little does, nothing is claimed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dred_conformance.encoder_conformance.speech import CEPSTRUM, FeatureGrid
from dred_conformance.encoder_conformance.stream import ReadDred

__all__ = ["FRAME_UNITS", "Delay", "Track", "estimate_delay"]

FRAME_UNITS = 4  # of 2.5 ms
_NEAR = 16  # units around the minimum that do not count as somewhere else
_LEAST_FRAMES = 8
_LEAST_SHARE = 0.5  # of all frames must have a partner for a delay to count


@dataclass(frozen=True, eq=False)
class Track:
    """Decoded features of one packet.

    Attributes
    ----------
    packet : int
        Its number.
    newest : int
        Signalled end of the newest frame in the decoded stream, in 2.5 ms.
    values : array of float64, shape (frames, 20)
        Newest first.
    dred : ReadDred, optional
        What they were decoded from.
    """

    packet: int
    newest: int
    values: NDArray[np.float64]
    dred: ReadDred | None = None

    @property
    def units(self) -> NDArray[np.int64]:
        """Signalled end of each frame in the decoded stream."""
        return self.newest - FRAME_UNITS * np.arange(len(self.values), dtype=np.int64)


@dataclass(frozen=True)
class Delay:
    """An estimate.

    Attributes
    ----------
    units : int
        The best delay: how much later than signalled the features really belong.
    refined : float
        The minimum of the parabola through the best one and its neighbours.
    contrast : float
        The smallest mean distance, as a share of the median of those at other delays: 0 perfect, 1 nothing.
    frames : int
        Frames that went into it.
    """

    units: int
    refined: float
    contrast: float
    frames: int


def _distances(track: Track, grid: FeatureGrid, delays: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the distance of every frame at every delay, shape (delays, frames); NaN without a partner."""
    partners = grid.at(track.units[None, :] + delays[:, None])[..., :CEPSTRUM]
    found: NDArray[np.float64] = np.sqrt(((partners - track.values[None, :, :CEPSTRUM]) ** 2).sum(axis=-1))
    return found


def estimate_delay(tracks: Sequence[Track], grid: FeatureGrid, reach: int) -> Delay | None:
    """Estimate the delay that a group of packets has in common.

    Parameters
    ----------
    tracks : sequence of Track
    grid : FeatureGrid
        Cepstra of the input.
    reach : int
        Largest delay to look at, either way, in 2.5 ms.

    Returns
    -------
    Delay or None
        None where fewer than 8 frames have a partner in the input.
    """
    delays = np.arange(-reach, reach + 1)
    sums, counts = np.zeros(len(delays)), np.zeros(len(delays))
    for track in tracks:
        distances = _distances(track, grid, delays)
        known = np.isfinite(distances)
        sums += np.where(known, distances, 0.0).sum(axis=1)
        counts += known.sum(axis=1)
    frames = sum(len(track.values) for track in tracks)
    usable = counts >= max(_LEAST_FRAMES, _LEAST_SHARE * frames)
    if not usable.any():
        return None
    means = np.where(usable, sums / np.maximum(counts, 1), np.inf)
    best = int(np.argmin(means))
    elsewhere = means[(np.abs(delays - delays[best]) >= _NEAR) & usable]
    typical = float(np.median(elsewhere)) if elsewhere.size else float(means[best])
    contrast = float(means[best]) / typical if typical > 0 else 1.0
    return Delay(int(delays[best]), _refined(delays, means, best), contrast, int(counts[best]))


def _refined(delays: NDArray[np.int64], means: NDArray[np.float64], best: int) -> float:
    around = means[max(0, best - 1) : best + 2]
    if len(around) < 3 or not np.isfinite(around).all():
        return float(delays[best])
    left, middle, right = around
    bend = left - 2 * middle + right
    return float(delays[best]) + (0.5 * float(left - right) / float(bend) if bend > 0 else 0.0)
