"""Files that are no speech or no stream, outputs that cannot be: a message, no traceback, no half a file."""

import struct
from pathlib import Path

import numpy as np
import pytest

from dred_conformance.cli.encode import _file
from dred_conformance.outputs import opus_head, opus_tags, write_logical_stream, write_opus_demo
from dred_reference.packet import parse_packet, write_packet

MODEL = ("--model", "synthetic-5-net-enc")


@pytest.fixture
def wav(tmp_path):
    """A writer of WAV files of floats."""
    soundfile = pytest.importorskip("soundfile")

    def write(samples, rate: int = 16000, name: str = "in.wav", subtype: str = "FLOAT") -> Path:
        soundfile.write(tmp_path / name, np.asarray(samples, np.float64), rate, subtype=subtype)
        return tmp_path / name

    return write


def refused(result, output: Path, code: int, *words: str) -> None:
    assert result.exit_code == code, result.output
    assert not output.exists()
    assert list(output.parent.glob(".*")) == []
    for word in words:
        assert word in result.output


@pytest.mark.parametrize(
    "data",
    [b"", b"this is text, not speech\n" * 10, b"RIFF\x24\0\0\0WAVEfmt ", bytes(1000), b"fLaC"],
    ids=["empty", "text", "cut header", "zeros", "cut FLAC"],
)
def test_files_that_are_no_speech(dred, tmp_path, data: bytes) -> None:
    (tmp_path / "in.wav").write_bytes(data)
    output = tmp_path / "out.opus"
    refused(dred("encode", tmp_path / "in.wav", output, *MODEL), output, 1, "S2")


def test_files_without_a_sample_or_with_values_that_are_none(dred, tmp_path, wav, opus) -> None:
    output = tmp_path / "out.opus"
    refused(dred("encode", wav(np.zeros(0)), output, *MODEL), output, 1, "no sample")
    for value in (np.nan, np.inf, -np.inf, 1e9):
        samples = np.zeros(500)
        samples[321] = value
        refused(dred("encode", wav(samples), output, *MODEL), output, 1, "sample 321")


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT", "DOUBLE", "PCM_U8"])
def test_sample_formats(dred, tmp_path, wav, opus, speech, subtype: str) -> None:
    output = tmp_path / "out.opus"
    assert dred("encode", wav(speech(0.1, 16000), subtype=subtype), output, *MODEL).exit_code == 0
    assert output.exists()


@pytest.mark.parametrize("rate", [11025, 22050, 44100, 96000])
def test_other_rates_are_converted(dred, tmp_path, wav, opus, speech, rate: int) -> None:
    pytest.importorskip("soxr")
    soundfile = pytest.importorskip("soundfile")
    output = tmp_path / "out.opus"
    samples = speech(0.2, rate)
    assert dred("encode", wav(samples, rate), output, *MODEL, "--channels", "2").exit_code == 0
    decoded, decoded_rate = soundfile.read(output)
    assert decoded.shape[1] == 2
    assert abs(len(decoded) / decoded_rate - len(samples) / rate) < 0.001


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--frame", "15"), ("S4", "2.5, 5, 10, 20")),
        (("--application", "music"), ("S4", "lowdelay")),
        (("--bandwidth", "xb"), ("S4", "swb")),
        (("--cbr", "--vbr"), ("S4", "exclude")),
        (("--bitrate", "0"), ("S4",)),
        (("--bitrate", "nan"), ("S4",)),
        (("--bitrate", "1", "--cbr", "--frame", "2.5"), ("S4", "packets of 0 bytes")),
        (("--bitrate", "20", "--dred-bytes", "200"), ("S4", "--bitrate")),
        (("--redundancy", "much"), ("S4", "400ms")),
        (("--redundancy", "2s"), ("S4", "1040")),
        (("--rule", "best"), ("S4", "deployed")),
        (("--wire", "experimental-10"), ("S4", "draft-32")),
        (("--rate", "44100"), ("S4", "48000")),
        (("--model", "nobody"), ("S1", "dred model import")),
        (("--model", "synthetic-5"), ("S1", "encoder network")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) and value[0].startswith("--") else "",
)
def test_wrong_settings_are_named(dred, tmp_path, wav, opus, speech, arguments, words) -> None:
    output = tmp_path / "out.opus"
    given = () if arguments[0] == "--model" else MODEL
    refused(dred("encode", wav(speech(0.1, 16000)), output, *given, *arguments), output, 2, *words)


