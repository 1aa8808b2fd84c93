"""Which cases a run takes: all kinds of patterns must match, one of a kind will do."""

import json
import sys

import pytest
from typer.testing import CliRunner, Result

from dred_conformance.cli.main import app
from dred_conformance.data import data_folder
from dred_conformance.runner.selection import Selection, SelectionError
from dred_conformance.vectors.case import Case
from dred_conformance.vectors.store import VectorStore


@pytest.fixture(scope="module")
def published() -> list[Case]:
    """All published cases."""
    return [case for group in VectorStore(data_folder("vectors")).groups() for case in group.cases]


def conform(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["conform", *arguments])


def test_several_patterns_of_a_kind_add_up_and_kinds_narrow(published: list[Case]) -> None:
    chosen = Selection(stages=("packet", "extension"), flags=("boundary", "truncated")).among(published)
    expected = [
        case
        for case in published
        if case.stage in ("packet", "extension") and {"boundary", "truncated"} & set(case.flags)
    ]
    assert chosen == expected
    assert {case.stage for case in chosen} == {"packet", "extension"}
    narrowed = Selection(stages=("packet",), clauses=("RFC6716-*",), ids=("*code1*",)).among(published)
    assert narrowed
    assert all(case.stage == "packet" and "code1" in case.id for case in narrowed)


def test_no_pattern_takes_everything(published: list[Case]) -> None:
    assert Selection().among(published) == published


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        (Selection(flags=("boundry",)), ("flag 'boundry'", "did you mean boundary")),
        (Selection(clauses=("DRED-net-tolerence",)), ("DRED-net-tolerance",)),
        (Selection(ids=("packet-code1-*", "nothing-*")), ("id 'nothing-*'", "--list")),
        (Selection(stages=("packet",), clauses=("DRED-net-tolerance",)), ("--stage packet", "each kind")),
    ],
)
def test_a_pattern_that_matches_nothing_is_named(
    published: list[Case], selection: Selection, words: tuple[str, ...]
) -> None:
    with pytest.raises(SelectionError) as caught:
        selection.among(published)
    for word in words:
        assert word in str(caught.value)


def test_the_selection_can_be_listed_without_any_adapter(published: list[Case]) -> None:
    arguments = ["--list", "--stage", "packet", "--flag", "rejection", "--adapter", "/no/such/adapter"]
    result = conform(*arguments)
    assert result.exit_code == 0
    listed = [line.split()[0] for line in result.stdout.splitlines()]
    assert listed == [case.id for case in published if case.stage == "packet" and "rejection" in case.flags]
    document = json.loads(conform(*arguments, "--json").stdout)
    assert [case["id"] for case in document["cases"]] == listed
    assert document["selected"] == len(listed)
    assert all("rejection" in case["flags"] for case in document["cases"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["--flag", "nonsense"],
        ["--clause", "nonsense"],
        ["--list", "--stage", "nonsense"],
        ["-j", "0"],
        ["--timeout", "0"],
        ["--max-restarts", "-1"],
        ["--adapter-log", "/no/such/folder/log"],
        ["--scheduler", "tcp://127.0.0.1:1", "-j", "2"],
        ["--adapter", ""],
        ["--adapter", "'"],
    ],
)
def test_wrong_usage_says_so_and_is_exit_code_2(arguments: list[str]) -> None:
    result = conform(*arguments)
    assert result.exit_code == 2, result.exception
    assert result.stderr.strip()


def test_without_dask_the_option_for_a_scheduler_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = conform("--scheduler", "tcp://127.0.0.1:8786")
    assert result.exit_code == 2
    assert "opus-dred-reference[scale]" in result.stderr
