"""Commands are loaded when they are used, and the list of commands says what they say of themselves."""

import subprocess
import sys
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from dred_conformance.cli.main import COMMANDS, app

SLOW_TO_LOAD = ("numpy", "jsonschema", "jinja2", "dred_native", "dred_reference", "dred_model")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_summary_is_the_first_sentence_of_the_help(name: str) -> None:
    group: Any = typer.main.get_command(app)
    command = group.get_command(group.make_context("dred", ["--version"], resilient_parsing=True), name)
    assert (command.help or "").split("\n\n")[0].replace("\n", " ").strip() == COMMANDS[name].summary
    if COMMANDS[name].further:
        assert set(COMMANDS[name].further) <= set(command.commands)


def test_the_list_of_commands_names_all_of_them() -> None:
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    listed = {
        line.split()[1] for line in result.output.splitlines() if line.startswith("\u2502") and line[2] != " "
    }
    assert set(COMMANDS) <= listed


def test_the_list_of_commands_waits_for_nothing_heavy() -> None:
    program = (
        "import sys\nfrom typer.testing import CliRunner\nfrom dred_conformance.cli.main import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        f"print([name for name in {SLOW_TO_LOAD!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_command_is_wrong_usage() -> None:
    result = CliRunner().invoke(app, ["nonsense"])
    assert result.exit_code == 2
    assert "nonsense" in result.output
