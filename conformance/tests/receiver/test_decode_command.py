"""``dred decode -o FILE.wav`` as a user meets it; the official model is not needed."""

import csv
import io
import itertools
import json
import resource
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from dred_conformance.cli.main import app

from .packet_files import write_bit, write_capture, write_ogg
from .speech_streams import dred_opus, encoded, voice

soundfile = pytest.importorskip("soundfile", reason="audio files need soundfile (pip install '.[audio]')")
FRAME = 960


pytestmark = pytest.mark.usefixtures("no_official_model")


@pytest.fixture(scope="module")
def packets() -> list[bytes]:
    return encoded(voice(0.6, 48000), 48000, 20.0, inband_fec=1, packet_loss_percent=30, bandwidth="wb")


@pytest.fixture
def stream(tmp_path: Path, packets: list[bytes]) -> Path:
    return write_bit(tmp_path / "in.bit", packets)


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    path = tmp_path / "loss.txt"
    path.write_text("\n".join("1" if index % 10 in {5, 6} else "0" for index in range(30)), encoding="utf-8")
    return path


def decode(*arguments: object, given: bytes | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["decode", *map(str, arguments)], input=given)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def reported(*arguments: object) -> dict[str, Any]:
    code, output = decode(*arguments, "--json")
    assert code == 0
    document: dict[str, Any] = json.loads(output)
    return document


def opus_samples(packets: list[bytes], rate: int) -> np.ndarray:
    decoder = dred_opus.Decoder(rate, 1)
    return np.concatenate([np.asarray(decoder.decode(packet)).reshape(-1) for packet in packets])


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".sw"])
def test_without_loss_a_file_holds_what_libopus_decodes(
    tmp_path: Path, stream: Path, packets: list[bytes], suffix: str
) -> None:
    output = tmp_path / f"out{suffix}"
    document = reported(stream, "-o", output, "--rate", 24000)
    expected = opus_samples(packets, 24000)
    found = np.fromfile(output, "<i2") if suffix == ".sw" else soundfile.read(output, dtype="int16")[0]
    np.testing.assert_array_equal(found, expected)
    assert (document["samples"], document["packets"], document["lost"]) == (len(expected), 30, 0)
    assert document["regular_ms"] == 600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.bit", output.name]


def test_the_log_says_where_every_piece_comes_from(tmp_path: Path, stream: Path, trace: Path) -> None:
    arguments = (stream, "-o", tmp_path / "out.sw", "--rate", 8000, "--loss", trace)
    document = reported(*arguments, "--log", tmp_path / "log.json")
    rows = json.loads((tmp_path / "log.json").read_text(encoding="utf-8"))
    decode(*arguments, "--log", tmp_path / "log.csv")
    lines = list(csv.DictReader(io.StringIO((tmp_path / "log.csv").read_text(encoding="utf-8"))))
    assert [(float(each["start_ms"]), each["source"]) for each in lines] == [
        (each["start_ms"], each["source"]) for each in rows
    ]
    assert rows[0]["start_ms"] == 0
    assert all(a["start_ms"] + a["duration_ms"] == b["start_ms"] for a, b in itertools.pairwise(rows))
    for source in ("regular", "lbrr", "dred", "concealment"):
        total = sum(each["duration_ms"] for each in rows if each["source"] == source)
        assert document[f"{source}_ms"] == total
    assert (document["lost"], document["longest_hole_ms"]) == (6, 40)
    assert document["lbrr_ms"] > 0
    assert (document["model"], document["concealment"]) == ("bundled-1", "without model")


def test_a_user_without_networks_that_fill_holes_is_told(tmp_path: Path, stream: Path, trace: Path) -> None:
    code, output = decode(stream, "-o", tmp_path / "out.sw", "--rate", 8000, "--loss", trace)
    assert code == 0
    assert "6 of 30 packets lost" in output
    assert "the model bundled-1 has no network to fill holes" in output


