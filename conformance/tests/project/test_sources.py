"""The sources keep the project's own rules: linters, types, formats, names."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PYTHON_FOLDERS = ["reference", "native", "conformance"]
TOP_LEVEL = {*PYTHON_FOLDERS, "vectors", "spec-notes", "pyproject.toml", "README.md", "LICENSE", "Makefile"}
FORBIDDEN_NAMES = {"utils", "util", "common", "helpers", "helper", "misc"}


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"


def tracked(*patterns: str) -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a git checkout: the list of files is not known")
    return [name for name in done.stdout.splitlines() if (ROOT / name).is_file()]


def module(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


def test_ruff_finds_nothing() -> None:
    run(*module("ruff", "check", "--no-cache", *PYTHON_FOLDERS))


def test_ruff_would_format_nothing() -> None:
    run(*module("ruff", "format", "--no-cache", "--check", *PYTHON_FOLDERS))


def test_mypy_strict_finds_nothing() -> None:
    run(*module("mypy"))


def test_clang_format_would_change_nothing() -> None:
    files = tracked("*.cpp", "*.hpp", "*.c", "*.h")
    assert files
    binary = Path(sys.executable).with_name("clang-format")
    run(str(binary), "--dry-run", "--Werror", *files)


def test_the_top_level_is_as_agreed() -> None:
    top = {name.split("/")[0] for name in tracked()}
    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


def test_no_file_is_named_after_nothing() -> None:
    bad = [name for name in tracked() if FORBIDDEN_NAMES & {part.split(".")[0] for part in Path(name).parts}]
    assert bad == []


def test_source_files_can_be_read_in_one_sitting() -> None:
    files = tracked("*.py", "*.cpp", "*.hpp", "*.c", "*.h", "*.js")
    long = [name for name in files if len((ROOT / name).read_text(encoding="utf-8").splitlines()) > 400]
    assert long == []


def test_the_two_implementations_import_nothing_of_each_other() -> None:
    for folder, forbidden in (("reference", "dred_native"), ("native", "dred_reference")):
        for name in tracked(f"{folder}/*.py", f"{folder}/*.cpp", f"{folder}/*.hpp"):
            text = (ROOT / name).read_text(encoding="utf-8")
            imports = [line for line in text.splitlines() if "import" in line and forbidden in line]
            assert imports == [], name
