"""A small model folder, and a process of the native adapter that speaks about it."""

import hashlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import dred_native
from dred_model import named_synthetic_model, save_model

Talk = Callable[..., list[Any]]
NETWORK_MODEL = "synthetic-3-1x1-net8x8x8x8"
VOCODER_MODEL = "synthetic-3-1x1-voc"
NAMES = [
    f"{part}_{table}_q8" for part in ("latent", "state") for table in ("quant_scales", "dead_zone", "r", "p0")
]
DIMENSIONS = {"latent": 2, "state": 3}


def model_file(**changes: Any) -> dict[str, Any]:
    """Return a model.json: every row 128, 0, 100, 128; a zero costs one bit."""
    values = [128, 0, 100, 128] * 2
    tables = {
        name: [[value] * DIMENSIONS[name.split("_")[0]] for _ in range(16)]
        for name, value in zip(NAMES, values, strict=True)
    }
    flat = bytes(entry for name in NAMES for row in tables[name] for entry in row)
    return {
        "format": "dred-model/1",
        "name": "even",
        "experimental_version": 12,
        "levels": 16,
        "latent_dim": 2,
        "state_dim": 3,
        "tables": tables,
        "tables_sha256": hashlib.sha256(flat).hexdigest(),
        "weights": None,
        "source": "made by the tests",
    } | changes


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    """A folder with the model ``even``."""
    (tmp_path / "model.json").write_text(json.dumps(model_file()), encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="session")
def network_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the model of the worked example, which has a decoder network."""
    return save_model(named_synthetic_model(NETWORK_MODEL), tmp_path_factory.mktemp("models") / "network")


@pytest.fixture(scope="session")
def vocoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model that has a vocoder and no decoder network."""
    return save_model(named_synthetic_model(VOCODER_MODEL), tmp_path_factory.mktemp("models") / "vocoder")


def run_adapter(lines: bytes, *arguments: str, timeout: float = 60) -> subprocess.CompletedProcess[bytes]:
    """Run the adapter over lines until it ends."""
    command = [str(dred_native.adapter_path()), *arguments]
    return subprocess.run(command, input=lines, capture_output=True, check=False, timeout=timeout)


@pytest.fixture
def talk(model_folder: Path, network_folder: Path, vocoder_folder: Path) -> Talk:
    """Send requests (or lines as bytes) to one adapter process; returns the answers."""

    def send(*requests: dict[str, Any] | bytes) -> list[Any]:
        lines = [item if isinstance(item, bytes) else json.dumps(item).encode() for item in requests]
        folders = (model_folder, network_folder, vocoder_folder)
        models = [argument for folder in folders for argument in ("--model", str(folder))]
        done = run_adapter(b"\n".join(lines) + b"\n", *models)
        assert done.returncode == 0
        assert done.stderr == b""
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(answers) == len(requests)
        return answers

    return send


@pytest.fixture
def adapter_run() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run the adapter with lines and arguments of the test's own."""
    return run_adapter


@pytest.fixture
def make_model_file() -> Callable[..., dict[str, Any]]:
    """A maker of model.json contents with changes."""
    return model_file