def test_a_model_that_was_named_must_be_there(tmp_path: Path, stream: Path) -> None:
    code, output = decode(stream, "-o", tmp_path / "out.sw", "--model", "libopus-1.66")
    assert code == 2
    assert "libopus-1.66" in output
    assert not (tmp_path / "out.sw").exists()


def test_options_change_what_is_played(tmp_path: Path, stream: Path, trace: Path) -> None:
    arguments = (stream, "-o", tmp_path / "out.sw", "--rate", 16000, "--loss", trace)
    assert reported(*arguments, "--no-lbrr")["lbrr_ms"] == 0
    assert reported(*arguments, "--concealment", "classic")["concealment"] == "classic"
    stereo = reported(*arguments, "--channels", 2)
    assert (stereo["channels"], stereo["samples"]) == (2, 9600)
    assert (tmp_path / "out.sw").stat().st_size == 4 * 9600


def test_late_packets_count_against_the_delay(tmp_path: Path, stream: Path) -> None:
    delays = tmp_path / "a.arrival_ms.txt"
    delays.write_text("0\n" * 9 + "50\n", encoding="utf-8")
    arguments = (stream, "-o", tmp_path / "out.sw", "--rate", 8000, "--loss", delays)
    assert reported(*arguments)["regular_ms"] == 600
    assert reported(*arguments, "--delay", 49)["regular_ms"] == 540
    assert reported(*arguments, "--delay", 50)["regular_ms"] == 600


def test_standard_input_is_like_a_file(tmp_path: Path, packets: list[bytes]) -> None:
    granules = [FRAME * (index + 1) for index in range(len(packets))]
    granules[-1] -= 500
    ogg = write_ogg(tmp_path / "in.opus", zip(packets, granules, strict=True), 312)
    entries = [(k, FRAME * k, 20.0 * k, packet) for k, packet in enumerate(packets)]
    pcap = write_capture(tmp_path / "in.pcap", entries)
    for path in (ogg, pcap):
        assert decode(path, "-o", tmp_path / "a.sw")[0] == 0
        assert decode("-", "-o", tmp_path / "b.sw", given=path.read_bytes())[0] == 0
        assert (tmp_path / "a.sw").read_bytes() == (tmp_path / "b.sw").read_bytes()


@pytest.mark.parametrize("rate", [8000, 48000])
def test_ogg_is_cut_to_what_was_encoded(tmp_path: Path, packets: list[bytes], rate: int) -> None:
    granules = [FRAME * (index + 1) for index in range(len(packets))]
    granules[-1] -= 504
    path = write_ogg(tmp_path / "in.opus", zip(packets, granules, strict=True), 312)
    document = reported(path, "-o", tmp_path / "out.sw", "--rate", rate)
    found = np.fromfile(tmp_path / "out.sw", "<i2")
    assert len(found) == document["samples"] == (granules[-1] - 312) * rate // 48000
    assert document["skipped_ms"] == 6.5
    if rate == 48000:
        np.testing.assert_array_equal(found, opus_samples(packets, rate)[312 : granules[-1]])


def test_malformed_packets_are_told_and_the_rest_is_played(tmp_path: Path, packets: list[bytes]) -> None:
    path = write_bit(tmp_path / "in.bit", [*packets[:5], bytes([0x7F]), *packets[6:]])
    code, output = decode(path, "-o", tmp_path / "out.sw", "--json")
    document = json.loads(output)
    assert code == 1
    assert (document["malformed"], document["samples"], document["channels"]) == (1, 28800, 1)


