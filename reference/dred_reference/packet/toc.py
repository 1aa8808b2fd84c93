"""The TOC byte (RFC 6716 section 3.1): configuration, stereo flag, frame count code."""

from dataclasses import dataclass

from dred_reference.bit_fields import split_byte
from dred_reference.clauses import clause

__all__ = ["CONFIGURATIONS", "Configuration", "frame_samples", "read_toc", "write_toc"]


@dataclass(frozen=True)
class Configuration:
    """What one of the 32 configuration numbers means.

    Attributes
    ----------
    mode : str
        ``"SILK"``, ``"Hybrid"`` or ``"CELT"``.
    bandwidth : str
        ``"NB"``, ``"MB"``, ``"WB"``, ``"SWB"`` or ``"FB"``.
    frame_2p5ms : int
        Duration of a frame in units of 2.5 ms.
    """

    mode: str
    bandwidth: str
    frame_2p5ms: int

    @property
    def frame_ms(self) -> float:
        """Duration of a frame in milliseconds."""
        return 2.5 * self.frame_2p5ms


# RFC 6716 Table 2, one row per four (hybrid: two) configuration numbers.
_ROWS = (
    ("SILK", "NB", (4, 8, 16, 24)),
    ("SILK", "MB", (4, 8, 16, 24)),
    ("SILK", "WB", (4, 8, 16, 24)),
    ("Hybrid", "SWB", (4, 8)),
    ("Hybrid", "FB", (4, 8)),
    ("CELT", "NB", (1, 2, 4, 8)),
    ("CELT", "WB", (1, 2, 4, 8)),
    ("CELT", "SWB", (1, 2, 4, 8)),
    ("CELT", "FB", (1, 2, 4, 8)),
)

CONFIGURATIONS = tuple(
    Configuration(mode, bandwidth, duration) for mode, bandwidth, durations in _ROWS for duration in durations
)


@clause("RFC6716-3.1-toc")
def frame_samples(config: int, rate: int) -> int:
    """Return the number of samples per frame.

    Parameters
    ----------
    config : int
        Configuration number, 0 to 31.
    rate : int
        Sampling rate in Hz.

    Returns
    -------
    int
        Samples of one channel.
    """
    return rate * CONFIGURATIONS[config].frame_2p5ms // 400


@clause("RFC6716-3.1-toc")
def read_toc(byte: int) -> tuple[int, bool, int]:
    """Split the TOC byte.

    Parameters
    ----------
    byte : int
        The first byte of a packet.

    Returns
    -------
    config : int
        Configuration number, 0 to 31.
    stereo : bool
        The stereo flag  # s
    code : int
        Frame count code, 0 to 3  # c
    """
    config, stereo, code = split_byte(byte, 5, 1, 2)
    return config, stereo == 1, code


@clause("RFC6716-3.1-toc")
def write_toc(config: int, stereo: bool, code: int) -> int:
    """Join the three fields to a TOC byte; the inverse of `read_toc`."""
    return config << 3 | stereo << 2 | code
