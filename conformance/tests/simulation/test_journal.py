"""A run goes on where it was cut, and only there."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dred_conformance.simulation.errors import SimulationError
from dred_conformance.simulation.journal import JOURNAL_NAME, Journal

IDENTITY: dict[str, Any] = {"settings": {"bitrate": 40000, "seed": 0}, "clips": {"a": "00"}}


def result(clip: str, value: float = 1.0) -> dict[str, Any]:
    return {"clip": clip, "condition": "20%", "scheme": "dred", "figures": {"pesq": value}}


def filled(folder: Path) -> bytes:
    with Journal(folder, IDENTITY) as journal:
        for clip in "abc":
            journal.add(result(clip))
    return (folder / JOURNAL_NAME).read_bytes()


def test_what_was_written_is_read(tmp_path: Path) -> None:
    filled(tmp_path)
    with Journal(tmp_path, IDENTITY) as journal:
        assert [key[0] for key in journal.results] == ["a", "b", "c"]
        assert journal.results["b", "20%", "dred"] == result("b")


@settings(max_examples=25)
@given(st.data())
def test_it_may_be_cut_anywhere(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """After any cut the whole lines are there, and the next line stands by itself."""
    folder = tmp_path_factory.mktemp("cut")
    whole = filled(folder)
    cut = data.draw(st.integers(0, len(whole)))
    (folder / JOURNAL_NAME).write_bytes(whole[:cut])
    kept = max(0, whole[:cut].count(b"\n") - 1)
    with Journal(folder, IDENTITY) as journal:
        assert len(journal.results) == kept
        journal.add(result("d"))
    lines = [json.loads(line) for line in (folder / JOURNAL_NAME).read_bytes().splitlines()]
    assert lines[0]["settings"] == IDENTITY["settings"]
    assert [line["clip"] for line in lines[1:]] == [*"abc"[:kept], "d"]


def test_another_run_is_refused_with_what_differs(tmp_path: Path) -> None:
    before = filled(tmp_path)
    other = {**IDENTITY, "settings": {"bitrate": 32000, "seed": 0}}
    with pytest.raises(
        SimulationError, match=r"L4: .*other settings .settings: there .*40000.*here .*32000"
    ) as raised:
        Journal(tmp_path, other)
    assert "use another folder" in str(raised.value)
    assert (tmp_path / JOURNAL_NAME).read_bytes() == before


@pytest.mark.parametrize("line", [b"{", b"[]", b"7", b'{"clip":"a"}', b"\xff"])
def test_a_damaged_line_is_named_and_nothing_is_lost(tmp_path: Path, line: bytes) -> None:
    lines = filled(tmp_path).splitlines()
    damaged = b"\n".join([*lines[:2], line, *lines[3:]]) + b"\n"
    (tmp_path / JOURNAL_NAME).write_bytes(damaged)
    with pytest.raises(SimulationError, match="line 3: damaged"):
        Journal(tmp_path, IDENTITY)
    assert (tmp_path / JOURNAL_NAME).read_bytes() == damaged


def test_what_is_no_journal_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / JOURNAL_NAME).write_text("dear diary\n")
    with pytest.raises(SimulationError, match="line 1: damaged"):
        Journal(tmp_path, IDENTITY)
    assert (tmp_path / JOURNAL_NAME).read_text() == "dear diary\n"


def test_a_folder_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SimulationError, match="L4"):
        Journal(tmp_path / "missing", IDENTITY)
