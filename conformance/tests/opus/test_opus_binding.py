"""The binding of libopus: it encodes, decodes and conceals, and refuses what libopus must not see."""

import subprocess
import sys
import threading
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

RATES = (8000, 12000, 16000, 24000, 48000)
UNITS = (1, 2, 4, 8, 16, 24, 32, 40, 48)  # of 2.5 ms
PACKAGE = Path(__file__).parents[3] / "native" / "dred_opus"


def tone(count: int, channels: int, rate: int) -> NDArray[np.int16]:
    wave = 9000 * np.sin(2 * np.pi * 440 * np.arange(count) / rate)
    return np.repeat(wave.astype(np.int16)[:, None], channels, axis=1)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", RATES)
def test_every_duration_comes_back_with_the_encoders_final_range(
    opus: ModuleType, rate: int, channels: int
) -> None:
    encoder = opus.Encoder(rate, channels, "audio")
    decoder = opus.Decoder(rate, channels)
    for unit in UNITS:
        count = rate // 400 * unit
        packet = encoder.encode(tone(count, channels, rate))
        heard = decoder.decode(packet)
        assert heard.dtype == np.int16
        assert heard.shape == ((count,) if channels == 1 else (count, 2))
        assert decoder.final_range == encoder.final_range
        assert decoder.last_packet_duration == count


def test_a_tone_survives(opus: ModuleType) -> None:
    encoder, decoder = opus.Encoder(48000, 1, "audio"), opus.Decoder(48000, 1)
    sent = tone(9600, 1, 48000)[:, 0]
    heard = np.concatenate([decoder.decode(encoder.encode(part)) for part in np.split(sent, 10)])
    delay = encoder.lookahead
    assert np.corrcoef(sent[2400:-delay], heard[2400 + delay :])[0, 1] > 0.99


def test_float_and_integer_paths_agree(opus: ModuleType) -> None:
    packet = opus.Encoder(48000, 2, "audio").encode_float((tone(960, 2, 48000) / 32768).astype(np.float32))
    integers = opus.Decoder(48000, 2).decode(packet)
    floats = opus.Decoder(48000, 2).decode_float(packet)
    assert floats.dtype == np.float32
    assert np.abs(floats * 32768 - integers).max() <= 1


def test_concealment_and_redundancy_fill_a_hole(opus: ModuleType) -> None:
    encoder = opus.Encoder(16000, 1, "voip")
    encoder.inband_fec, encoder.packet_loss_percent, encoder.bitrate = 1, 30, 32000
    packets = [encoder.encode(part) for part in np.split(tone(3200, 1, 16000)[:, 0], 10)]
    decoder = opus.Decoder(16000, 1)
    for packet in packets[:5]:
        decoder.decode(packet)
    assert decoder.decode(packets[6], 320, fec=True).any()
    assert decoder.decode(None, 320).any()
    assert decoder.decode(None, 40).shape == (40,)


def test_a_reset_decoder_is_a_new_one(opus: ModuleType) -> None:
    encoder, decoder = opus.Encoder(), opus.Decoder()
    packets = [encoder.encode(tone(960, 1, 48000)) for _ in range(3)]
    first = [decoder.decode(packet).tobytes() for packet in packets]
    assert [decoder.decode(packet).tobytes() for packet in packets] != first
    decoder.reset()
    assert [decoder.decode(packet).tobytes() for packet in packets] == first


def test_settings_reach_the_packets(opus: ModuleType) -> None:
    encoder = opus.Encoder(48000, 1, "audio")
    encoder.vbr, encoder.bitrate = False, 64000
    assert {len(encoder.encode(tone(960, 1, 48000))) for _ in range(5)} == {160}
    for name, value in (
        ("bandwidth", "wb"), ("max_bandwidth", "swb"), ("signal", "voice"), ("complexity", 3),
        ("packet_loss_percent", 7), ("dtx", True), ("inband_fec", 1), ("vbr", True),
        ("vbr_constraint", False), ("bitrate", 24000), ("lsb_depth", 16), ("prediction_disabled", True),
        ("force_channels", "mono"), ("force_channels", "auto"),
    ):  # fmt: skip
        setattr(encoder, name, value)
        encoder.encode(tone(960, 1, 48000))
        assert getattr(encoder, name) == value
    assert len(encoder.encode(tone(960, 1, 48000), 40)) <= 40


