"""Symbols of speech: clips and instants by rule, the same each time, only for the model that made them."""

import json
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from dred_conformance.cli.main import app
from dred_conformance.vectors.generate.errors import GenerationError
from dred_conformance.vectors.generate.models import BUNDLED_MODEL, VectorModel
from dred_conformance.vectors.generate.speech_encoding import LATENTS, chosen_clips, speech_symbols_text
from dred_conformance.vectors.generate.speech_symbols import identity, spoken_symbols
from dred_model import ModelBundle, named_synthetic_model
from dred_model.model_json import write_text

RATE = 16000
NAMES = ("a", "b", "c", "d", "e")
MODEL = "synthetic-6-9x4-enc8x8x8x8"


def voice(seconds: float, pitch: float) -> NDArray[np.float64]:
    """Something like a vowel, louder in its second half."""
    time = np.arange(round(seconds * RATE)) / RATE
    pulses = sum(np.sin(2 * np.pi * pitch * harmonic * time) / harmonic for harmonic in range(1, 12))
    loudness: NDArray[np.float64] = np.where(time < seconds / 2, 300.0, 4000.0) * pulses
    return loudness


def write(path: Path, samples: NDArray[np.float64]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("speech")
    for number, name in enumerate(NAMES):
        write(folder / f"{name}.wav", voice(1.4, 110 + 20 * number))
    return folder


@pytest.fixture(scope="module")
def bundle() -> ModelBundle:
    return named_synthetic_model(MODEL).renamed(BUNDLED_MODEL)


@pytest.fixture(scope="module")
def text(speech: Path, bundle: ModelBundle) -> str:
    return speech_symbols_text(speech, bundle)


def test_the_first_the_middle_and_the_last_free_clip_are_taken(tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / f"{name}.wav").touch()
    (tmp_path / "0.txt").touch()
    assert [path.name for path in chosen_clips(tmp_path)] == ["a.wav", "c.wav", "e.wav"]
    rows = ["file\tspeaker\tlicence", "a.wav\tx\tCC-BY-4.0", "e.wav\tx\t"]
    rows += [f"{name}.wav\tx\tCC0-1.0" for name in "bcd"]
    (tmp_path / "manifest.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert [path.name for path in chosen_clips(tmp_path)] == ["b.wav", "c.wav", "d.wav"]
    (tmp_path / "c.wav").unlink()
    with pytest.raises(GenerationError, match="2 clips of speech that may be used, 3 are needed"):
        chosen_clips(tmp_path)
    with pytest.raises(GenerationError, match="cannot be read"):
        chosen_clips(tmp_path / "nowhere")


def test_symbols_are_the_same_each_time_and_name_their_model(
    speech: Path, bundle: ModelBundle, text: str
) -> None:
    assert speech_symbols_text(speech, bundle) == text
    found = json.loads(text)
    assert found["model"] == {
        "name": BUNDLED_MODEL,
        "model_sha256": bundle.model_sha256,
        "state_dim": bundle.state_dim,
        "latent_dim": bundle.latent_dim,
    }
    assert [entry["comment"][-1] for entry in found["payloads"]] == ["a", "a", "c", "c", "e", "e"]
    for entry in found["payloads"]:
        assert len(entry["state"]) == bundle.state_dim
        assert [len(latent) for latent in entry["latents"]] == [bundle.latent_dim] * LATENTS


def test_the_loudest_part_is_taken(speech: Path, bundle: ModelBundle, text: str, tmp_path: Path) -> None:
    """What follows the loudest part is not heard, so silence behind it changes nothing."""
    for number, name in enumerate(NAMES):
        write(tmp_path / f"{name}.wav", np.append(voice(1.4, 110 + 20 * number), np.zeros(RATE)))
    assert speech_symbols_text(tmp_path, bundle) == text


def test_a_clip_that_is_too_short_or_none_is_refused(bundle: ModelBundle, tmp_path: Path) -> None:
    for name in NAMES:
        write(tmp_path / f"{name}.wav", voice(0.3, 120))
    with pytest.raises(GenerationError, match="15 steps of 20 ms of speech, 28 are needed"):
        speech_symbols_text(tmp_path, bundle)
    (tmp_path / "a.wav").write_bytes(b"nothing")
    with pytest.raises(GenerationError, match=r"a\.wav"):
        speech_symbols_text(tmp_path, bundle)


def of(bundle: ModelBundle, **changed: Any) -> VectorModel:
    return VectorModel(json.loads(write_text(bundle)) | changed)


def test_only_the_model_that_made_them_gets_the_symbols(
    bundle: ModelBundle, text: str, tmp_path: Path
) -> None:
    path = tmp_path / "symbols.json"
    advice = "'dred vectors speech-symbols SPEECH_FOLDER' makes them"
    with pytest.raises(GenerationError, match=advice):
        spoken_symbols(of(bundle), path)
    path.write_text(text, encoding="utf-8")
    entries = spoken_symbols(of(bundle), path)
    assert [entry.header for entry in entries] == [(6, 3, 15, 10), (3, 0, 15, 10)] * 3
    for changed in ({"model_sha256": "0" * 64}, {"latent_dim": 8}):
        with pytest.raises(GenerationError, match=f"made with another {BUNDLED_MODEL}.*{advice}"):
            spoken_symbols(of(bundle, **changed), path)
    for damaged in ("[]", "{", '{"model": {}}', "null"):
        path.write_text(damaged, encoding="utf-8")
        with pytest.raises(GenerationError, match=advice):
            spoken_symbols(of(bundle), path)
    assert identity(json.loads(write_text(bundle)))["model_sha256"] == bundle.model_sha256


def test_the_official_symbols_stay() -> None:
    entries = spoken_symbols(VectorModel({"name": "libopus-1.6"}))
    assert len(entries) == 8
    assert {(len(entry.state), len(entry.latents)) for entry in entries} == {(50, 14)}


def test_the_command_writes_symbols_of_the_bundled_model(speech: Path, tmp_path: Path) -> None:
    output = tmp_path / "symbols.json"
    runner = CliRunner()
    done = runner.invoke(app, ["vectors", "speech-symbols", str(speech), "-o", str(output), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(output.read_text(encoding="utf-8"))["model"]["name"] == BUNDLED_MODEL
    output.unlink()
    done = runner.invoke(app, ["vectors", "speech-symbols", str(tmp_path), "-o", str(output)])
    assert done.exit_code == 1
    assert "3 are needed" in done.output
    done = runner.invoke(app, ["vectors", "speech-symbols", str(speech), "-o", str(tmp_path / "no" / "x")])
    assert done.exit_code == 2
    assert not output.exists()
