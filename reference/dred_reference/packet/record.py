"""The parts of an Opus packet."""

from dataclasses import dataclass

from dred_reference.packet.toc import CONFIGURATIONS, Configuration

__all__ = ["Packet"]


@dataclass(frozen=True)
class Packet:
    """An Opus packet taken apart.

    Attributes
    ----------
    config : int
        Configuration number of the TOC byte, 0 to 31.
    stereo : bool
        Stereo flag of the TOC byte  # s
    code : int
        Frame count code of the TOC byte, 0 to 3  # c
    frames : tuple of bytes
        The compressed frames, 1 to 48.
    padding : bytes
        The padding area without the padding length bytes. This is where extensions live.
    padding_offset : int
        Byte offset of the padding area in the packet; the end of the frames where there is none.
    consumed : int
        Bytes of the input that belong to the packet: all of them unless it is self-delimited.
    vbr : bool
        The VBR flag of the frame count byte; ``False`` for codes 0 to 2  # v
    padded : bool
        The padding flag of the frame count byte; ``False`` for codes 0 to 2  # p
    """

    config: int
    stereo: bool
    code: int
    frames: tuple[bytes, ...]
    padding: bytes
    padding_offset: int
    consumed: int
    vbr: bool = False
    padded: bool = False

    @property
    def configuration(self) -> Configuration:
        """Mode, bandwidth and frame duration."""
        return CONFIGURATIONS[self.config]

    @property
    def duration_ms(self) -> float:
        """Duration of the packet in milliseconds."""
        return self.configuration.frame_ms * len(self.frames)
