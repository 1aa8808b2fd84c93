"""``dred train``: from sound to a model that encodes and decodes, and runs that end in every way."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

import dred_training
from dred_conformance.cli.main import app
from dred_model import load_model
from dred_training import TrainingError, read_configuration
from dred_training.feature_store import FeatureStore, write_store
from dred_training.rdovae import run_log
from dred_training.rdovae.checkpoint import FILE as CHECKPOINT
from dred_training.rdovae.model import RdoVae
from dred_training.rdovae.sparsification import Sparsifier
from dred_training.run_folder import locked, read_run

TOY_TOML = """
name = "toy"
[network]
latent_dim = 6
state_dim = 5
encoder_dense = 16
encoder_gru = 8
encoder_conv = 16
encoder_hidden = 24
decoder_hidden = 16
decoder_dense = 24
decoder_gru = 16
decoder_conv = 8
[training]
steps = 6
batch = 4
frames = 24
longest_chunk = 4
checkpoint_every = 2
log_every = 1
"""


def run(*arguments: Any) -> tuple[int, str]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    path = tmp_path / "toy.toml"
    path.write_text(TOY_TOML, encoding="utf-8")
    return path


def write_corpus(folder: Path) -> None:
    folder.mkdir()
    time_s = np.arange(24000) / 16000
    for index in range(2):
        hum = np.sin(2 * np.pi * (110 + 40 * index + 20 * time_s) * time_s) ** 3
        noise = np.random.default_rng(index).standard_normal(len(hum)) * 0.02
        soundfile.write(folder / f"{index}.wav", 0.3 * hum + noise, 16000, subtype="PCM_16")


def test_from_sound_to_a_model_that_encodes_and_decodes(tmp_path: Path, toy: Path) -> None:
    write_corpus(tmp_path / "corpus")
    code, output = run("train", "features", tmp_path / "corpus", "-o", tmp_path / "features", "--json")
    assert (code, json.loads(output)["frames"]) == (0, 300)
    trained = ["train", "rdovae", tmp_path / "features", "-o", tmp_path / "run", "--config", toy, "--json"]
    code, output = run(*trained)
    assert (code, json.loads(output)["complete"]) == (0, True)
    code, output = run("train", "export", tmp_path / "run", "-o", tmp_path / "model", "--json")
    assert code == 0
    made = json.loads(output)
    bundle = load_model(tmp_path / "model")
    assert (bundle.name, bundle.experimental_version) == ("toy", 0xB1)
    assert bundle.model_sha256 == made["model_sha256"]
    models = [tmp_path / "model"] * 2
    code, output = run("train", "evaluate", tmp_path / "features", *models, "--json")
    assert code == 0
    document = json.loads(output)
    assert document["chunks"] == 2
    assert len(document["outcomes"]) == 2 * (16 + 105)
    first, again = document["outcomes"][0], document["outcomes"][121]
    assert (again.pop("model"), first.pop("model")) == (f"{tmp_path / 'model'} (2)", str(tmp_path / "model"))
    assert first == again
    equal = document["models"][1]["bits_at_equal_error"]["total"]["latents"]
    assert equal is None or equal["mean"] == pytest.approx(1)
    assert first["bits_per_second"] == pytest.approx(np.mean(first["by_age"]["bits"]) * 25)
    plot = tmp_path / "curves.svg"
    code, output = run("train", "evaluate", tmp_path / "features", *models, "--plot", plot)
    assert code == 0
    assert "6+3" in output
    assert plot.stat().st_size > 1000
    assert run("train", "export", tmp_path / "run", "-o", tmp_path / "model")[0] == 2
    assert run("train", "export", tmp_path / "run", "-o", tmp_path / "model", "--force")[0] == 0


def test_a_process_that_is_killed_leaves_a_run_that_goes_on(
    tmp_path: Path, toy: Path, store: FeatureStore
) -> None:
    (tmp_path / "features").mkdir()
    write_store(tmp_path / "features", [("a", np.array(store.features))], "tracker")
    assert run("train", "rdovae", tmp_path / "features", "-o", tmp_path / "whole", "--config", toy)[0] == 0
    folder = tmp_path / "killed"
    program = "from dred_conformance.cli.main import run; run()"
    command = [sys.executable, "-c", program, "train", "rdovae", tmp_path / "features", "-o", folder]
    process = subprocess.Popen([*map(str, command), "--config", str(toy)], stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not (folder / CHECKPOINT).exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert (folder / CHECKPOINT).exists()
    assert run("train", "rdovae", tmp_path / "features", "-o", folder)[0] == 0
    hashes = []
    for name in ("whole", "killed"):
        code, output = run("train", "export", tmp_path / name, "-o", tmp_path / f"{name}-model", "--json")
        assert code == 0
        hashes.append(json.loads(output)["model_sha256"])
    assert hashes[0] == hashes[1]
    assert [entry["step"] for entry in run_log.read_log(folder)] == [1, 2, 3, 4, 5, 6]


def test_a_run_stops_in_time_and_says_so(tmp_path: Path, toy: Path, store: FeatureStore) -> None:
    (tmp_path / "features").mkdir()
    write_store(tmp_path / "features", [("a", np.array(store.features))], "tracker")
    base = ["train", "rdovae", tmp_path / "features", "-o", tmp_path / "run"]
    mistaken = tmp_path / "mistaken.toml"
    mistaken.write_text(TOY_TOML + "[sparsity.densities]\ndec_glue1 = [0.5]\n", encoding="utf-8")
    assert run(*base, "--config", mistaken)[0] == 2
    code, output = run(*base, "--config", toy, "--minutes", 0)
    assert code == 3
    assert "0 of 6 steps" in output
    with locked(tmp_path / "run"):
        code, output = run(*base)
        assert (code, "another process" in output) == (2, True)
    (tmp_path / "other.toml").write_text("seed = 5\n", encoding="utf-8")
    assert run(*base, "--config", tmp_path / "other.toml")[0] == 2
    assert run(*base, "--device", "abacus")[0] == 2


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    for arguments in (
        ("features", tmp_path / "absent", "-o", tmp_path / "store"),
        ("rdovae", tmp_path / "absent", "-o", tmp_path / "run"),
        ("export", tmp_path / "absent", "-o", tmp_path / "model"),
        ("evaluate", tmp_path / "absent", "synthetic-1"),
        ("evaluate", tmp_path / "absent", "synthetic-1", "--plot", "a.txt"),
    ):
        assert run("train", *arguments)[0] == 2
    (tmp_path / "run.json").write_text('{"format": "dred-training-run/1"}', encoding="utf-8")
    with pytest.raises(TrainingError, match="T4"):
        read_run(tmp_path)


def test_the_configuration_of_the_bundled_model_names_layers_that_there_are() -> None:
    configuration = read_configuration(Path(dred_training.__file__).with_name("bundled-1.toml"))
    assert configuration.name == "bundled-1"
    Sparsifier(RdoVae(configuration.network, 1), configuration.sparsity, configuration.training)
