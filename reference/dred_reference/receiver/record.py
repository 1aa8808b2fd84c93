"""What comes into a receiver and what it decides."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Arrival", "Decision", "Source"]

Source = Literal["regular", "lbrr", "dred", "concealment"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A packet that came in.

    Attributes
    ----------
    timestamp_48k : int
        Time of the first sample of its audio in the stream, in samples at 48 kHz.
    arrival_48k : int
        When it came in, by the clock of the receiver, in the same unit.
    packet : bytes
        An Opus packet that is not self-delimited.
    """

    timestamp_48k: int
    arrival_48k: int
    packet: bytes


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a piece of the output comes from.

    Attributes
    ----------
    start_48k, duration_48k : int
        The piece, in samples at 48 kHz.
    source : str
        ``regular``: a packet of its own; ``lbrr``: the in-band FEC of the next packet; ``dred``: the
        redundancy of a later packet; ``concealment``: nothing arrived.
    packet_48k : int or None
        Timestamp of the packet; None for concealment.
    feature : int or None
        For ``dred``: the feature frame that the vocoder is given, 0 is the newest of the packet.
    """

    start_48k: int
    duration_48k: int
    source: Source
    packet_48k: int | None = None
    feature: int | None = None

    @property
    def end_48k(self) -> int:
        """Where the next piece starts."""
        return self.start_48k + self.duration_48k
