"""The published vectors alone reach the literal implementation's branches; what they miss is explained."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
EXPLAINED = Path(__file__).with_name("uncovered.toml")


@pytest.fixture(scope="module")
def coverage(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("coverage")
    data, report = folder / "data", folder / "report.json"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("COV_CORE")}
    base = [sys.executable, "-m", "coverage"]
    source = f"--source={ROOT / 'reference' / 'dred_reference'}"
    commands = [
        [
            *base,
            "run",
            "--branch",
            source,
            f"--data-file={data}",
            "-m",
            "dred_conformance.vectors.reference_run",
        ],
        [*base, "json", f"--data-file={data}", "-o", str(report)],
    ]
    for command in commands:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    loaded: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return loaded


# What only looks at a model, which no request can change, and the profile that no vector asks for.
NOT_REACHED_BY_INPUTS = ("network/", "tables.py", "feature/fixed/bounds.py", "feature/int8.py")
# What no operation of the protocol runs, as vectors are for decoders: the way from speech to payloads, and
# concealment, which every receiver does in its own way. All that has tests of its own. So have the vocoder
# that needs no model, and the networks of vocoder and simulation, which are checked when they are loaded.
BESIDE_THE_DECODER = (
    *("resampling.py", "analysis/", "network/pitch.py", "encoding/", "network/encoder.py", "redundancy/"),
    *("concealment/", "network/concealment.py", "network/vocoder.py", "network/loss.py"),
    *("vocoder/source_filter.py", "vocoder/excitation.py", "vocoder/envelope.py"),
)


def inside(path: str) -> str:
    """Return the path of a file in the package."""
    return path.split("dred_reference/", 1)[1]


def test_the_vectors_reach_98_percent_of_the_branches(coverage: dict[str, Any]) -> None:
    summaries = [
        entry["summary"]
        for path, entry in coverage["files"].items()
        if not inside(path).startswith((*NOT_REACHED_BY_INPUTS, *BESIDE_THE_DECODER))
    ]
    branches = sum(summary["num_branches"] for summary in summaries)
    assert branches > 400
    percent = 100 * sum(summary["covered_branches"] for summary in summaries) / branches
    assert percent >= 98, f"{percent:.1f} %"


def test_every_function_with_an_unreached_branch_is_explained(coverage: dict[str, Any]) -> None:
    explained = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))
    missed = {
        f"{inside(path)}::{name}"
        for path, entry in coverage["files"].items()
        if not inside(path).startswith(BESIDE_THE_DECODER)
        for name, function in entry["functions"].items()
        if function["missing_branches"] or function["missing_lines"]
    }
    assert missed == set(explained), f"missed {missed - set(explained)}, reached {set(explained) - missed}"
    assert all(reason.strip() for reason in explained.values())