def test_a_forced_channel_count_is_that_of_the_packets(opus: ModuleType) -> None:
    encoder = opus.Encoder(48000, 2, "audio")
    encoder.bitrate = 96000
    is_stereo = {}
    for word in ("stereo", "mono"):
        encoder.force_channels = word
        is_stereo[word] = encoder.encode(tone(960, 2, 48000))[0] >> 2 & 1
    assert is_stereo == {"stereo": 1, "mono": 0}


@pytest.mark.parametrize("application", ["voip", "audio", "restricted_lowdelay"])
def test_an_encoder_knows_its_application(opus: ModuleType, application: str) -> None:
    assert opus.Encoder(48000, 1, application).application == application


def test_the_encoder_tells_when_it_stops_sending(opus: ModuleType) -> None:
    encoder = opus.Encoder(16000, 1, "voip")
    encoder.dtx, encoder.bitrate = True, 16000
    noise = np.random.default_rng(1).normal(0, 3000, 320).astype(np.int16)
    encoder.encode(noise)
    states = [(len(encoder.encode(np.zeros(320, np.int16))) <= 2, encoder.in_dtx) for _ in range(40)]
    assert states[0] == (False, False)
    assert states[-1] == (True, True)
    encoder.encode(noise)
    assert not encoder.in_dtx


PCM = np.zeros(960, np.int16)
BAD_CALLS: dict[str, tuple[int, Any]] = {
    "no packet": (-4, lambda o: o.Decoder().decode(b"")),
    "damaged packet": (-4, lambda o: o.Decoder().decode(b"\x03\x00")),
    "large packet": (-1, lambda o: o.Decoder().decode(bytes(2 << 20))),
    "too little room": (-2, lambda o: o.Decoder().decode(bytes.fromhex("fcfffe"), 480)),
    "concealment of nothing": (-1, lambda o: o.Decoder().decode(None)),
    "concealment of 1 sample": (-1, lambda o: o.Decoder().decode(None, 1)),
    "endless concealment": (-1, lambda o: o.Decoder().decode(None, 1 << 30)),
    "negative concealment": (-1, lambda o: o.Decoder().decode(None, -120)),
    "redundancy of unknown length": (-1, lambda o: o.Decoder().decode(b"\x08", fec=True)),
    "decoder rate": (-1, lambda o: o.Decoder(44100)),
    "decoder channels": (-1, lambda o: o.Decoder(48000, 0)),
    "encoder rate": (-1, lambda o: o.Encoder(0)),
    "encoder channels": (-1, lambda o: o.Encoder(48000, 3)),
    "application": (-1, lambda o: o.Encoder(48000, 1, "music")),
    "no samples": (-1, lambda o: o.Encoder().encode(PCM[:0])),
    "odd duration": (-1, lambda o: o.Encoder().encode(PCM[:959])),
    "30 ms": (-1, lambda o: o.Encoder().encode(np.zeros(1440, np.int16))),
    "too many samples": (-1, lambda o: o.Encoder().encode(np.zeros(1 << 20, np.int16))),
    "wrong columns": (-1, lambda o: o.Encoder(48000, 2).encode(PCM)),
    "three dimensions": (-1, lambda o: o.Encoder().encode(PCM.reshape(1, 960, 1))),
    "NaN": (-1, lambda o: o.Encoder().encode_float(np.full(960, np.nan, np.float32))),
    "infinity": (-1, lambda o: o.Encoder().encode_float(np.full(960, -np.inf, np.float32))),
    "far too loud": (-1, lambda o: o.Encoder().encode_float(np.full(960, 1e30, np.float32))),
    "no room": (-1, lambda o: o.Encoder().encode(PCM, 0)),
    "endless room": (-1, lambda o: o.Encoder().encode(PCM, 1 << 30)),
    "bandwidth": (-1, lambda o: setattr(o.Encoder(), "bandwidth", "wide")),
    "bitrate": (-1, lambda o: setattr(o.Encoder(), "bitrate", "low")),
    "channel count": (-1, lambda o: setattr(o.Encoder(), "force_channels", "both")),
    "more channels than there are": (-1, lambda o: setattr(o.Encoder(), "force_channels", "stereo")),
    "depth of samples": (-1, lambda o: setattr(o.Encoder(), "lsb_depth", 7)),
    "complexity": (-1, lambda o: setattr(o.Encoder(), "complexity", 11)),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_CALLS)
