"""The speech that an encoder was given, as features on a grid of 2.5 ms in the time of the decoded stream.

The decoded stream starts before the input: by the look-ahead of the encoder, 6.5 ms for libopus. The input is
delayed by it, so that both have one time. Analysis has steps of 10 ms; four analyses, each 2.5 ms later than
the one before, give every multiple of 2.5 ms.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dred_reference.analysis import PitchEstimator, extract_features

__all__ = ["CEPSTRUM", "LEAD_UNITS", "UNIT_SAMPLES", "FeatureGrid", "NoPitch", "Speech"]

UNIT_SAMPLES = 40  # of 16 kHz: 2.5 ms
PHASES = 4
CEPSTRUM = 18
FEATURES = 20
LEAD_UNITS = 64
"""Units of silence before the start of the stream: redundancy may speak of the time before it."""

FloatArray = NDArray[np.float64]


class NoPitch:
    """Estimates nothing: for cepstra alone, many times faster."""

    def estimate(self, correlations: FloatArray, phases: FloatArray) -> float:  # noqa: ARG002 - a protocol
        """Return the middle of the range."""
        return 0.0


@dataclass(frozen=True)
class FeatureGrid:
    """Features at every 2.5 ms.

    Attributes
    ----------
    values : array of float64, shape (units + `LEAD_UNITS`, 20)
        Row ``u + LEAD_UNITS`` holds the frame whose last sample ends at 2.5 u ms of the decoded stream; NaN
        where there is none.
    """

    values: FloatArray

    def at(self, units: NDArray[np.int64]) -> FloatArray:
        """Return the frames that end at the given times; NaN outside the speech."""
        rows = units + LEAD_UNITS
        inside = (rows >= 0) & (rows < len(self.values))
        found = np.full((*units.shape, self.values.shape[1]), np.nan)
        found[inside] = self.values[rows[inside]]
        return found


class Speech:
    """The input of one stream.

    Parameters
    ----------
    samples : array of float64, shape (n,)
        16 kHz, in units of int16.
    silent : array of bool, shape (m,)
        For every 2.5 ms of the input whether it is digital silence, told before resampling, which rings.
    lookahead_ms : float
        How much earlier than its input the decoded stream starts.
    make_pitch : callable
        Makes a fresh pitch estimator; it keeps a state.
    """

    def __init__(
        self,
        samples: FloatArray,
        silent: NDArray[np.bool_],
        lookahead_ms: float,
        make_pitch: Callable[[], PitchEstimator] = NoPitch,
    ) -> None:
        delay = round(16 * lookahead_ms)
        tail = np.zeros(UNIT_SAMPLES * LEAD_UNITS)
        self._delayed = np.concatenate([np.zeros(LEAD_UNITS * UNIT_SAMPLES + delay), samples, tail])
        # a unit of the decoded stream is silent where both units of the input that it overlaps are
        shift, part = divmod(delay, UNIT_SAMPLES)
        padded = np.concatenate([np.ones(shift + 1, bool), silent, np.ones(2, bool)])
        self.silent = padded[1:] & padded[:-1] if part else padded[1:]
        self.units = len(samples) // UNIT_SAMPLES + shift
        self._make_pitch = make_pitch
        self._grids: dict[bool, FeatureGrid] = {}
        self._with_pitch: set[int] = set()
        self._later = 0

    @property
    def has_pitch(self) -> bool:
        """Whether the pitch is estimated at all."""
        return self._make_pitch is not NoPitch

    def is_silent(self, ends: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return for frames that end at the given units whether all 20 ms that they look at are silent."""
        window = ends[:, None] - 1 - np.arange(2 * PHASES)
        inside = (window >= 0) & (window < len(self.silent))
        silent = np.where(inside, self.silent[np.clip(window, 0, len(self.silent) - 1)], True)
        found: NDArray[np.bool_] = np.all(silent, axis=1)
        return found

    @property
    def cepstra(self) -> FeatureGrid:
        """Features whose pitch and correlation mean nothing, at every unit."""
        if False not in self._grids:
            self._grids[False] = FeatureGrid(self._empty())
            for phase in range(PHASES):
                self._fill(self._grids[False], phase, NoPitch(), 0)
        return self._grids[False]

    def move(self, samples: int) -> None:
        """Look at the speech so many samples of 16 kHz later in `features`: the part of a delay below a unit.

        What was extracted for another part is forgotten.
        """
        if samples != self._later:
            self._later = samples
            self._with_pitch.clear()
            self._grids.pop(True, None)

    def features(self, phase: int) -> FeatureGrid:
        """Return whole features, those at the units of a phase (their number modulo 4) filled in."""
        grid = self._grids.setdefault(True, FeatureGrid(self._empty()))
        phase = (phase + LEAD_UNITS) % PHASES
        if phase not in self._with_pitch:
            self._with_pitch.add(phase)
            self._fill(grid, phase, self._make_pitch(), self._later)
        return grid

    def _empty(self) -> FloatArray:
        return np.full((len(self._delayed) // UNIT_SAMPLES + 1, FEATURES), np.nan)

    def _fill(self, grid: FeatureGrid, phase: int, pitch: PitchEstimator, later: int) -> None:
        start = phase * UNIT_SAMPLES + later
        samples = np.concatenate([np.zeros(max(0, -start)), self._delayed[max(0, start) :]])
        found = extract_features(samples, pitch)[:, :FEATURES]
        grid.values[phase + PHASES :: PHASES][: len(found)] = found
