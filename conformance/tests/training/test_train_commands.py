"""``dred train``: from sound to a model, and runs that end in every way."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

import dred_training
from dred_model import load_model
from dred_training import TrainingError, read_configuration, run_log
from dred_training.feature_store import FeatureStore, write_store
from dred_training.rdovae.checkpoint import FILE as CHECKPOINT
from dred_training.rdovae.model import RdoVae
from dred_training.rdovae.sparsification import Sparsifier
from dred_training.run_folder import begin_run, locked, read_run

Command = Callable[..., tuple[int, str]]
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


def test_from_sound_to_a_model_beside_others(tmp_path: Path, toy: Path, dred: Command) -> None:
    write_corpus(tmp_path / "corpus")
    code, output = dred("train", "features", tmp_path / "corpus", "-o", tmp_path / "features", "--json")
    assert (code, json.loads(output)["frames"]) == (0, 300)
    trained = ["train", "rdovae", tmp_path / "features", "-o", tmp_path / "run", "--config", toy, "--json"]
    code, output = dred(*trained)
    assert (code, json.loads(output)["complete"]) == (0, True)
    code, output = dred("train", "export", tmp_path / "run", "-o", tmp_path / "model", "--json")
    assert code == 0
    made = json.loads(output)
    bundle = load_model(tmp_path / "model")
    assert (bundle.name, bundle.experimental_version) == ("toy", 0xB1)
    assert bundle.model_sha256 == made["model_sha256"]
    models = [tmp_path / "model"] * 2
    code, output = dred("train", "evaluate", tmp_path / "features", *models, "--json")
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
    code, output = dred("train", "evaluate", tmp_path / "features", *models, "--plot", plot)
    assert code == 0
    assert "6+3" in output
    assert plot.stat().st_size > 1000
    assert dred("train", "export", tmp_path / "run", "-o", tmp_path / "model")[0] == 2
    assert dred("train", "export", tmp_path / "run", "-o", tmp_path / "model", "--force")[0] == 0


def test_a_process_that_is_killed_leaves_a_run_that_goes_on(
    tmp_path: Path, toy: Path, store: FeatureStore, dred: Command
) -> None:
    (tmp_path / "features").mkdir()
    write_store(tmp_path / "features", [("a", np.array(store.features))], "tracker")
    assert dred("train", "rdovae", tmp_path / "features", "-o", tmp_path / "whole", "--config", toy)[0] == 0
    folder = tmp_path / "killed"
    program = "from dred_conformance.cli.main import run; run()"
    command = [sys.executable, "-c", program, "train", "rdovae", tmp_path / "features", "-o", folder]
    process = subprocess.Popen([*map(str, command), "--config", str(toy)], stderr=subprocess.DEVNULL)
    until = time.monotonic() + 300
    while not (folder / CHECKPOINT).exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert (folder / CHECKPOINT).exists()
    assert dred("train", "rdovae", tmp_path / "features", "-o", folder, "--threads", 2)[0] == 0
    hashes = []
    for name in ("whole", "killed"):
        code, output = dred("train", "export", tmp_path / name, "-o", tmp_path / f"{name}-model", "--json")
        assert code == 0
        hashes.append(json.loads(output)["model_sha256"])
    assert hashes[0] == hashes[1]
    assert [entry["step"] for entry in run_log.read_log(folder)] == [1, 2, 3, 4, 5, 6]


def test_a_run_stops_in_time_and_says_so(
    tmp_path: Path, toy: Path, store: FeatureStore, dred: Command
) -> None:
    (tmp_path / "features").mkdir()
    write_store(tmp_path / "features", [("a", np.array(store.features))], "tracker")
    base = ["train", "rdovae", tmp_path / "features", "-o", tmp_path / "run"]
    mistaken = tmp_path / "mistaken.toml"
    mistaken.write_text(TOY_TOML + "[sparsity.densities]\ndec_glue1 = [0.5]\n", encoding="utf-8")
    assert dred(*base, "--config", mistaken)[0] == 2
    code, output = dred(*base, "--config", toy, "--minutes", 0)
    assert code == 3
    assert "0 of 6 steps" in output
    with locked(tmp_path / "run"):
        code, output = dred(*base)
        assert (code, "another process" in output) == (2, True)
    (tmp_path / "other.toml").write_text("seed = 5\n", encoding="utf-8")
    assert dred(*base, "--config", tmp_path / "other.toml")[0] == 2
    assert dred(*base, "--device", "abacus")[0] == 2
    (tmp_path / "features" / "features.f32").unlink()
    code, output = dred(*base)
    assert (code, "T3" in output) == (2, True)


def test_what_is_missing_is_told(tmp_path: Path, dred: Command) -> None:
    for arguments in (
        ("features", tmp_path / "absent", "-o", tmp_path / "store"),
        ("rdovae", tmp_path / "absent", "-o", tmp_path / "run"),
        ("export", tmp_path / "absent", "-o", tmp_path / "model"),
        ("evaluate", tmp_path / "absent", "synthetic-1"),
        ("evaluate", tmp_path / "absent", "synthetic-1", "--plot", "a.txt"),
        ("evaluate", tmp_path / "absent", *["synthetic-1"] * 9),
        ("curve", tmp_path / "absent"),
        ("curve", tmp_path / "absent", "--plot", "a.txt"),
    ):
        assert dred("train", *arguments)[0] == 2
    (tmp_path / "run.json").write_text('{"format": "dred-training-run/1"}', encoding="utf-8")
    with pytest.raises(TrainingError, match="T4"):
        read_run(tmp_path)


def test_what_the_disk_refuses_is_told(
    tmp_path: Path, toy: Path, store: FeatureStore, dred: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "features").mkdir()
    write_store(tmp_path / "features", [("a", np.array(store.features))], "tracker")
    (tmp_path / "file").touch()
    write_corpus(tmp_path / "corpus")
    for arguments in (
        ("features", tmp_path / "corpus", "-o", tmp_path / "file"),
        ("rdovae", tmp_path / "features", "-o", tmp_path / "file", "--config", toy),
        ("evaluate", tmp_path / "features", "synthetic-1", "--plot", tmp_path / "absent" / "a.svg"),
    ):
        code, output = dred("train", *arguments)
        assert (code, "Traceback" in output) == (2, False)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "checkpoint.pt")

    base = ("train", "rdovae", tmp_path / "features", "-o", tmp_path / "run", "--config", toy)
    with monkeypatch.context() as changed:
        changed.setattr("dred_training.rdovae.trainer.write_checkpoint", full)
        code, output = dred(*base)
    assert (code, "checkpoint.pt: No space left" in output) == (2, True)
    assert dred(*base)[0] == 0


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x80\x02}q\x00.", b"\x80\x05" + b"(" * 2000])
def test_a_checkpoint_that_is_none_is_refused(
    tmp_path: Path, toy: Path, dred: Command, content: bytes
) -> None:
    begin_run(tmp_path, read_configuration(toy), "0" * 64)
    assert dred("train", "export", tmp_path, "-o", tmp_path / "model")[0] == 2  # there is none yet
    (tmp_path / CHECKPOINT).write_bytes(content)
    code, output = dred("train", "export", tmp_path, "-o", tmp_path / "model")
    assert (code, output.startswith("T4")) == (2, True)
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize(
    "changed",
    [{"step": -1}, {"step": "6"}, {"model": {}}, {"model": []}, {"more": 1}, {"features_sha256": "1"}],
)
def test_a_checkpoint_with_other_content_is_refused(
    tmp_path: Path, toy: Path, dred: Command, changed: dict[str, object]
) -> None:
    configuration = read_configuration(toy)
    begin_run(tmp_path, configuration, "0" * 64)
    state = RdoVae(configuration.network, 1).state_dict()
    content = {
        **{"format": "dred-training-checkpoint/1", "fingerprint": configuration.fingerprint},
        **{"features_sha256": "0" * 64, "step": 6, "seconds": 1.0, "model": state, "optimiser": {}},
    }
    torch.save(content, tmp_path / CHECKPOINT)
    code, output = dred("train", "export", tmp_path, "-o", tmp_path / "model", "--json")
    assert (code, json.loads(output)["complete"]) == (0, True)
    torch.save({**content, **changed}, tmp_path / CHECKPOINT)
    code, output = dred("train", "export", tmp_path, "-o", tmp_path / "model", "--force")
    assert (code, output.startswith("T4")) == (2, True)


def test_the_log_becomes_a_picture(tmp_path: Path, toy: Path, dred: Command) -> None:
    begin_run(tmp_path, read_configuration(toy), "0" * 64)
    assert dred("train", "curve", tmp_path)[0] == 2
    for step in range(1, 300):
        run_log.append(tmp_path, {"step": step, "seconds": step, "rate": 9 / step, "alive": [6] * 16})
    run_log.append(tmp_path, {"step": 300, "rate": "none", "alive": [1]})
    code, output = dred("train", "curve", tmp_path, "--plot", tmp_path / "run.svg")
    assert (code, "step 300 of 6" in output) == (0, True)
    assert "loss: rate" in output
    assert (tmp_path / "run.svg").stat().st_size > 5000
    code, output = dred("train", "curve", tmp_path, "--json")
    assert len(json.loads(output)["entries"]) == 300


@pytest.mark.parametrize("name", ["bundled-1", "ten-minutes"])
def test_the_configurations_that_come_with_it_name_layers_that_there_are(name: str) -> None:
    configuration = read_configuration(Path(dred_training.__file__).with_name(f"{name}.toml"))
    assert configuration.name == name
    Sparsifier(RdoVae(configuration.network, 1), configuration.sparsity, configuration.training)
