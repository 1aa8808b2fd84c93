"""What a rate rule is asked, and what it answers."""

from dataclasses import dataclass
from typing import Protocol

from dred_conformance.encoding.errors import StreamError
from dred_reference.redundancy import Choice, SpeechHistory

__all__ = ["MOST_REDUNDANCY_MS", "RateRequest", "RateRule"]

MOST_REDUNDANCY_MS = 1040  # 26 latents of 40 ms


@dataclass(frozen=True)
class RateRequest:
    """A stream to be divided between the base codec and the redundancy.

    Attributes
    ----------
    bitrate
        Total, in bits per second.
    duration_ms
        Of a packet.
    loss_percent
        Loss that is expected, 0 to 100.
    redundancy_ms
        How much speech a packet shall hold at most, 0 to `MOST_REDUNDANCY_MS`.
    fec
        Whether the base codec uses in-band FEC.
    vbr
        Whether packets may have any size.
    data_bytes
        Bytes of range-coded data that every packet shall have at most, if the user fixed them; the rule then
        chooses the levels only.
    dred_bitrate
        What the redundancy shall cost in the mean, in bits per second, if the user fixed that.
    """

    bitrate: int
    duration_ms: float = 20.0
    loss_percent: int = 0
    redundancy_ms: int = MOST_REDUNDANCY_MS
    fec: bool = False
    vbr: bool = True
    data_bytes: int | None = None
    dred_bitrate: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.redundancy_ms <= MOST_REDUNDANCY_MS:
            raise StreamError(
                "S4", f"{self.redundancy_ms} ms of redundancy", f"0 to {MOST_REDUNDANCY_MS} ms can be sent"
            )

    def bytes_per_packet(self, bitrate: float) -> float:
        """Return what a bitrate in bits per second is in each packet."""
        return bitrate * self.duration_ms / 8000

    @property
    def latents(self) -> int:
        """The latents of 40 ms that cover what is wanted."""
        return min((self.redundancy_ms + 39) // 40, MOST_REDUNDANCY_MS // 40)

    def bits_per_second(self, packet_bytes: float) -> float:
        """Return the bitrate of so many bytes per packet."""
        return 8000 * packet_bytes / self.duration_ms


class RateRule(Protocol):
    """Divides the bits of a stream; made for one stream from a `RateRequest`."""

    @property
    def writing(self) -> str:
        """The rule of `dred_reference.redundancy.RedundancyWriter` that belongs to it."""
        ...

    @property
    def base_bitrate(self) -> int:
        """The base codec's share, in bits per second."""
        ...

    def choose(self, history: SpeechHistory, room: int) -> Choice | None:
        """Say what the packet of the newest frame shall carry, or nothing.

        Parameters
        ----------
        history
            After that frame.
        room
            Bytes of range-coded data that the packet can take at most.
        """
        ...

    def spent(self, size: int) -> None:
        """Note the bytes of range-coded data that a packet got; not called where there was nothing to say."""
        ...
