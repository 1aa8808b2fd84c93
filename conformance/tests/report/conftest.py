"""Reports to look at: of a decoder that is wrong in every stage, of a hostile one, of one that is right."""

import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from dred_conformance.data import data_folder
from dred_conformance.report.document import report_document
from dred_conformance.runner.builtin import builtin_command
from dred_conformance.runner.campaign import run_campaign
from dred_conformance.vectors.case import Case
from dred_conformance.vectors.store import VectorStore

WRONG = Path(__file__).parent / "wrong_adapter.py"

Report = dict[str, Any]


@pytest.fixture(scope="session")
def store() -> VectorStore:
    """The published vectors."""
    return VectorStore(data_folder("vectors"))


@pytest.fixture(scope="session")
def published_cases(store: VectorStore) -> dict[str, Case]:
    """All published cases by id."""
    return {case.id: case for group in store.groups() for case in group.cases}


@pytest.fixture(scope="session")
def some_cases(store: VectorStore) -> list[Case]:
    """A few cases of every group."""
    return [case for group in store.groups() for case in islice(group.cases, 4)]


def model_options() -> list[str]:
    folders = sorted(path.parent for path in (data_folder("vectors") / "models").glob("*/model.json"))
    return [part for folder in folders for part in ("--model", str(folder))]


def wrong_command(bugs: str) -> list[str]:
    return [sys.executable, str(WRONG), bugs, *model_options()]


@pytest.fixture(scope="session")
def report_of(store: VectorStore) -> Callable[[str, list[Case]], Report]:
    """Run the adapter with the named bugs over cases and return the report."""

    def run(bugs: str, cases: list[Case], timeout_s: float = 20.0) -> Report:
        campaign = run_campaign(wrong_command(bugs), cases, timeout_s=timeout_s)
        return report_document(campaign, store, "./wrong adapter")

    return run


@pytest.fixture(scope="session")
def wrong(report_of: Callable[[str, list[Case]], Report], some_cases: list[Case]) -> Report:
    """The report of a decoder with bugs in every stage."""
    return report_of("everything", some_cases)


@pytest.fixture(scope="session")
def hostile(report_of: Callable[[str, list[Case]], Report], some_cases: list[Case]) -> Report:
    """The report of a decoder whose name and answers try to break out of every form."""
    return report_of("hostile", [case for case in some_cases if case.stage in ("packet", "extension")])


@pytest.fixture(scope="session")
def right(store: VectorStore) -> Report:
    """The report of the native core over all published cases."""
    cases = [case for group in store.groups() for case in group.cases]
    models = sorted(path.parent for path in (store.folder / "models").glob("*/model.json"))
    return report_document(run_campaign(builtin_command("native", models), cases), store, "native")
