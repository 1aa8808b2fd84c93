"""``dred features``: files of all kinds in, features out; and everything that can be wrong with them."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner, Result

from dred_conformance.cli.main import app
from dred_model import ModelBundle
from dred_reference.analysis import PitchTracker, extract_features

soundfile = pytest.importorskip("soundfile")

RANDOM = np.random.default_rng(13)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["features", *map(str, arguments)])


def integers(size: int) -> NDArray[np.int16]:
    return RANDOM.integers(-3000, 3000, size).astype("<i2")


@pytest.fixture
def raw_file(tmp_path: Path) -> Path:
    path = tmp_path / "speech.sw"
    path.write_bytes(integers(1700).tobytes())
    return path


def test_raw_samples_to_raw_features(raw_file: Path, tmp_path: Path) -> None:
    output = tmp_path / "speech.f32"
    result = run(raw_file, "-o", output, "--pitch", "tracker")
    assert result.exit_code == 0, result.output
    samples = np.fromfile(raw_file, "<i2").astype(np.float64)
    wanted = extract_features(samples, PitchTracker())[:, :20].astype("<f4")
    assert output.read_bytes() == wanted.tobytes()
    assert "10 frames of 10 ms" in result.output
    assert "tracker" in result.output


def test_an_archive_has_everything(raw_file: Path, tmp_path: Path) -> None:
    output = tmp_path / "speech.npz"
    assert run(raw_file, "-o", output, "--pitch", "tracker").exit_code == 0
    samples = np.fromfile(raw_file, "<i2").astype(np.float64)
    wanted = extract_features(samples, PitchTracker()).astype(np.float32)
    with np.load(output) as archive:
        assert np.array_equal(archive["features"], wanted[:, :20])
        assert np.array_equal(archive["lpc"], wanted[:, 20:])
        assert (archive["rate"], archive["pitch"]) == (16000, "tracker")
        assert (archive["model"], archive["model_sha256"], archive["profile"]) == ("", "", "")
    first = output.read_bytes()
    assert run(raw_file, "-o", output, "--pitch", "tracker").exit_code == 0
    assert output.read_bytes() == first


@pytest.mark.parametrize("rate", [8000, 12000, 16000, 22050, 24000, 44100, 48000])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_files_of_every_rate(tmp_path: Path, rate: int, channels: int, suffix: str) -> None:
    if rate in {22050, 44100}:
        pytest.importorskip("soxr")
    path = tmp_path / f"speech{suffix}"
    time = np.arange(rate // 2) / rate
    tone = sum(0.05 * np.cos(2 * np.pi * 150 * k * time) for k in range(1, 12))
    soundfile.write(path, np.repeat(np.asarray(tone)[:, None], channels, axis=1), rate)
    result = run(path, "--pitch", "tracker", "--json")
    assert result.exit_code == 0, result.output
    document = json.loads(result.output)
    assert (document["frames"], document["file_rate"]) == (50, rate)
    assert document["median_pitch_hz"] == pytest.approx(150, rel=0.01)
    assert document["voiced_frames"] > 40


def test_16_khz_integers_are_taken_as_they_are(raw_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "speech.wav"
    soundfile.write(path, np.fromfile(raw_file, "<i2"), 16000, subtype="PCM_16")
    for source in (raw_file, path):
        assert (
            run(source, "-o", source.with_suffix(f"{source.suffix}.f32"), "--pitch", "tracker").exit_code == 0
        )
    assert (tmp_path / "speech.sw.f32").read_bytes() == (tmp_path / "speech.wav.f32").read_bytes()


def test_the_document(raw_file: Path) -> None:
    document = json.loads(run(raw_file, "--pitch", "tracker", "--json").output)
    assert document.pop("voiced_frames") in range(11)
    document.pop("median_pitch_hz")
    assert document == {
        "format": "dred-features/1",
        "speech": str(raw_file),
        "file_rate": 16000,
        "frames": 10,
        "seconds": 0.1,
        "samples_left": 100,
        "pitch": "tracker",
        "profile": None,
        "model": None,
        "model_sha256": None,
        "output": None,
        "plot": None,
    }


@pytest.mark.official_model
def test_the_network_of_the_official_model(
    official_model: ModelBundle, raw_file: Path, tmp_path: Path
) -> None:
    output = tmp_path / "speech.npz"
    document = json.loads(run(raw_file, "-o", output, "--json").output)
    assert (document["pitch"], document["profile"]) == ("network", "float64")
    assert document["model_sha256"] == official_model.model_sha256
    with np.load(output) as archive:
        assert archive["model_sha256"] == official_model.model_sha256


def test_a_model_without_a_pitch_network(raw_file: Path) -> None:
    name = "synthetic-2-4x3-net8x8x8x8"
    document = json.loads(run(raw_file, "--model", name, "--json").output)
    assert document["pitch"] == "tracker"
    result = run(raw_file, "--model", name, "--pitch", "network")
    assert result.exit_code == 2
    assert "no pitch network" in result.stderr
    result = run(raw_file, "--model", "no-such-model", "--pitch", "network")
    assert result.exit_code == 2
    assert "no-such-model" in result.stderr


def test_silence_has_no_pitch(tmp_path: Path) -> None:
    path = tmp_path / "silence.sw"
    path.write_bytes(bytes(3200))
    result = run(path, "--pitch", "tracker")
    assert result.exit_code == 0
    assert "no voiced frame" in result.output
    assert json.loads(run(path, "--pitch", "tracker", "--json").output)["median_pitch_hz"] is None


def test_a_plot(raw_file: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    plot = tmp_path / "features.png"
    assert run(raw_file, "--pitch", "tracker", "--plot", plot).exit_code == 0
    assert plot.read_bytes().startswith(b"\x89PNG")


def write_floats(path: Path, values: list[float]) -> Path:
    soundfile.write(path, np.array(values, dtype=np.float32), 16000, subtype="FLOAT")
    return path


def test_files_without_features(tmp_path: Path) -> None:
    output = tmp_path / "out.f32"
    empty, odd, short, damaged = (tmp_path / name for name in ("a.sw", "b.sw", "c.sw", "d.wav"))
    empty.touch()
    odd.write_bytes(bytes(321))
    short.write_bytes(bytes(318))
    damaged.write_bytes(b"RIFF\x10\0\0\0WAVE")
    empty_wav = write_floats(tmp_path / "e.wav", [])
    nothing = tmp_path / "f.wav"
    nothing.touch()
    not_a_number = write_floats(tmp_path / "g.wav", [0.0] * 300 + [float("nan")] + [0.0] * 300)
    infinite = write_floats(tmp_path / "h.wav", [0.0] * 300 + [float("inf")])
    short_wav = write_floats(tmp_path / "i.wav", [0.1] * 159)
    for path, message in (
        *((empty, "empty"), (odd, "321 bytes"), (short, "159 samples"), (damaged, "d.wav")),
        *((empty_wav, "no sample"), (nothing, "empty"), (not_a_number, "sample 300"), (infinite, "inf")),
        (short_wav, "less than a frame"),
    ):
        result = run(path, "-o", output, "--pitch", "tracker")
        assert result.exit_code == 1, path
        assert message in result.stderr
        assert "Traceback" not in result.output
        assert not output.exists()


def test_wrong_usage(raw_file: Path, tmp_path: Path) -> None:
    speech = tmp_path / "speech.mp3"
    speech.write_bytes(bytes(3200))
    for arguments, message in (
        ((speech,), ".wav, .flac, .sw"),
        ((tmp_path / "missing.wav",), "no such file"),
        ((tmp_path,), "read from"),
        ((raw_file, "-o", tmp_path / "out.txt"), ".f32 or .npz"),
        ((raw_file, "-o", tmp_path / "out"), ".f32 or .npz"),
        ((raw_file, "-o", tmp_path / "none" / "out.f32"), "folder"),
        ((raw_file, "--plot", tmp_path / "out.gif"), ".png"),
        ((raw_file, "--pitch", "ear"), "auto, network, tracker"),
        ((raw_file, "--profile", "int4"), "float64, int8, int8-c"),
    ):
        result = run(*arguments)
        assert result.exit_code == 2, arguments
        assert message in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["speech.mp3", "speech.sw"]


def test_an_output_that_cannot_be_written(raw_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder.f32"
    folder.mkdir()
    result = run(raw_file, "-o", folder, "--pitch", "tracker")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.f32", "speech.sw"]


def test_the_help_has_an_example() -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert "dred features speech.wav -o speech.f32" in result.output
