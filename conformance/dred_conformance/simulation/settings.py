"""What holds for a whole run."""

from dataclasses import asdict, dataclass
from typing import Any

from dred_conformance.encoding.base_codec import DURATIONS_MS
from dred_conformance.encoding.rate_rule import MOST_REDUNDANCY_MS
from dred_conformance.simulation.errors import SimulationError

__all__ = ["AUDIO_FORMATS", "FORMAT", "SAMPLING_RATES", "RunSettings"]

FORMAT = "dred-simulation/1"
SAMPLING_RATES = (16000, 24000, 48000)  # Hz
AUDIO_FORMATS = ("wav", "flac", "none")
HIGHEST_BITRATE = 512_000
LONGEST_DELAY_MS = 10_000.0
DEFAULT_WIRE = "experimental-12"
COMPLEXITY = 9  # of the base codec


@dataclass(frozen=True)
class RunSettings:
    """How streams are made, received and judged.

    Attributes
    ----------
    bitrate
        Of everything in the packets, redundancy included, in bits per second.
    frame_ms
        Duration of a packet.
    sampling_rate
        Of encoder and receiver in Hz; one channel.
    redundancy_ms
        Most speech that DRED repeats.
    delay_ms
        How long the receiver lets packets come after their time; ``None`` waits as long as it takes.
    seed
        Of losses and of intervals.
    model, wire
        Names of the model and of the wire profile.
    metrics
        Names of `dred_conformance.simulation.quality.METRICS`.
    audio
        One of `AUDIO_FORMATS`.

    Raises
    ------
    SimulationError
        L3: out of range.
    """

    bitrate: int = 40_000
    frame_ms: float = 20.0
    sampling_rate: int = 48000
    redundancy_ms: int = 1000
    delay_ms: float | None = None
    seed: int = 0
    model: str = "libopus-1.6"
    wire: str = DEFAULT_WIRE
    metrics: tuple[str, ...] = ()
    audio: str = "wav"

    def __post_init__(self) -> None:
        delay_ms = 0.0 if self.delay_ms is None else self.delay_ms
        for is_good, message, advice in (
            (6000 <= self.bitrate <= HIGHEST_BITRATE, f"{self.bitrate} b/s",
             f"6 to {HIGHEST_BITRATE // 1000} kb/s"),
            (
                self.frame_ms in DURATIONS_MS, f"packets of {self.frame_ms:g} ms",
                ", ".join(f"{each:g}" for each in DURATIONS_MS),
            ),
            (
                0 <= self.redundancy_ms <= MOST_REDUNDANCY_MS, f"{self.redundancy_ms} ms of redundancy",
                f"0 to {MOST_REDUNDANCY_MS} ms",
            ),
            (0 <= delay_ms <= LONGEST_DELAY_MS, f"a delay of {delay_ms:g} ms",
             f"0 to {LONGEST_DELAY_MS:g} ms"),
            (0 <= self.seed < 1 << 63, f"the seed {self.seed}", "0 to 2**63 - 1"),
            (
                self.sampling_rate in SAMPLING_RATES, f"a sampling rate of {self.sampling_rate} Hz",
                ", ".join(map(str, SAMPLING_RATES)),
            ),
            (self.audio in AUDIO_FORMATS, f"audio as {self.audio!r}", ", ".join(AUDIO_FORMATS)),
        ):  # fmt: skip
            if not is_good:
                raise SimulationError("L3", message, advice)

    def to_json(self) -> dict[str, Any]:
        """Return everything under the names of the attributes."""
        return {**asdict(self), "metrics": list(self.metrics)}
