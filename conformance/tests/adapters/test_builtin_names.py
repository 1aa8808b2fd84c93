"""The names ``node`` and ``libopus``: started where they can be, else a message that says what to do."""

import json
import subprocess
from pathlib import Path

import pytest

from dred_conformance.runner import builtin
from dred_conformance.runner.builtin import AdapterNotFoundError, adapter_command, builtin_command
from dred_model import bundled_model, save_model


def fake_node(folder: Path, prints: str) -> str:
    program = folder / "node"
    program.write_text(f"#!/bin/sh\necho '{prints}'\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize("version", ["v18.0.0", "v20.19.1", "v100.1.0"])
def test_node_is_taken_from_the_path_and_gets_no_models(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    node = fake_node(tmp_path, version)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    command = builtin_command("node", [tmp_path])
    assert command[0] == node
    assert Path(command[1]).is_file()
    assert len(command) == 2


@pytest.mark.parametrize("version", ["v16.20.2", "v4.8.2", "", "nonsense"])
def test_an_old_node_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    fake_node(tmp_path, version)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(AdapterNotFoundError, match="18 or newer") as caught:
        builtin_command("node", [])
    assert (version or "unknown") in str(caught.value)


def test_no_node_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AdapterNotFoundError, match="apt-get install nodejs"):
        builtin_command("node", [])


def test_libopus_is_started_once_it_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builtin, "data_folder", lambda name: tmp_path)
    with pytest.raises(AdapterNotFoundError, match=f"make -C {tmp_path / 'libopus'}"):
        builtin_command("libopus", [tmp_path])
    program = tmp_path / "libopus" / "dred-libopus-adapter"
    program.parent.mkdir()
    program.touch()
    assert builtin_command("libopus", [tmp_path]) == [str(program)]


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(AdapterNotFoundError, match="native, reference, node, libopus"):
        builtin_command("nobody", [])


def models_of(command: list[str]) -> dict[str, list[str]]:
    hello = subprocess.run(
        command, input='{"seq":0,"op":"hello","protocol":1}\n', capture_output=True, text=True, check=True
    ).stdout.splitlines()[0]
    found = json.loads(hello)
    return {"wire": found["wire"], "models": sorted(found["models"])}


@pytest.mark.parametrize("adapter", ["native", "reference"])
def test_the_bundled_model_needs_no_official_one_and_no_vectors(
    no_official_model: None, tmp_path: Path, adapter: str
) -> None:
    with adapter_command(adapter, tmp_path) as command:
        assert command.count("--model") == 1
        found = models_of(command)
    assert found["models"] == ["bundled-1"]
    assert "bundled-1" in found["wire"]


@pytest.mark.parametrize("adapter", ["native", "reference"])
def test_the_bundled_model_of_vectors_is_the_one_they_are_judged_with(
    no_official_model: None, tmp_path: Path, adapter: str
) -> None:
    published = save_model(bundled_model(), tmp_path / "models" / "bundled-1")
    with adapter_command(adapter, tmp_path) as command:
        assert command[-2:] == ["--model", str(published)]
        assert models_of(command)["models"] == ["bundled-1"]
