"""``dred vectors kills`` and ``dred vectors mutate`` as a user meets them."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dred_conformance.cli import kills as command
from dred_conformance.cli.main import app
from dred_conformance.data import data_folder
from dred_conformance.mutants.catalogue import load_mutants
from dred_conformance.mutants.laboratory import Laboratory
from dred_conformance.mutants.mechanical import Mutation
from dred_conformance.mutants.survey import offered


@pytest.fixture(autouse=True)
def _one_room(room: Laboratory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands use the copy that all tests share."""

    @contextmanager
    def shared(*_: Any, **__: Any) -> Iterator[Laboratory]:
        yield room

    monkeypatch.setattr(command, "laboratory", shared)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One file of finished bugs: what is written as kills does not change what a bug comes to."""
    return str(tmp_path_factory.mktemp("cache") / "kills.jsonl")


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["vectors", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def document(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text[text.index("{") : text.rindex("}") + 1])
    return found


def test_the_written_kills_of_a_stage_are_true(cache: str) -> None:
    code, text = run("kills", "--stage", "packet", "--check", "-j", "2", "--cache", cache, "--json")
    found = document(text)
    assert code == 0, found
    stage = found["stages"]["packet"]
    assert (
        stage["killed"]
        == stage["mutants"]
        == sum(mutant.stage == "packet" and not mutant.equivalent for mutant in load_mutants())
    )
    assert (found["differing"], found["official_cases"]) == ([], 0)
    code, text = run("kills", "--stage", "packet", "--cache", cache)
    assert code == 0
    assert "cases catch a bug" in text


def test_kills_that_are_not_true_are_told(tmp_path: Path, cache: str) -> None:
    folder = tmp_path / "vectors"
    shutil.copytree(data_folder("vectors"), folder)
    path = folder / "packet" / "packet-code1.json"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace('"odd-code-1-accepted"', '"written-padding-by-255"', 1), encoding="utf-8")
    assert run("fmt", "--vectors", str(folder))[0] == 0
    arguments = ("kills", "--vectors", str(folder), "--stage", "packet", "-j", "2", "--cache", cache)
    code, text = run(*arguments, "--check", "--json")
    assert (code, len(document(text)["differing"])) == (1, 1)
    code, text = run(*arguments, "--check")
    assert "other kills are written: packet-code1-" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--stage", "writing"), "there are no bugs of writing"),
        (("--vectors", "nowhere"), "nowhere"),
    ],
)
def test_wrong_usage_is_refused(arguments: tuple[str, ...], said: str) -> None:
    code, text = run("kills", *arguments)
    assert code == 2
    assert said in text


def test_mechanical_changes_are_drawn_put_and_counted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def few(native: Path, paths: tuple[str, ...]) -> dict[str, list[Mutation]]:
        return {file: each for file, each in offered(native, paths).items() if file == "src/laplace.cpp"}

    monkeypatch.setattr(command, "offered", few)
    arguments = ("mutate", "--count", "3", "-j", "2", "--cache", str(tmp_path / "m.jsonl"))
    code, text = run(*arguments, "--json")
    found = document(text)
    assert code == 0, found
    assert (found["compiled"], found["rate"]) == (3, 1.0)
    assert set(found["by_file"]) == {"src/laplace.cpp"}
    code, text = run(*arguments)
    assert code == 0
    assert "3 of 3 changes caught (100.0 %)" in text
