"""``dred compare`` as a user meets it."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from dred_conformance.cli.compare import app

Array = NDArray[np.float64]


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def run_json(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    code, output, _ = run(*arguments, "--json")
    document: dict[str, Any] = json.loads(
        output, parse_constant=lambda name: pytest.fail(f"{name} is no JSON")
    )
    return code, document


@pytest.fixture
def feature_files(tmp_path: Path, features: Array) -> tuple[Path, Path]:
    candidate = features.copy()
    candidate[:, 3] += 0.0625
    paths = tmp_path / "reference.f32", tmp_path / "candidate.f32"
    for path, frames in zip(paths, (features, candidate), strict=True):
        path.write_bytes(frames.astype("<f4").tobytes())
    return paths


@pytest.fixture
def audio_files(tmp_path: Path, speech: Array) -> tuple[Path, Path]:
    noisy = speech + np.random.default_rng(11).normal(scale=2, size=8000)
    paths = tmp_path / "reference.sw", tmp_path / "candidate.sw"
    for path, samples in zip(paths, (speech, noisy), strict=True):
        path.write_bytes(np.round(samples).astype("<i2").tobytes())
    return paths


@pytest.mark.parametrize("command", ["features", "audio"])
def test_help_has_examples_and_says_what_happens_at_the_edges(command: str) -> None:
    code, output, _ = run(command, "--help")
    assert code == 0
    for words in ("For example", "dred compare", "NaN", "shorter", "longer", "voiced", "Exit code"):
        assert words in output


def test_features_that_pass(feature_files: tuple[Path, Path]) -> None:
    code, output, _ = run("features", *feature_files)
    assert code == 0
    assert "PASS" in output
    assert "0.062500" in output
    assert "100 frames of 10 ms, 50 of them voiced" in output
    assert all(f"\nc{index} " in output for index in range(18))


def test_features_that_fail_by_thresholds(feature_files: tuple[Path, Path]) -> None:
    code, output, _ = run("features", *feature_files, "--thresholds", "0.5", "0.0624", "0.02")
    assert code == 1
    assert "FAIL\n  max 0.062500 exceeds 0.0624" in output


def test_json_of_features(feature_files: tuple[Path, Path]) -> None:
    code, document = run_json("features", *feature_files, "--thresholds", "0.05", "1", "1")
    assert code == 1
    assert document["format"] == "dred-compare/1"
    assert (document["metric"], document["verdict"]) == ("features", "fail")
    assert [each["name"] for each in document["measures"]] == ["total", "max", "pitch"]
    assert [each["value"] for each in document["measures"]] == [0.0625, 0.0625, 0]
    assert document["features"][3] == {"name": "c3", "rms": 0.0625, "worst_frame": 0}
    assert document["first_frame_above"] == {"frame": 0, "time_ms": 0, "measure": "total", "value": 0.0625}


def test_json_of_speech(audio_files: tuple[Path, Path]) -> None:
    code, document = run_json("audio", *audio_files, "--thresholds", "99", "99", "99")
    assert (code, document["verdict"], document["reasons"]) == (0, "pass", [])
    assert [each["name"] for each in document["measures"]] == ["err4", "err16", "pitch"]
    assert (document["frames"], document["voiced_frames"], document["samples"]) == (47, 43, 8000)
    assert [each["from_hz"] for each in document["bands"]][:3] == [0, 200, 400]
    assert document["bands"][-1]["to_hz"] == 8000


def test_speech_is_printed_by_band(audio_files: tuple[Path, Path]) -> None:
    code, output, _ = run("audio", *audio_files)
    assert code == 0
    assert "6800-8000 Hz" in output
    assert "PASS" in output


def test_silence_fails_in_plain_words_and_valid_json(tmp_path: Path) -> None:
    path = tmp_path / "silence.sw"
    path.write_bytes(bytes(8000))
    code, output, _ = run("audio", path, path)
    assert code == 1
    assert "FAIL\n  no voiced frame" in output
    code, document = run_json("audio", path, path)
    assert (code, document["measures"][2]["value"], document["measures"][2]["worst"]) == (1, None, None)


def test_a_truncated_candidate_fails_with_both_counts(audio_files: tuple[Path, Path]) -> None:
    reference, candidate = audio_files
    candidate.write_bytes(candidate.read_bytes()[:-2])
    code, output, _ = run("audio", reference, candidate)
    assert code == 1
    assert "7999 samples, the reference has 8000" in output
    code, document = run_json("audio", reference, candidate)
    assert (code, document["verdict"]) == (1, "fail")
    assert (document["reference_count"], document["candidate_count"]) == (8000, 7999)


def test_a_longer_candidate_is_mentioned(feature_files: tuple[Path, Path]) -> None:
    reference, candidate = feature_files
    candidate.write_bytes(candidate.read_bytes() + bytes(240))
    code, output, _ = run("features", reference, candidate)
    assert code == 0
    assert "the candidate has 3 frames more, which are not compared" in output


def test_a_delay_is_skipped(audio_files: tuple[Path, Path]) -> None:
    reference, candidate = audio_files
    candidate.write_bytes(bytes(160) + reference.read_bytes())
    code, document = run_json("audio", reference, candidate, "--skip", "80")
    assert (code, [each["value"] for each in document["measures"]]) == (0, [0, 0, 0])
    code, document = run_json("audio", candidate, reference, "--skip-reference", "80")
    assert (code, document["measures"][0]["value"]) == (0, 0)
    assert run("audio", reference, candidate)[0] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["features", "missing.f32", "missing.f32"],
        ["features", "empty.f32", "empty.f32"],
        ["features", "cut.f32", "cut.f32"],
        ["audio", "empty.sw", "empty.sw"],
        ["audio", "short.sw", "short.sw"],
        ["audio", "odd.sw", "odd.sw"],
        ["audio", ".", "."],
        ["features", "good.f32", "good.f32", "--thresholds", "nan", "1", "1"],
        ["features", "good.f32", "good.f32", "--thresholds", "-1", "1", "1"],
        ["features", "good.f32", "good.f32", "--thresholds", "1", "1"],
        ["features", "good.f32"],
        ["audio", "good.f32", "good.f32", "--format", "mp3"],
        ["audio", "good.f32", "good.f32", "--skip", "-1"],
    ],
    ids=" ".join,
)
def test_wrong_usage_and_unreadable_files_exit_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    sizes = {"empty.f32": 0, "cut.f32": 81, "empty.sw": 0, "short.sw": 1278, "odd.sw": 1281, "good.f32": 1600}
    for name, size in sizes.items():
        Path(name).write_bytes(bytes(size))
    code, output, errors = run(*arguments)
    assert (code, output) == (2, "")
    assert len(errors.strip()) > 10
    assert "Traceback" not in errors


def test_a_plot_needs_matplotlib_and_says_so(
    feature_files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    code, _, errors = run("features", *feature_files, "--plot", tmp_path / "a.png")
    assert code == 2
    assert 'pip install "opus-dred-reference[plot]"' in errors


def test_a_plot_of_unknown_format_or_place_is_refused(
    feature_files: tuple[Path, Path], tmp_path: Path
) -> None:
    code, _, errors = run("features", *feature_files, "--plot", tmp_path / "a.bmp")
    assert (code, ".png, .svg, .pdf" in errors) == (2, True)
    code, _, errors = run("features", *feature_files, "--plot", tmp_path / "nowhere" / "a.png")
    assert (code, "there is no folder" in errors) == (2, True)
