"""Packets of an old encoder, given DRED, other extensions or noise for padding, sound in it as before.

The audio is a sweep, bursts of noise and silence. The packets have all the modes, bandwidths and durations,
and each kind of padding goes through a sequence of its own, so that decoder states are compared, too.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import dred_native
from dred_conformance.differential.built_payloads import PayloadBuilder
from dred_model import named_synthetic_model

Compare = Callable[..., Any]
pytestmark = pytest.mark.clause("EXT-ignored-by-old", "RFC6716-3.2.5-padany", "EXT-packet")

DURATIONS = (2.5, 5.0, 10.0, 20.0, 40.0, 60.0, 80.0, 100.0, 120.0)
PAD_AMOUNTS = (1, 2, 3, 253, 254, 255, 256, 257, 508, 509, 510, 511, 512, 1020, 1275)
RARE_IDS = (3, 4, 31, 32, 33, 63, 64, 100, 124, 125, 126, 127)


@dataclass(frozen=True)
class Setting:
    """How a sequence is encoded."""

    mode: str
    rate: int
    channels: int
    bandwidth: str
    duration_ms: float
    rate_control: str

    @property
    def name(self) -> str:
        kind = f"{self.mode}-{self.bandwidth}-{self.rate}x{self.channels}"
        return f"{kind}-{self.duration_ms:g}ms-{self.rate_control}"


def settings() -> Iterator[Setting]:
    controls = ("vbr", "cbr", "dtx", "fec")
    index = 0
    for mode, bands, shortest in (
        ("silk", "nb mb wb", 10),
        ("hybrid", "swb fb", 10),
        ("celt", "nb wb swb fb", 2.5),
    ):
        for band in bands.split():
            for duration in DURATIONS:
                if duration < shortest:
                    continue
                rates = {"nb": (8000, 48000), "mb": (12000, 48000), "wb": (16000, 48000)}.get(
                    band, (24000, 48000)
                )
                rate = rates[index % 2] if band != "fb" else 48000
                yield Setting(mode, rate, 1 + index // 2 % 2, band, duration, controls[index % 4])
                index += 1


def audio(rate: int, channels: int, seconds: float, seed: int) -> NDArray[np.int16]:
    generator = np.random.default_rng(seed)
    count = int(rate * seconds)
    time = np.arange(count) / rate
    sweep = np.sin(2 * np.pi * (150 * time + 0.2 * rate / seconds * time**2))
    bursts = generator.standard_normal((count, channels)) * (np.sin(2 * np.pi * 4 * time) > 0.6)[:, None]
    voiced = 0.4 * sweep[:, None] * [1.0, 0.6][:channels] + 0.15 * bursts
    voiced[int(0.55 * count) : int(0.8 * count)] = 0
    return (20000 * voiced.clip(-1.5, 1.5)).astype(np.int16)


def encoded(opus: ModuleType, setting: Setting) -> list[bytes]:
    application = "restricted_lowdelay" if setting.mode == "celt" else "voip"
    encoder = opus.Encoder(setting.rate, setting.channels, application)
    encoder.complexity = 4
    encoder.signal = "music" if setting.mode == "celt" else "voice"
    encoder.bandwidth = setting.bandwidth
    encoder.bitrate = setting.channels * {"silk": 16000, "hybrid": 30000, "celt": 48000}[setting.mode]
    encoder.vbr = setting.rate_control != "cbr"
    encoder.dtx = setting.rate_control == "dtx"
    if setting.rate_control == "fec":
        encoder.inband_fec, encoder.packet_loss_percent = 1, 25
    size = round(setting.rate * setting.duration_ms / 1000)
    pcm = audio(setting.rate, setting.channels, max(0.6, setting.duration_ms * 0.012), seed=size)
    return [encoder.encode(pcm[at : at + size]) for at in range(0, len(pcm) - size + 1, size)]


class Padder:
    """Gives a packet padding of one kind."""

    def __init__(self, seed: int) -> None:
        self.source = random.Random(seed)
        self.payloads = PayloadBuilder(named_synthetic_model("synthetic-2-21x19"))

    def dred(self, packet: bytes, frames: int) -> bytes:
        payload = b"D\x0c" + self.payloads.build(self.source)
        return dred_native.pad_packet(packet, [(126, self.source.randrange(frames), payload)])

    def several(self, packet: bytes, frames: int) -> bytes:
        """DRED among others: separators, and repeats where every frame has the same ids."""
        extensions = [(126, self.source.randrange(frames), b"D\x0c" + self.payloads.build(self.source))]
        for _ in range(self.source.randrange(6)):
            chosen = self.source.choice((self.source.choice(RARE_IDS), self.source.randrange(3, 128)))
            extensions.append((chosen, self.source.randrange(frames), self.payload(chosen)))
        if self.source.random() < 0.5:
            repeated = [self.source.choice(RARE_IDS) for _ in range(2)]
            flag = self.source.randrange(2)
            extensions += [(k, f, self.payload(k, flag)) for f in range(frames) for k in repeated]
        return dred_native.pad_packet(packet, extensions)

    def payload(self, extension_id: int, flag: int | None = None) -> bytes:
        if extension_id < 32:
            return self.source.randbytes(self.source.randrange(2) if flag is None else flag)
        return self.source.randbytes(self.source.choice((0, 1, 5, 40, 254, 255, 256, 510)))

    def sized(self, packet: bytes, frames: int) -> bytes:
        """A list of nothing or of one extension, filled up to a size where the length bytes change."""
        extensions = [] if self.source.random() < 0.5 else [(33, frames - 1, b"y")]
        smallest = len(dred_native.pad_packet(packet, extensions))
        amount = self.source.choice(PAD_AMOUNTS)
        return dred_native.pad_packet(packet, extensions, smallest + amount)

    def damaged(self, packet: bytes, frames: int) -> bytes:
        """Padding that is no list of extensions: a good one, cut or changed, or noise from the start."""
        good = dred_native.parse_packet(self.several(packet, frames))
        area = bytearray(good["padding"])
        for _ in range(4):
            area[self.source.randrange(len(area))] = self.source.randrange(256)
        if self.source.random() < 0.5:
            del area[self.source.randrange(len(area)) :]
        if self.source.random() < 0.3:
            area = bytearray(self.source.randbytes(self.source.choice((1, 254, 255, 600))))
        vbr = len({len(frame) for frame in good["frames"]}) > 1
        return dred_native.write_packet(
            good["config"], good["stereo"], 3, good["frames"], vbr=vbr, padding=bytes(area)
        )


@pytest.fixture(scope="module")
def sequences(opus: ModuleType) -> dict[str, tuple[Setting, list[bytes]]]:
    """All the encoded sequences."""
    return {setting.name: (setting, encoded(opus, setting)) for setting in settings()}


def test_the_sequences_have_every_framing(sequences: dict[str, tuple[Setting, list[bytes]]]) -> None:
    packets = [packet for _, sequence in sequences.values() for packet in sequence]
    assert {packet[0] >> 3 for packet in packets} == set(range(32))
    assert {packet[0] & 3 for packet in packets} == {0, 1, 2, 3}
    assert {packet[0] & 4 for packet in packets} == {0, 4}
    assert {len(dred_native.parse_packet(packet)["frames"]) for packet in packets} >= {1, 2, 3, 4, 5, 6}
    assert min(map(len, packets)) == 1  # a frame that was not sent


def ids_of(packet: bytes) -> set[int] | None:
    """The ids in the padding, or None where it is damaged."""
    parsed = dred_native.parse_packet(packet)
    try:
        return {found[0] for found in dred_native.parse_extensions(parsed["padding"], len(parsed["frames"]))}
    except dred_native.DredError:
        return None


@pytest.mark.parametrize("kind", ["dred", "several", "sized", "damaged"])
def test_padding_changes_nothing(
    sequences: dict[str, tuple[Setting, list[bytes]]],
    compare: Compare,
    strip: Callable[[bytes], bytes],
    kind: str,
) -> None:
    padder = Padder(seed=len(kind))
    pad = getattr(padder, kind)
    count = packets = samples = longer = damaged = 0
    ids: set[int] = set()
    for setting, plain in sequences.values():
        extended = [pad(packet, len(dred_native.parse_packet(packet)["frames"])) for packet in plain]
        longer += sum(len(new) > len(strip(new)) for new in extended)
        found = [ids_of(packet) for packet in extended]
        damaged += found.count(None)
        ids |= set().union(*(some for some in found if some))
        tally = compare(zip(plain, extended, strict=True), setting.rate, setting.channels)
        count += 1
        packets += tally.packets
        samples += tally.samples
    print(f"{kind}: {count} sequences, {packets} packets, {samples} samples, {damaged} damaged areas")
    assert longer == packets
    assert kind != "several" or ids == set(range(3, 128))
    assert (damaged > packets // 4) if kind == "damaged" else (damaged == 0)


def with_a_changed_frame(packet: bytes) -> bytes:
    parsed = dred_native.parse_packet(packet)
    frames = [bytearray(frame) for frame in parsed["frames"]]
    frames[0][0] ^= 0x55  # the start: at a constant bit rate the end of a frame may be unused
    vbr = len({len(frame) for frame in frames}) > 1
    return dred_native.write_packet(parsed["config"], parsed["stereo"], 3, frames, vbr=vbr)


def test_the_comparison_hears_one_changed_byte(
    sequences: dict[str, tuple[Setting, list[bytes]]], compare: Compare
) -> None:
    for setting, plain in sequences.values():
        position = max(range(len(plain)), key=lambda index: len(plain[index]))
        other = [*plain[:position], with_a_changed_frame(plain[position]), *plain[position + 1 :]]
        with pytest.raises(AssertionError):
            compare(zip(plain, other, strict=True), setting.rate, setting.channels)