def test_a_picture_is_drawn(tmp_path: Path, stream: Path, trace: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures need matplotlib (pip install '.[plot]')")
    decode(stream, "-o", tmp_path / "a.sw", "--loss", trace, "--rate", 8000, "--timeline", tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


WRONG = [
    (["-o", "no/folder/out.wav"], "folder"),
    (["-o", "folder.wav"], "is a folder"),
    (["-o", "out.mp3"], ".wav, .flac, .sw"),
    (["-o", "out.wav", "--packet", "3"], "--packet"),
    (["-o", "out.wav", "--rate", "44100"], "44100"),
    (["-o", "out.wav", "--delay", "-1"], "delay"),
    (["-o", "out.wav", "--delay", "nan"], "delay"),
    (["-o", "out.wav", "--concealment", "magic"], "magic"),
    (["-o", "out.wav", "--wire", "experimental-10"], "experimental-10"),
    (["-o", "out.wav", "--loss", "nothing.txt"], "nothing.txt"),
    (["-o", "out.wav", "--log", "out.txt"], ".csv"),
    (["-o", "out.wav", "--log", "no/folder/log.csv"], "folder"),
    (["-o", "out.wav", "--timeline", "out.jpg"], ".png"),
    (["-o", "log.sw", "--log", "log.sw"], "twice"),
    (["-o", "in.sw"], "twice"),
    (["--rate", "16000"], "for audio"),
    (["--no-dred"], "for audio"),
    (["--loss", "nothing.txt"], "for audio"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG, ids=[" ".join(arguments) for arguments, _ in WRONG])
def test_wrong_usage_is_told_before_any_work(
    tmp_path: Path, packets: list[bytes], arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.wav").mkdir()
    write_bit(tmp_path / "in.sw", packets)
    before = sorted(tmp_path.iterdir())
    code, output = decode("in.sw", *arguments)
    assert code == 2
    assert said in output
    assert sorted(tmp_path.iterdir()) == before


def test_no_wav_beyond_what_its_header_can_count(tmp_path: Path, packets: list[bytes]) -> None:
    entries = [(0, 0, 0.0, packets[0]), (1, 9 * 3600 * 48000, 20.0, packets[1])]
    path = write_capture(tmp_path / "in.pcap", entries)
    code, output = decode(path, "-o", tmp_path / "out.wav", "--channels", 2)
    assert code == 2
    assert "4 GiB" in output


@pytest.mark.parametrize("content", [b"", b"RIFF0000WAVE", b"\x00\x00\x00\x05\x00\x00\x00\x00\x78"])
def test_broken_inputs_write_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "in.bit"
    path.write_bytes(content)
    code, output = decode(path, "-o", tmp_path / "out.wav")
    assert code in {1, 2}
    assert output.strip()
    assert [each.name for each in tmp_path.iterdir()] == ["in.bit"]


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".sw"])
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, packets: list[bytes], suffix: str) -> None:
    path = write_bit(tmp_path / "in.bit", packets * 3)
    _, most = before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, most))
    try:
        code, output = decode(path, "-o", tmp_path / f"out{suffix}")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert code == 2
    assert f"out{suffix}: cannot be written" in output
    assert [each.name for each in tmp_path.iterdir()] == ["in.bit"]


def test_an_interruption_leaves_the_old_file(
    tmp_path: Path, stream: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dred_conformance.receiving.base_codec import BaseCodec  # noqa: PLC0415

    output = tmp_path / "out.wav"
    output.write_bytes(b"old")
    calls = itertools.count()
    decoded = BaseCodec.regular

    def interrupted(codec: BaseCodec, packet: bytes) -> np.ndarray:
        if next(calls) == 10:
            raise KeyboardInterrupt
        return decoded(codec, packet)

    monkeypatch.setattr(BaseCodec, "regular", interrupted)
    assert decode(stream, "-o", output)[0] != 0
    assert output.read_bytes() == b"old"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in.bit", "out.wav"]


@pytest.mark.parametrize(
    ("package", "arguments", "extra"),
    [("soundfile", [], "audio"), ("matplotlib.figure", ["--timeline", "a.png"], "plot")],
)
def test_a_missing_extra_is_named_before_any_work(
    tmp_path: Path, stream: Path, package: str, arguments: list[str], extra: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, package, None)
    code, output = decode(stream, "-o", "out.wav", *arguments)
    assert code == 2
    assert f".[{extra}]" in output
    assert [each.name for each in tmp_path.iterdir()] == ["in.bit"]
