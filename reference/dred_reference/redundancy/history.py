"""The speech so far, as an encoder remembers it, and where the newest latent ends."""

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dred_reference.clauses import clause
from dred_reference.encoding import LatentEncoder
from dred_reference.errors import WriteError
from dred_reference.network.wiring import FEATURES
from dred_reference.redundancy.activity import remember, unknown_activity
from dred_reference.resampling import DRED_RATE, Resampler

__all__ = ["CAPACITY", "FrameAnalysis", "SpeechHistory"]

CAPACITY = 104  # steps of 20 ms that are remembered
STEP_SAMPLES = 320  # 20 ms at 16 kHz
FRAME_SAMPLES = 160
UNIT_SAMPLES = 40  # 2.5 ms
FIRST_FILL = 11  # zeros before the first sample: 79 + 12 - 80
ENOUGH_LOOKAHEAD = 6  # units of 2.5 ms: the 15 ms that synthesis needs
STEP_UNITS = 8
MOST_UNITS = 48  # a frame: 120 ms
MOST_EXTRA_DELAY_MS = 100


class FrameAnalysis(Protocol):
    """What turns 10 ms of speech into features, such as `dred_reference.analysis.FeatureExtractor`."""

    def frame(self, samples: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return features, the first twenty of which count, of 160 samples in units of 16-bit integers."""
        ...


class SpeechHistory:
    """Follows a signal frame by frame.

    Parameters
    ----------
    sampling_rate : int
        Of the input: 8000, 12000, 16000, 24000, 48000 or 96000 Hz.
    channels : int
        1 or 2.
    encoder : LatentEncoder
        At its start.
    extractor : FrameAnalysis
        At its start.
    extra_delay : int, optional
        How many input samples the main codec is behind, the 2.5 ms of its overlap not counted; 4 ms unless
        given, as deployed encoders for voice and audio have it; 0 with restricted delay.

    Attributes
    ----------
    dred_offset : int
        Where the newest latent that may be sent ends, in units of 2.5 ms after the start of the audio that
        the packet of the last frame decodes to.
    latent_offset : int
        How many newer latents there are, in steps of 20 ms: they are not needed yet.
    activity : array of uint8, shape (416,)
        Per 2.5 ms, newest first: 1 active, 0 inactive, 255 undecided.

    Raises
    ------
    WriteError
        W1: a rate, a number of channels or a delay out of its range.
    """

    def __init__(
        self,
        sampling_rate: int,
        channels: int,
        encoder: LatentEncoder,
        extractor: FrameAnalysis,
        *,
        extra_delay: int | None = None,
    ) -> None:
        self._resampler = Resampler(sampling_rate, channels)
        self._rate = sampling_rate
        delay = sampling_rate // 250 if extra_delay is None else extra_delay
        if not 0 <= delay <= MOST_EXTRA_DELAY_MS * sampling_rate // 1000:
            raise WriteError(
                "W1", "audio", f"a delay of {delay} samples is not 0 to {MOST_EXTRA_DELAY_MS} ms"
            )
        self._lookahead = UNIT_SAMPLES + delay * DRED_RATE // sampling_rate
        self._encoder = encoder
        self._extractor = extractor
        self._pending = np.zeros(FIRST_FILL)  # input_buffer
        self._latents = np.zeros((CAPACITY, encoder.latent_dim), dtype=np.float32)
        self._states = np.zeros((CAPACITY, encoder.state_dim), dtype=np.float32)
        self._fill = 0
        self.activity = unknown_activity()
        self.dred_offset = 0
        self.latent_offset = 0

    @property
    def latents(self) -> NDArray[np.float32]:
        """The latents, shape (fill, latent_dim), newest first and 20 ms apart."""
        return self._latents[: self._fill]

    @property
    def states(self) -> NDArray[np.float32]:
        """The states, shape (fill, state_dim), one for each latent."""
        return self._states[: self._fill]

    @clause("ENC-offset-start", "ENC-offset-step", "ENC-offset-enough")
    def add(self, pcm: ArrayLike, active: bool | None) -> None:
        """Add a frame of the main codec.

        Parameters
        ----------
        pcm : array_like of float, shape (n,) or (n, channels)
            Full scale is 1. As long as one frame: a multiple of 2.5 ms, 120 ms at most.
        active : bool or None
            Whether somebody speaks in it; None where that is not decided.

        Raises
        ------
        WriteError
            W1: another shape or length, or a sample that is no finite number; the history is as before.
        """
        units = self._units(np.shape(pcm))
        signal = self._resampler.process(pcm)
        self.activity = remember(self.activity, active, units)
        self.dred_offset = (self._lookahead - len(self._pending) + UNIT_SAMPLES // 2) // UNIT_SAMPLES
        self.latent_offset = 0
        self._pending = np.concatenate([self._pending, signal])
        while len(self._pending) >= STEP_SAMPLES:
            self._encode_step(self._pending[:STEP_SAMPLES])
            self._pending = self._pending[STEP_SAMPLES:]
            if self.dred_offset < ENOUGH_LOOKAHEAD:
                self.dred_offset += STEP_UNITS
            else:
                self.latent_offset += 1

    def _units(self, shape: tuple[int, ...]) -> int:
        """Return the duration of a frame in units of 2.5 ms."""
        samples = shape[0] if shape else 0
        units, rest = divmod(samples * DRED_RATE, self._rate * UNIT_SAMPLES)
        if rest or not 1 <= units <= MOST_UNITS:
            raise WriteError(
                "W1", "audio", f"a frame of {samples} samples at {self._rate} Hz is none of Opus"
            )
        return units

    @clause("ENC-step", "ENC-history")
    def _encode_step(self, samples: NDArray[np.float64]) -> None:
        """Encode 20 ms and remember their latent and state."""
        older = self._extractor.frame(samples[:FRAME_SAMPLES])
        newer = self._extractor.frame(samples[FRAME_SAMPLES:])
        latent, state = self._encoder.step(np.concatenate([older[:FEATURES], newer[:FEATURES]]))
        for memory, newest in ((self._latents, latent), (self._states, state)):
            memory[1:] = memory[:-1].copy()
            memory[0] = newest
        self._fill = min(self._fill + 1, CAPACITY)
