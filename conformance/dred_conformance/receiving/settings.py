"""How a receiver works."""

import math
from dataclasses import dataclass
from typing import Literal

from dred_conformance.receiving.errors import ReceivingError

__all__ = ["CONCEALMENTS", "OUTPUT_RATES", "ReceiverSettings"]

OUTPUT_RATES = (8000, 12000, 16000, 24000, 48000)
CONCEALMENTS = ("neural", "classic")
LONGEST_DELAY_MS = 60000.0


@dataclass(frozen=True)
class ReceiverSettings:
    """The choices of a receiver.

    Attributes
    ----------
    sampling_rate : int
        Of the output in Hz, one of `OUTPUT_RATES`.
    channels : int
        1 or 2.
    concealment : str
        What is played where nothing arrived: ``neural``, the features go on as a network predicts and a
        vocoder speaks them; ``classic``, what the base codec does.
    lbrr, dred : bool
        Whether in-band FEC and redundancy are used. The classic concealment does without DRED.
    delay_ms : float or None
        Delay of the jitter buffer. None: it waits as long as it takes for the packet with the redundancy.
    wire : str
        How DRED is marked.
    """

    sampling_rate: int = 48000
    channels: int = 1
    concealment: Literal["neural", "classic"] = "neural"
    lbrr: bool = True
    dred: bool = True
    delay_ms: float | None = None
    wire: str = "experimental-12"

    def __post_init__(self) -> None:
        if self.sampling_rate not in OUTPUT_RATES:
            listed = ", ".join(map(str, OUTPUT_RATES))
            raise ReceivingError("S4", f"a sampling rate of {self.sampling_rate} Hz; there are {listed}")
        if self.channels not in {1, 2}:
            raise ReceivingError("S4", f"{self.channels} channels; there are 1 and 2")
        if self.concealment not in CONCEALMENTS:
            raise ReceivingError(
                "S4", f"there is no concealment {self.concealment!r}; there are {', '.join(CONCEALMENTS)}"
            )
        delay = self.delay_ms
        if delay is not None and not (math.isfinite(delay) and 0 <= delay <= LONGEST_DELAY_MS):
            raise ReceivingError("S4", f"a delay of {delay} ms; it is 0 to {LONGEST_DELAY_MS:g}")

    @property
    def delay_48k(self) -> int | None:
        """Delay in samples at 48 kHz."""
        return None if self.delay_ms is None else round(48 * self.delay_ms)

    def samples(self, duration_48k: int) -> int:
        """Return how many samples of the output a time lasts."""
        return duration_48k * self.sampling_rate // 48000
