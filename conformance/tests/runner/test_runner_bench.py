"""The benchmark of the runner measures what it says, and only adapters that are right."""

import json
import shlex
from collections.abc import Callable

import pytest
from typer.testing import CliRunner

from dred_conformance.bench.runner import NothingToTimeError, bench_runner
from dred_conformance.cli.main import app
from dred_conformance.vectors.case import Case


def test_the_figures_fit_each_other() -> None:
    result = CliRunner().invoke(app, ["bench", "runner", "--stage", "packet", "--rounds", "1", "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["adapter"].startswith("dred_native")
    assert found["cases"] > 200
    assert found["jobs"] == 2
    assert found["runner_cpu_us"] > 0
    assert found["start_ms"] > 0
    per_case_us = 1e6 / found["cases_per_second"] - 1e3 * found["start_ms"] / found["cases"]
    assert found["adapter_alone_us"] + found["overhead_us"] == pytest.approx(per_case_us, rel=1e-6)


def test_a_slow_adapter_is_not_taken_for_overhead(
    unruly: Callable[[str], list[str]], packet_cases: Callable[..., list[Case]]
) -> None:
    found = bench_runner(unruly("slow"), packet_cases(40), jobs=2, rounds=1)
    assert found.adapter_alone_us > 5 * found.runner_cpu_us  # it sleeps 20 ms for each case
    assert found.adapter_alone_us > 5 * found.adapter_cpu_us


@pytest.mark.parametrize("mode", ["refuses", "garbage", "writers-only"])
def test_a_wrong_adapter_is_not_timed(
    mode: str, misbehaving: Callable[[str], list[str]], packet_cases: Callable[..., list[Case]]
) -> None:
    with pytest.raises(NothingToTimeError):
        bench_runner(misbehaving(mode), packet_cases(3), jobs=2, rounds=1)
    command = shlex.join(misbehaving(mode))
    result = CliRunner().invoke(app, ["bench", "runner", "--stage", "packet", "--adapter", command])
    assert result.exit_code == 1
    assert "did not pass" in result.stderr


@pytest.mark.parametrize("arguments", [["--adapter", "/no/such"], ["--stage", "nonsense"], ["-j", "1"]])
def test_wrong_usage_of_the_benchmark(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, ["bench", "runner", *arguments])
    assert result.exit_code == 2
    assert result.stderr.strip()