def test_wrong_arguments_are_refused_with_the_code_of_libopus(opus: ModuleType, name: str) -> None:
    code, call = BAD_CALLS[name]
    with pytest.raises(opus.OpusError) as caught:
        call(opus)
    assert caught.value.code == code
    assert str(caught.value).endswith(f"({code})")


@pytest.mark.parametrize(
    "call",
    [
        lambda o: o.Decoder().decode("text"),
        lambda o: o.Decoder().decode(bytearray(b"\x08")),
        lambda o: o.Decoder().decode(None, 1 << 70),
        lambda o: o.Encoder().encode(PCM.astype(np.int32)),
        lambda o: o.Encoder().encode(PCM.astype(">i2")),
        lambda o: o.Encoder().encode([0] * 960),
        lambda o: o.Encoder().encode_float(np.zeros(960)),
    ],
)
def test_wrong_types_are_type_errors(opus: ModuleType, call: Any) -> None:
    with pytest.raises(TypeError):
        call(opus)


def test_samples_may_lie_anyhow_in_memory(opus: ModuleType) -> None:
    table = np.repeat(tone(960, 1, 48000), 3, axis=1)
    dense = opus.Encoder().encode(np.ascontiguousarray(table[:, 1]))
    assert opus.Encoder().encode(table[:, 1]) == dense
    assert opus.Encoder().encode(table[::1, 1:2]) == dense


def test_random_packets_end_in_samples_or_an_error(opus: ModuleType) -> None:
    generator = np.random.default_rng(4)
    decoder = opus.Decoder(48000, 2)
    decoded, codes = 0, set()
    for _ in range(300):
        packet = generator.integers(0, 256, generator.integers(1, 60), dtype=np.uint8).tobytes()
        try:
            decoded += len(decoder.decode(packet)) > 0
        except opus.OpusError as error:
            codes.add(error.code)
    assert decoded > 100
    assert codes == {-4}


def test_the_interpreter_runs_on_while_libopus_works(opus: ModuleType) -> None:
    ticks = [0]
    done = threading.Event()

    def tick() -> None:
        while not done.is_set():
            ticks[0] += 1
            time.sleep(0)

    interval = sys.getswitchinterval()
    thread = threading.Thread(target=tick)
    encoder = opus.Encoder(48000, 2, "audio")
    pcm = tone(5760, 2, 48000)
    try:
        sys.setswitchinterval(1000)  # nobody gets the interpreter unless it is given up
        thread.start()
        before = ticks[0]
        for _ in range(50):
            encoder.encode(pcm)
        after = ticks[0]
    finally:
        sys.setswitchinterval(interval)
        done.set()
        thread.join()
    assert after > before


def test_threads_may_share_a_decoder(opus: ModuleType) -> None:
    decoder, packet = opus.Decoder(), opus.Encoder().encode(tone(960, 1, 48000))
    counts: list[int] = []

    def work() -> None:
        counts.append(sum(len(decoder.decode(packet)) for _ in range(200)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [200 * 960] * 4


def test_without_libopus_the_import_says_what_to_install(tmp_path: Path) -> None:
    package = tmp_path / "dred_opus"
    package.mkdir()
    for name in ("__init__.py", "errors.py"):
        (package / name).write_bytes((PACKAGE / name).read_bytes())
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.meta_path[:] = [m for m in sys.meta_path \
if 'skbuild' not in type(m).__module__ and 'Redirecting' not in type(m).__name__]; import dred_opus"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "OpusNotBuiltError" in done.stderr
    assert "apt-get install libopus-dev" in done.stderr
