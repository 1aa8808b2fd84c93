"""``dred vocode``: files of all kinds in, speech out; and everything that can be wrong with them."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner, Result

from dred_conformance.cli.main import app
from dred_conformance.vocoding import features as feature_files
from dred_model import ModelBundle
from dred_reference.vocoder import SourceFilterVocoder, speak, synthesise

from .vocoder_networks import random_features

FEATURES: NDArray[np.float32] = random_features(10).astype("<f4")
WITHOUT_MODEL = ("--vocoder", "source-filter")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["vocode", *map(str, arguments)])


@pytest.fixture
def raw_file(tmp_path: Path) -> Path:
    path = tmp_path / "speech.f32"
    path.write_bytes(FEATURES.tobytes())
    return path


@pytest.fixture(scope="module")
def spoken() -> NDArray[np.int16]:
    return speak(FEATURES, SourceFilterVocoder())


def test_raw_features_to_raw_samples(raw_file: Path, tmp_path: Path, spoken: NDArray[np.int16]) -> None:
    output = tmp_path / "out.sw"
    result = run(raw_file, "-o", output, *WITHOUT_MODEL)
    assert result.exit_code == 0, result.output
    assert output.read_bytes() == spoken.astype("<i2").tobytes()
    assert "0.10 s of speech" in result.output
    assert "source-filter" in result.output


@pytest.mark.parametrize("suffix", [".npz", ".npy"])
def test_arrays_to_a_wave_file(tmp_path: Path, suffix: str, spoken: NDArray[np.int16]) -> None:
    soundfile = pytest.importorskip("soundfile")
    source, output = tmp_path / f"in{suffix}", tmp_path / "out.wav"
    if suffix == ".npz":
        np.savez_compressed(source, features=FEATURES, lpc=np.zeros((10, 16)))
    else:
        np.save(source, FEATURES)
    assert run(source, "-o", output, *WITHOUT_MODEL).exit_code == 0
    samples, rate = soundfile.read(output, dtype="int16")
    assert rate == 16000
    assert np.array_equal(samples, spoken)


def test_the_document(raw_file: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.sw"
    document = json.loads(run(raw_file, "-o", output, *WITHOUT_MODEL, "--json").output)
    assert document.pop("ms_per_second_of_speech") > 0
    assert document == {
        "format": "dred-speech/1",
        "features": str(raw_file),
        "output": str(output),
        "seconds": 0.1,
        "samples": 1600,
        "sampling_rate": 16000,
        "clipped_samples": 0,
        "vocoder": "source-filter",
        "profile": None,
        "model": None,
        "model_sha256": None,
    }


@pytest.mark.official_model
def test_the_vocoder_of_the_official_model(
    official_model: ModelBundle, raw_file: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.sw"
    document = json.loads(run(raw_file, "-o", output, "--json").output)
    assert (document["vocoder"], document["profile"]) == ("fargan", "float64")
    assert document["model_sha256"] == official_model.model_sha256
    wanted = synthesise(FEATURES, official_model.to_reference_vocoder_network())
    assert output.read_bytes() == wanted.astype("<i2").tobytes()


def test_a_model_without_a_vocoder(raw_file: Path, tmp_path: Path) -> None:
    name, output = "synthetic-2-4x3-net8x8x8x8", tmp_path / "out.sw"
    document = json.loads(run(raw_file, "-o", output, "--model", name, "--json").output)
    assert document["vocoder"] == "source-filter"
    for model, message in ((name, "no vocoder network"), ("no-such-model", "no-such-model")):
        result = run(raw_file, "-o", output, "--model", model, "--vocoder", "fargan")
        assert result.exit_code == 2
        assert message in result.stderr


def test_files_without_speech(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feature_files, "LONGEST_FRAMES", 20)
    monkeypatch.setattr(feature_files, "_LARGEST_ARCHIVE", 4000)
    output = tmp_path / "out.sw"
    names = (
        "a.f32",
        "b.f32",
        "c.f32",
        "d.npz",
        "e.npz",
        "f.npz",
        "g.npz",
        "h.f32",
        "i.npz",
        "j.npz",
        "k.npz",
    )
    paths = [tmp_path / name for name in names]
    empty, odd, bad, no_zip, other, narrow, integers, long, cut, bomb, objects = paths
    empty.touch()
    odd.write_bytes(bytes(81))
    bad.write_bytes(np.full((3, 20), np.nan, "<f4").tobytes())
    no_zip.write_bytes(bytes(100))
    np.savez(other, lpc=np.zeros((3, 16)))
    np.savez(narrow, features=np.zeros((3, 16)))
    np.savez(integers, features=np.zeros((3, 20), dtype=np.int32))
    long.write_bytes(bytes(80 * 21))
    np.savez(cut, features=FEATURES)
    cut.write_bytes(cut.read_bytes()[:-40])
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("features.npy", bytes(5000))
    np.savez(objects, features=np.array([[None] * 20], dtype=object))
    for path, message in (
        *((empty, "no frame"), (odd, "81 bytes"), (bad, "nan"), (no_zip, "no .npz"), (other, "'features'")),
        *((narrow, "(3, 16)"), (integers, "int32"), (long, "an hour"), (cut, "no .npz"), (bomb, "an hour")),
        (objects, "no .npz"),
    ):
        result = run(path, "-o", output, *WITHOUT_MODEL)
        assert result.exit_code == 1, (path, result.output)
        assert message in result.stderr
        assert "Traceback" not in result.output
        assert not output.exists()


def test_wrong_usage(raw_file: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.sw"
    for arguments, message in (
        ((tmp_path / "missing.f32", "-o", output), "no such file"),
        ((tmp_path, "-o", output), "no such file"),
        ((raw_file, "-o", tmp_path / "out.mp3"), ".wav or .sw"),
        ((raw_file, "-o", tmp_path / "none" / "out.sw"), "folder"),
        ((raw_file, "-o", output, "--vocoder", "ear"), "auto, fargan, source-filter"),
        ((raw_file, "-o", output, "--profile", "int4"), "float64, int8"),
        ((raw_file,), "--output"),
    ):
        result = run(*arguments)
        assert result.exit_code == 2, arguments
        assert message in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["speech.f32"]


def test_an_output_that_cannot_be_written(raw_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder.sw"
    folder.mkdir()
    result = run(raw_file, "-o", folder, *WITHOUT_MODEL)
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.sw", "speech.f32"]


def test_the_help_has_an_example() -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert "dred vocode speech.f32 -o speech.wav" in result.output
