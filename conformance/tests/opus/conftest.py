"""The libopus of the system, and pairs of packet sequences that must sound the same in it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType

import pytest

import dred_native


@dataclass
class Tally:
    """What was compared."""

    sequences: int = 0
    packets: int = 0
    samples: int = 0

    def __str__(self) -> str:
        return f"{self.sequences} sequences, {self.packets} packets, {self.samples} samples"


@pytest.fixture(scope="session")
def opus() -> ModuleType:
    """The binding, where it was built."""
    module: ModuleType = pytest.importorskip("dred_opus", exc_type=ImportError)
    return module


def without_padding(packet: bytes) -> bytes:
    """Return the packet with the same frames in the shortest framing, which has no room for extensions."""
    parsed = dred_native.parse_packet(packet)
    frames = parsed["frames"]
    if len(frames) == 1:
        code = 0
    elif len(frames) == 2:
        code = 1 if len(frames[0]) == len(frames[1]) else 2
    else:
        code = 3
    vbr = code == 3 and len({len(frame) for frame in frames}) > 1
    return dred_native.write_packet(parsed["config"], parsed["stereo"], code, frames, vbr=vbr)


@pytest.fixture(scope="session")
def strip() -> Callable[[bytes], bytes]:
    """A stripper of padding."""
    return without_padding


Compare = Callable[..., Tally]


@pytest.fixture(scope="session")
def compare(opus: ModuleType) -> Compare:
    """A comparison of two sequences in two decoders, packet by packet, each with its own history."""

    def run(pairs: Iterable[tuple[bytes, bytes]], rate: int = 48000, channels: int = 2) -> Tally:
        tally = Tally(sequences=1)
        first, second = opus.Decoder(rate, channels), opus.Decoder(rate, channels)
        for plain, extended in pairs:
            expected, actual = first.decode(plain), second.decode(extended)
            where = f"packet {tally.packets}: {plain.hex()} and {extended.hex()}"
            assert actual.shape == expected.shape, where
            # With CI set, pytest would compare the samples of a failure letter by letter, for many minutes.
            is_same = actual.tobytes() == expected.tobytes()
            assert is_same, where
            assert second.final_range == first.final_range, where
            tally.packets += 1
            tally.samples += expected.size
        return tally

    return run
