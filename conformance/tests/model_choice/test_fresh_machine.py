"""The whole way on a machine without the official model: speech to a stream, and back over losses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from dred_conformance.cli.main import app
from dred_conformance.inputs import open_input
from dred_model import ModelBundle
from dred_reference.errors import DredError
from dred_reference.location import find_dred
from dred_reference.wire import WIRE_PROFILES

soundfile = pytest.importorskip("soundfile", reason="audio files need soundfile (pip install '.[audio]')")
pytest.importorskip("mutagen", reason="Ogg files need mutagen (pip install '.[ogg]')")
pytest.importorskip("dred_opus", exc_type=ImportError)

SECONDS, RATE = 2.0, 16000
HOLE = range(40, 44)  # packets of 20 ms
Run = Callable[..., Any]


@pytest.fixture
def dred() -> Run:
    """Run the command line; a traceback fails the test."""

    def run(*arguments: object, code: int = 0, given: bytes | None = None) -> Any:
        result = CliRunner().invoke(app, [str(each) for each in arguments], input=given)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    """A buzz of 140 Hz whose formants move."""
    time = np.arange(round(SECONDS * RATE)) / RATE
    phase = 2 * np.pi * (140 * time + 3 * np.sin(2 * np.pi * 3 * time))
    buzz = sum(np.sin(k * phase) / k for k in range(1, 20))
    path = tmp_path / "x.wav"
    soundfile.write(path, 0.12 * buzz * (1 + 0.5 * np.sin(2 * np.pi * 5 * time)), RATE)
    return path


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    path = tmp_path / "loss.txt"
    path.write_text("\n".join("1" if index in HOLE else "0" for index in range(120)))
    return path


def prefixes(stream: Path, wire: str = "bundled-1") -> set[bytes]:
    """What stands before the data in the packets of a file."""
    with open_input(str(stream)) as opened:
        found = [find_dred(source.data, WIRE_PROFILES[wire]) for source in opened.packets]
    return {each.payload[:2] for each in found if each is not None}


@pytest.mark.clause("DRED-version")
def test_speech_goes_out_and_comes_back(
    no_official_model: None, dred: Run, speech: Path, trace: Path, tmp_path: Path
) -> None:
    stream, heard, log = tmp_path / "x.opus", tmp_path / "y.wav", tmp_path / "log.json"
    dred("encode", speech, stream, "--bitrate", 40)
    assert prefixes(stream) == {b"D\xb1"}
    for source, given in ((stream, None), ("-", stream.read_bytes())):
        document = json.loads(dred("inspect", source, "--summary", "--json", given=given).stdout)
        assert (document["wire"], document["model"]) == ("bundled-1", "bundled-1")
        assert document["summary"]["with_dred"] > 50
    figures = json.loads(
        dred("decode", stream, "-o", heard, "--loss", trace, "--rate", RATE, "--log", log, "--json").stdout
    )
    assert (figures["wire"], figures["model"], figures["concealment"]) == (
        "bundled-1", "bundled-1", "without model",
    )  # fmt: skip
    assert len(soundfile.read(heard)[0]) == SECONDS * RATE
    hole = [each for each in json.loads(log.read_text()) if each["source"] in {"dred", "concealment"}]
    assert figures["lost"] == len(HOLE)
    assert sum(each["duration_ms"] for each in hole) == pytest.approx(20 * len(HOLE))
    assert any(each["source"] == "dred" for each in hole)
    packets = [json.loads(line) for line in dred("decode", stream, "--json").stdout.splitlines()]
    assert sum(each["dred"] for each in packets) == document["summary"]["with_dred"]


def test_redundancy_goes_into_a_stream_that_exists(
    no_official_model: None, dred: Run, speech: Path, tmp_path: Path
) -> None:
    plain, added = tmp_path / "plain.bit", tmp_path / "added.bit"
    dred("encode", speech, tmp_path / "x.bit")
    dred("strip", tmp_path / "x.bit", plain)
    assert prefixes(plain) == set()
    dred("add", plain, added)
    assert prefixes(added) == {b"D\xb1"}


@pytest.mark.clause("DRED-version")
def test_no_decoder_is_misled_by_what_is_written(
    no_official_model: None, dred: Run, speech: Path, tmp_path: Path
) -> None:
    stream = tmp_path / "x.bit"
    refused = dred("encode", speech, stream, "--model", "bundled-1", "--wire", "experimental-12", code=2)
    assert "--wire bundled-1 or draft-32" in refused.output
    refused = dred("encode", speech, stream, "--wire", "experimental-12", code=2)
    assert "dred model fetch" in refused.output
    assert "--model bundled-1" in refused.output
    assert not stream.exists()
    dred("encode", speech, stream, "--wire", "draft-32")
    assert prefixes(stream) == set()
    found = json.loads(dred("inspect", stream, "--wire", "draft-32", "--summary", "--json").stdout)
    assert found["model"] == "bundled-1"
    assert found["summary"]["with_dred"] > 50


def test_a_stream_for_the_official_model_says_what_it_needs(
    no_official_model: None, dred: Run, speech: Path, trace: Path, tmp_path: Path
) -> None:
    stream, heard = tmp_path / "x.opus", tmp_path / "y.wav"
    dred("encode", speech, stream, "--model", "synthetic-5-net-enc")  # marked as libopus marks it
    result = dred("decode", stream, "-o", heard, "--loss", trace, "--json")
    assert result.stderr.count("needs the model libopus-1.6") == 1
    assert "dred model fetch" in result.stderr
    figures = json.loads(result.stdout)
    assert (figures["model"], figures["dred"], figures["dred_ms"]) == (None, False, 0)
    for quiet in ("--no-dred", "--concealment=classic"):
        assert dred("decode", stream, "-o", heard, quiet).stderr == ""
    assert "needs the model libopus-1.6" in dred("decode", stream, code=2).stderr
    assert "needs the model libopus-1.6" in dred("inspect", stream).stdout


def test_commands_that_need_more_than_the_bundle_has_say_so(
    no_official_model: None, dred: Run, speech: Path, tmp_path: Path
) -> None:
    features = tmp_path / "x.f32"
    assert json.loads(dred("features", speech, "-o", features, "--json").stdout)["pitch"] == "tracker"
    spoken = json.loads(dred("vocode", features, "-o", tmp_path / "y.wav", "--json").stdout)
    assert spoken["vocoder"] == "source-filter"
    for command in (
        ("features", speech, "--pitch", "network"),
        ("vocode", features, "-o", tmp_path / "y.wav", "--vocoder", "fargan"),
        ("bench", "vocoder", "--frames", 1),
    ):
        assert "dred model fetch" in dred(*command, code=2).stderr


@pytest.mark.official_model
def test_the_official_model_stays_the_default_where_it_is(
    official_model: ModelBundle, dred: Run, speech: Path, trace: Path, tmp_path: Path
) -> None:
    stream = tmp_path / "x.bit"
    dred("encode", speech, stream)
    assert prefixes(stream, "experimental-12") == {b"D\x0c"}
    document = json.loads(dred("inspect", stream, "--summary", "--json").stdout)
    assert (document["wire"], document["model"]) == ("experimental-12", official_model.name)
    dred("encode", speech, stream, "--wire", "bundled-1")
    assert prefixes(stream) == {b"D\xb1"}
    arguments = ("decode", stream, "-o", tmp_path / "y.sw", "--rate", RATE, "--loss", trace, "--json")
    figures = json.loads(dred(*arguments).stdout)
    assert (figures["model"], figures["filling_model"]) == ("bundled-1", official_model.name)
    assert figures["concealment"] == "neural"
    assert figures["dred_ms"] > 0
    figures = json.loads(dred(*arguments, "--model", "bundled-1").stdout)
    assert (figures["filling_model"], figures["concealment"]) == (None, "without model")


def test_an_encoder_is_judged_by_the_model_of_its_stream(
    no_official_model: None, dred: Run, speech: Path, tmp_path: Path
) -> None:
    stream, report = tmp_path / "x.bit", tmp_path / "report.json"
    dred("encode", speech, stream)
    result = CliRunner().invoke(
        app, ["conform-encoder", "--packets", str(stream), "--input", str(speech), "--report", str(report)]
    )
    assert result.exit_code in {0, 1}, result.output  # how good the model is, is not asked here
    document = json.loads(report.read_text())
    declared = document["adapter"]
    assert (declared["wire"], declared["models"]) == (["bundled-1"], ["bundled-1"])
    assert document["streams"][0]["analysed"] > 0


def test_errors_without_dred_change_nothing(no_official_model: None, dred: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.hex"
    path.write_text("48aa\n4b41ffaa\n48bb\n")
    document = json.loads(dred("inspect", path, "--summary", "--json", code=1).stdout)
    assert (document["wire"], document["model"]) == ("bundled-1", "bundled-1")
    assert document["notes"] == []
    with pytest.raises(DredError):
        find_dred(bytes.fromhex("4b41ffaa"), WIRE_PROFILES["bundled-1"])