def test_outputs_that_cannot_be_written(dred, tmp_path, wav, opus, speech) -> None:
    source = wav(speech(0.1, 16000))
    for output, word in (
        (tmp_path / "nowhere" / "out.opus", "folder"),
        (tmp_path / "out.mp3", ".opus"),
        (tmp_path / "folder.opus", "folder"),
    ):
        (tmp_path / "folder.opus").mkdir(exist_ok=True)
        result = dred("encode", source, output, *MODEL)
        assert result.exit_code == 2
        assert word in result.output
    stream = tmp_path / "a.bit"
    assert dred("encode", source, stream, *MODEL).exit_code == 0
    before = stream.read_bytes()
    (tmp_path / "b.bit").symlink_to(stream)
    for command, options in (("add", MODEL), ("strip", ())):
        for output in (stream, tmp_path / "b.bit"):
            result = dred(command, stream, output, *options)
            assert result.exit_code == 2
            assert "is the input" in result.output
    assert stream.read_bytes() == before


@pytest.fixture(scope="module")
def ogg(encode, speech) -> bytes:
    encoder, packets = encode(speech(0.4, 16000), 16000, 32000)
    return _file(packets, ".opus", encoder, 1, 16000)


@pytest.mark.parametrize("command", ["add", "strip"])
def test_ogg_files_that_are_cut_or_damaged(dred, tmp_path, ogg: bytes, command: str) -> None:
    output = tmp_path / "out.opus"
    options = MODEL if command == "add" else ()
    for length in (*range(0, 200, 17), len(ogg) - 700, len(ogg) - 1):
        (tmp_path / "in.opus").write_bytes(ogg[:length])
        refused(dred(command, tmp_path / "in.opus", output, *options), output, 1)
    for position in (3, 30, 60, len(ogg) - 5):
        data = bytearray(ogg)
        data[position] ^= 0x10
        (tmp_path / "in.opus").write_bytes(bytes(data))
        refused(dred(command, tmp_path / "in.opus", output, *options), output, 1)


def test_text_and_other_codecs_are_no_streams(dred, tmp_path) -> None:
    output = tmp_path / "out.opus"
    (tmp_path / "in.txt").write_bytes(b"no packets here, only words\n")
    refused(dred("strip", tmp_path / "in.txt", output), output, 1)
    vorbis = write_logical_stream(1, b"\x01vorbis" + bytes(20), b"tags", [(b"x", 1)])
    (tmp_path / "in.ogg").write_bytes(vorbis)
    refused(dred("strip", tmp_path / "in.ogg", output), output, 1, "not Opus")


def test_streams_that_are_interleaved_are_refused(dred, tmp_path, ogg: bytes) -> None:
    first = [b"OggS" + part for part in ogg.split(b"OggS")[1:]]
    other = write_logical_stream(3, opus_head(1, 312, 16000), opus_tags("x"), [(b"\x48\x01\x02", 960)])
    second = [b"OggS" + part for part in other.split(b"OggS")[1:]]
    (tmp_path / "in.opus").write_bytes(first[0] + second[0] + b"".join(first[1:]) + b"".join(second[1:]))
    output = tmp_path / "out.opus"
    refused(dred("strip", tmp_path / "in.opus", output), output, 1, "interleaved")


def test_packets_at_the_limits_stay_whole(dred, tmp_path, opus) -> None:
    generator = np.random.default_rng(3)
    packets = [
        write_packet(9, False, 0, [generator.bytes(1275)]),
        write_packet(9, False, 0, [generator.bytes(1276)[:1275]]),
        bytes([9 << 3]) + generator.bytes(1276),  # a frame of 1276 bytes: R2
        write_packet(31, True, 3, [generator.bytes(1275)] * 6),
        write_packet(16, False, 3, [b"\x11"] * 48),
        write_packet(9, False, 0, [generator.bytes(40)]),
    ]
    source, output = tmp_path / "in.bit", tmp_path / "out.bit"
    source.write_bytes(write_opus_demo((packet, 0) for packet in packets * 4))
    result = dred("add", source, output, *MODEL)
    assert result.exit_code == 0, result.output
    data, made = output.read_bytes(), []
    while data:
        (length,) = struct.unpack(">I", data[:4])
        made.append(data[8 : 8 + length])
        data = data[8 + length :]
    for old, new in zip(packets * 4, made, strict=True):
        if len(old) == 1277:
            assert new == old
            continue
        assert parse_packet(new).frames == parse_packet(old).frames
        assert new == old or len(new) <= 1400
    assert any(new != old for old, new in zip(packets * 4, made, strict=True))


def test_lost_packets_do_not_fit_in_ogg(dred, tmp_path) -> None:
    (tmp_path / "in.bit").write_bytes(write_opus_demo([(b"\x48\x01\x02", 0), (b"", 0)]))
    output = tmp_path / "out.opus"
    refused(dred("strip", tmp_path / "in.bit", output), output, 1, "S5", ".bit")
