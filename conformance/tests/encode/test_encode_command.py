"""``dred encode`` as its users see it."""

import json
import sys

import numpy as np
import pytest

from dred_conformance.cli.main import COMMANDS
from dred_conformance.encoding.high_pass import DcRemoval, InputHighPass

MODEL = ("--model", "synthetic-5-net-enc")


@pytest.fixture
def source(tmp_path, speech):
    soundfile = pytest.importorskip("soundfile")
    soundfile.write(tmp_path / "in.flac", speech(0.5, 16000), 16000)
    return tmp_path / "in.flac"


def test_figures_add_up(dred, tmp_path, source, opus) -> None:
    output = tmp_path / "out.opus"
    result = dred("encode", source, output, *MODEL, "--bitrate", "40", "--json")
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert figures["packets"] == 26  # 25 of speech, and what the look-ahead pushes out
    assert figures["seconds"] == 0.5
    assert figures["bytes"]["base"] + figures["bytes"]["dred"] == figures["bytes"]["total"]
    assert figures["bytes"]["filling"] == 0
    assert figures["bitrate"]["total"] == round(8 * figures["bytes"]["total"] / 0.52)
    assert figures["bytes"]["total"] < output.stat().st_size
    assert figures["packets_with_dred"] > 20
    redundancy = figures["redundancy_ms"]
    assert redundancy["p10"] <= redundancy["p50"] <= redundancy["p90"] <= 1000
    assert set(figures["ms_per_second_of_speech"]) == {
        "features", "network", "writing", "base codec", "resampling",
    }  # fmt: skip
    assert all(spent > 0 for spent in figures["ms_per_second_of_speech"].values())


def test_the_same_input_gives_the_same_file(dred, tmp_path, source, opus) -> None:
    for name in ("a.opus", "b.opus"):
        assert dred("encode", source, tmp_path / name, *MODEL).exit_code == 0
    assert (tmp_path / "a.opus").read_bytes() == (tmp_path / "b.opus").read_bytes()


def test_inspect_reads_what_was_written(dred, tmp_path, source, opus) -> None:
    for suffix in (".opus", ".bit"):
        output = tmp_path / f"out{suffix}"
        assert dred("encode", source, output, *MODEL, "--frame", "40").exit_code == 0
        result = dred("inspect", output, "--summary", "--model", "synthetic-5-net-enc")
        assert result.exit_code == 0, result.output
        assert "126 (DRED, experimental)" in result.output


def test_words_for_people(dred, tmp_path, source, opus) -> None:
    result = dred("encode", source, tmp_path / "out.bit", *MODEL, "--cbr", "--progress")
    assert result.exit_code == 0
    assert "26 packets" in result.stdout
    assert "redundancy" in result.stdout


@pytest.mark.parametrize("command", ["encode", "add", "strip"])
def test_help_has_an_example(dred, command: str) -> None:
    result = dred(command, "--help")
    assert result.exit_code == 0
    assert "For example" in result.output
    assert COMMANDS[command].summary


def test_without_libopus_it_is_said_what_to_install(dred, tmp_path, source, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "dred_opus", None)
    result = dred("encode", source, tmp_path / "out.opus", *MODEL)
    assert result.exit_code == 2
    assert "apt-get install libopus-dev" in result.output


def test_without_mutagen_it_is_said_what_to_install(dred, tmp_path, source, opus, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "mutagen", None)
    result = dred("encode", source, tmp_path / "out.opus", *MODEL)
    assert result.exit_code == 2
    assert "pip install '.[ogg]'" in result.output
    assert dred("encode", source, tmp_path / "out.bit", *MODEL).exit_code == 0


def test_a_constant_is_removed_and_speech_is_not(speech) -> None:
    samples = speech(2.0, 16000).astype(np.float64)
    filter_ = DcRemoval(16000, 1)
    frames = [filter_.process(samples[start : start + 1920] + 0.25) for start in range(0, 32000, 1920)]
    filtered = np.concatenate(frames)
    assert abs(filtered[16000:].mean()) < 1e-3
    assert np.sqrt(np.mean((filtered - samples)[24000:] ** 2)) < 0.02
    mean, expected = 0.0, []
    for value in samples[:, 0] + 0.25:
        expected.append(value - mean)
        mean += 6.3 * 3 / 16000 * (value - mean)
    assert filtered[:, 0] == pytest.approx(np.array(expected), abs=1e-12)


@pytest.mark.parametrize(("application", "rumble", "voice"), [("voip", 0.16, 0.9), ("audio", 0.95, 0.99)])
def test_rumble_is_kept_from_the_analysis_where_the_base_codec_takes_it_off(
    application: str, rumble: float, voice: float
) -> None:
    time = np.arange(48000)[:, None] / 48000
    for frequency, kept in ((25.0, rumble), (150.0, voice)):
        filter_ = InputHighPass(48000, 1, application)
        tone = np.sin(2 * np.pi * frequency * time)
        filtered = np.concatenate(
            [filter_.process(tone[start : start + 960]) for start in range(0, 48000, 960)]
        )
        level = np.sqrt(2 * np.mean(filtered[24000:] ** 2))
        if application == "voip" and frequency < 60:
            assert level < kept
        else:
            assert level == pytest.approx(kept, abs=0.06)
