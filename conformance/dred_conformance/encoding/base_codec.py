"""The Opus encoder underneath, as the settings want it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dred_conformance.encoding.errors import StreamError
from dred_conformance.encoding.optional import system_opus

if TYPE_CHECKING:
    from dred_opus import Encoder

__all__ = ["APPLICATIONS", "BANDWIDTHS", "DURATIONS_MS", "LOWEST_BITRATE", "BaseSettings", "base_encoder"]

APPLICATIONS = {"voip": "voip", "audio": "audio", "lowdelay": "restricted_lowdelay"}
BANDWIDTHS = ("auto", "nb", "mb", "wb", "swb", "fb")
DURATIONS_MS = (2.5, 5.0, 10.0, 20.0, 40.0, 60.0, 80.0, 100.0, 120.0)
MODES = ("vbr", "cvbr", "cbr")
LOWEST_BITRATE = 500  # bits per second: what libopus takes


@dataclass(frozen=True)
class BaseSettings:
    """How the base codec works.

    Attributes
    ----------
    duration_ms
        Duration of a packet, one of `DURATIONS_MS`.
    application
        A key of `APPLICATIONS`.
    mode
        One of `MODES`: variable, constrained variable, constant bitrate.
    fec, dtx
        In-band FEC (LBRR); discontinuous transmission.
    complexity
        0 to 10.
    loss_percent
        Loss that the encoder expects, 0 to 100.
    bandwidth
        One of `BANDWIDTHS`.
    """

    duration_ms: float = 20.0
    application: str = "voip"
    mode: str = "vbr"
    fec: bool = False
    dtx: bool = False
    complexity: int = 9
    loss_percent: int = 0
    bandwidth: str = "auto"

    def __post_init__(self) -> None:
        for value, known, what in (
            (self.duration_ms, DURATIONS_MS, "a packet of so many milliseconds"),
            (self.application, tuple(APPLICATIONS), "application"),
            (self.mode, MODES, "bitrate mode"),
            (self.bandwidth, BANDWIDTHS, "bandwidth"),
        ):
            if value not in known:
                listed = ", ".join(f"{each:g}" if isinstance(each, float) else each for each in known)
                raise StreamError("S4", f"there is no {what} {value!r}", f"there are {listed}")
        if not 0 <= self.complexity <= 10 or not 0 <= self.loss_percent <= 100:
            raise StreamError(
                "S4", f"complexity {self.complexity}, loss {self.loss_percent} %",
                "complexity is 0 to 10, loss 0 to 100 %",
            )  # fmt: skip


def base_encoder(settings: BaseSettings, sampling_rate: int, channels: int) -> "Encoder":
    """Return an encoder of the system's libopus.

    Raises
    ------
    StreamError
        S1: the binding was built without libopus.
    """
    opus = system_opus()
    encoder: Encoder = opus.Encoder(sampling_rate, channels, APPLICATIONS[settings.application])
    encoder.vbr = settings.mode != "cbr"
    encoder.vbr_constraint = settings.mode == "cvbr"
    encoder.inband_fec = int(settings.fec)
    encoder.dtx = settings.dtx
    encoder.complexity = settings.complexity
    encoder.packet_loss_percent = settings.loss_percent
    encoder.bandwidth = settings.bandwidth
    return encoder
