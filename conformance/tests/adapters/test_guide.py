"""The guide "write your adapter in 30 minutes": its files, its commands and its links are tried."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "adapters" / "README.md"
TEXT = GUIDE.read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```python (\S+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))
COMMANDS = [
    line.removeprefix("$ ")
    for block in re.findall(r"^```console\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
Run = Callable[[str], "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A shell in a folder with the guide's files, where ``dred`` and ``python3`` are those of the tests."""
    folder = tmp_path_factory.mktemp("guide")
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    binaries = folder / "bin"
    binaries.mkdir()
    python = shlex.quote(sys.executable)
    for name, call in (
        ("python3", python),
        ("dred", f"{python} -c 'from dred_conformance.cli.main import run; run()'"),
    ):
        (binaries / name).write_text(f'#!/bin/sh\nexec {call} "$@"\n', encoding="utf-8")
        (binaries / name).chmod(0o755)

    def run(command: str) -> subprocess.CompletedProcess[str]:
        script = f'PATH="$PWD/bin:$PATH"; {command}'
        return subprocess.run(
            ["sh", "-c", script], cwd=folder, capture_output=True, text=True, check=False, timeout=120
        )

    return run


def test_the_adapter_is_small_and_the_guide_has_commands() -> None:
    assert set(FILES) == {"decoder.py", "my_adapter.py"}
    assert len(FILES["my_adapter.py"].splitlines()) <= 40
    assert len(COMMANDS) >= 10


def test_every_command_ends_as_the_guide_says(shell: Run) -> None:
    for line in COMMANDS:
        command, _, remark = line.partition(" # exit code ")
        done = shell(command)
        assert done.returncode == int(remark or 0), f"{line}\n{done.stdout}\n{done.stderr}"


def test_the_adapter_passes_all_that_it_declares(shell: Run) -> None:
    done = shell("dred conform --adapter 'python3 my_adapter.py' --json")
    assert done.returncode == 0, done.stderr
    verdicts = json.loads(done.stdout)["summary"]["verdicts"]
    assert verdicts.keys() == {"pass", "unsupported"}
    assert verdicts["pass"] > 150


def test_the_mistake_is_found_where_the_guide_says(shell: Run) -> None:
    shell(next(line for line in COMMANDS if line.startswith("sed ")))
    done = shell("dred conform --adapter 'python3 wrong_adapter.py' --stage packet --json")
    failed = [case for case in json.loads(done.stdout)["cases"] if case["verdict"] == "fail"]
    assert failed
    assert {case["id"].rsplit("-", 1)[0] for case in failed} == {"packet-padding"}


def test_options_in_the_text_exist(shell: Run) -> None:
    of_libopus = {"--rule", "--wire", "--model"}
    options = set(re.findall(r"`(--[a-z-]+)", TEXT)) - of_libopus
    usage = shell("COLUMNS=200 dred conform --help").stdout
    assert {option for option in options if option not in usage} == set()


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", TEXT)
    assert len(targets) > 10
    assert [target for target in targets if not (GUIDE.parent / target).exists()] == []
