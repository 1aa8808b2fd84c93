"""Against the real output of the working group's tool."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dred_conformance.comparison import (
    TruncatedError,
    compare_audio,
    compare_features,
    read_audio,
    read_features,
)

pytestmark = pytest.mark.interop


@pytest.fixture
def folder(interop_dir: Path) -> Path:
    return interop_dir / "compare"


@pytest.fixture
def entries(folder: Path) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((folder / "compare.json").read_text(encoding="utf-8"))
    return loaded


def figures(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"= ([0-9.]+)", text)]


def test_every_printed_digit_is_reproduced(folder: Path, entries: list[dict[str, Any]]) -> None:
    compared = 0
    for entry in entries:
        expected = figures(entry["output"])
        if not expected:
            continue
        names = folder / entry["reference"], folder / entry["candidate"]
        measures = (
            compare_audio(*map(read_audio, names)).measures
            if entry["metric"] == "audio"
            else compare_features(*map(read_features, names)).measures
        )
        for measure, value in zip(measures, expected, strict=True):
            assert measure.value == pytest.approx(value, abs=1.01e-6), (entry, measure.name)
        compared += 1
    assert compared >= 4


def test_other_sample_counts_fail_with_both(folder: Path, entries: list[dict[str, Any]]) -> None:
    compared = 0
    for entry in entries:
        counts = re.search(r"counts do not match \((\d+)!=(\d+)\)", entry["output"])
        if counts is None:
            continue
        with pytest.raises(TruncatedError) as caught:
            compare_audio(read_audio(folder / entry["reference"]), read_audio(folder / entry["candidate"]))
        assert (caught.value.reference_count, caught.value.candidate_count) == tuple(
            map(int, counts.groups())
        )
        compared += 1
    assert compared >= 1
