"""``dred bench vocoder``."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import dred_native
from dred_conformance.bench.vocoder import speech_like
from dred_conformance.cli.main import app


def run(*arguments: Any) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["bench", "vocoder", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.mark.official_model
@pytest.mark.usefixtures("official_model")
def test_bench_vocoder_times_every_implementation(tmp_path: Path) -> None:
    features = tmp_path / "speech.f32"
    speech_like(12).tofile(features)
    code, output = run("--features", features, "--json")
    assert code == 0
    result = json.loads(output)
    assert result["frames"] == 12
    assert [each["name"] for each in result["times"]] == [*dred_native.simd_paths(), "reference"]
    for each in result["times"]:
        assert each["times_real_time"] == pytest.approx(1e4 / each["frame_us"])
    code, output = run("--frames", 3)
    assert code == 0
    assert "times real time" in output


@pytest.mark.official_model
@pytest.mark.usefixtures("official_model")
@pytest.mark.parametrize("count", [0, 19])
def test_bench_vocoder_refuses_other_files(tmp_path: Path, count: int) -> None:
    features = tmp_path / "speech.f32"
    np.zeros(count, np.float32).tofile(features)
    code, output = run("--features", features)
    assert code == 2
    assert "speech.f32" in output


@pytest.mark.official_model
@pytest.mark.usefixtures("official_model")
def test_bench_vocoder_refuses_what_is_no_number(tmp_path: Path) -> None:
    features = tmp_path / "speech.f32"
    np.full(40, np.nan, np.float32).tofile(features)
    assert run("--features", features)[0] == 2


def test_bench_vocoder_wants_a_model_with_a_vocoder() -> None:
    code, output = run("--model", "synthetic-1-2x3")
    assert code == 2
    assert "vocoder" in output
    assert run("--model", "no-such-model")[0] == 2
