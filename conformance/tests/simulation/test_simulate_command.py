"""The command on two clips of a second, without the official model: results, going on, refusals."""

import csv
import json
import signal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dred_conformance.cli.main import app
from dred_conformance.simulation.journal import JOURNAL_NAME

pytest.importorskip("dred_opus", exc_type=ImportError)
pytest.importorskip("soxr", exc_type=ImportError)

LIGHT = ["--gilbert", "20:2", "--schemes", "clean,classic,lbrr", "--metrics", "wg", "--model", "none"]


def simulate(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["simulate", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def rows(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / "results.csv").read_text().splitlines()))


@pytest.fixture(scope="module")
def finished(clip_files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "whole"
    code, said = simulate(*clip_files, "-o", folder, *LIGHT)
    assert code == 0, said
    return folder


@pytest.fixture
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes longer than the run does."""
    monkeypatch.setattr("dred_conformance.simulation.report._pictures", lambda *_: ({}, []))


def test_every_case_has_a_row_and_a_file(finished: Path) -> None:
    found = rows(finished)
    assert [(row["clip"], row["scheme"]) for row in found] == [
        (clip, scheme) for clip in ("high", "low") for scheme in ("clean", "classic", "lbrr")
    ]
    for row in found:
        assert (finished / "audio" / "20pct-bursts-2" / f"{row['clip']}.{row['scheme']}.wav").is_file()
    assert (finished / "audio" / "original" / "low.wav").is_file()
    assert (finished / "plots" / "quality-err4.png").is_file()
    assert "data:image/png" in (finished / "index.html").read_text()


def test_all_schemes_meet_the_same_losses_and_clips_have_their_own(finished: Path) -> None:
    lines = [json.loads(line) for line in (finished / JOURNAL_NAME).read_text().splitlines()[1:]]
    traces = {clip: {line["lost"] for line in lines if line["clip"] == clip} for clip in ("high", "low")}
    assert {len(of_clip) for of_clip in traces.values()} == {1}
    assert traces["high"] != traces["low"]


def test_clean_is_better_than_lost(finished: Path) -> None:
    summary = json.loads((finished / "summary.json").read_text())
    err4 = {each["scheme"]: each["value"] for each in summary["means"] if each["figure"] == "err4"}
    assert err4["clean"] < err4["lbrr"] <= err4["classic"]
    rates = [each["mean_kbps"] for each in summary["bitrates"]]
    assert max(rates) < 1.05 * min(rates)


def test_what_comes_out_is_in_time_with_what_went_in(finished: Path) -> None:
    """The known delay of the codec is all there is, to half a millisecond: its high-pass turns phases."""
    import numpy as np  # noqa: PLC0415
    import soundfile  # noqa: PLC0415

    original, _ = soundfile.read(finished / "audio" / "original" / "low.wav")
    heard, _ = soundfile.read(finished / "audio" / "20pct-bursts-2" / "low.clean.wav")
    assert len(heard) == len(original)
    part = slice(10_000, 30_000)
    lags = range(-60, 61)
    match = [np.dot(original[part], heard[10_000 + lag : 30_000 + lag]) for lag in lags]
    assert abs(lags[int(np.argmax(match))]) <= 24


@pytest.mark.usefixtures("no_pictures")
def test_a_finished_run_is_not_run_again(
    finished: Path, clip_files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("a case was run again")

    monkeypatch.setattr("dred_conformance.simulation.campaign.run_tasks", fail)
    before = (finished / "results.csv").read_text()
    assert simulate(*clip_files, "-o", finished, *LIGHT)[0] == 0
    assert (finished / "results.csv").read_text() == before


@pytest.mark.usefixtures("no_pictures")
def test_a_run_that_was_cut_within_a_line_goes_on(
    finished: Path, clip_files: list[Path], tmp_path: Path
) -> None:
    lines = (finished / JOURNAL_NAME).read_bytes().splitlines(keepends=True)
    (tmp_path / JOURNAL_NAME).write_bytes(b"".join(lines[:4]) + lines[4][:70])
    code, said = simulate(*clip_files, "-o", tmp_path, *LIGHT, "--json")
    assert code == 0, said
    assert rows(tmp_path) == rows(finished)
    assert json.loads(said)["cases"] == 6


@pytest.mark.usefixtures("no_pictures")
def test_processes_give_the_same(finished: Path, clip_files: list[Path], tmp_path: Path) -> None:
    assert simulate(*clip_files, "-o", tmp_path, *LIGHT, "-j", 2)[0] == 0
    assert rows(tmp_path) == rows(finished)


@pytest.mark.usefixtures("no_pictures")
def test_a_cluster_gives_the_same(finished: Path, clip_files: list[Path], tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", exc_type=ImportError)
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, protocol="tcp",
        dashboard_address=":0", host="127.0.0.1",
    ) as cluster:  # fmt: skip
        code, said = simulate(*clip_files, "-o", tmp_path, *LIGHT, "--scheduler", cluster.scheduler_address)
    assert code == 0, said
    assert rows(tmp_path) == rows(finished)


def test_other_settings_are_refused_and_nothing_is_lost(finished: Path, clip_files: list[Path]) -> None:
    before = (finished / JOURNAL_NAME).read_bytes()
    code, said = simulate(*clip_files, "-o", finished, *LIGHT, "--bitrate", 32)
    assert code == 2
    assert "L4" in said
    assert "other settings" in said
    assert (finished / JOURNAL_NAME).read_bytes() == before


@pytest.mark.usefixtures("no_pictures")
def test_an_interrupted_run_reports_and_goes_on(
    finished: Path, clip_files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dred_conformance.simulation.journal import Journal  # noqa: PLC0415

    add = Journal.add

    def interrupted(self: Journal, result: dict[str, Any]) -> None:
        add(self, result)
        if len(self.results) == 2:
            signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "add", interrupted)
        code, said = simulate(*clip_files, "-o", tmp_path, *LIGHT)
    assert code == 130
    assert "stopped after 2 of 6 cases" in said
    assert len(rows(tmp_path)) == 2
    assert "2 of 6 cases" in (tmp_path / "index.html").read_text()
    assert simulate(*clip_files, "-o", tmp_path, *LIGHT)[0] == 0
    assert rows(tmp_path) == rows(finished)


def test_a_case_that_fails_keeps_what_was_done(
    clip_files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dred_conformance.simulation.errors import SimulationError  # noqa: PLC0415

    def refuse(*_: object) -> None:
        raise SimulationError("L5", "no luck")

    monkeypatch.setattr("dred_conformance.simulation.workbench.hear", refuse)
    code, said = simulate(*clip_files, "-o", tmp_path, *LIGHT)
    assert (code, said.strip()) == (1, "L5: no luck")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--loss", "ten"], 2, "'ten' is no number"),
        (["--loss", "20", "--model", "none"], 2, "--gilbert LOSS:BURST"),
        (["--gilbert", "20:x"], 2, "'x' is no number"),
        (["--gilbert", "80:1"], 2, "mean burst of 4"),
        (["--gilbert", "20:2", "--gilbert", "20:2"], 2, "two of one name"),
        (["--gilbert", "20:2", "--schemes", "fec"], 2, "no scheme 'fec'"),
        (["--gilbert", "20:2", "--model", "none", "--schemes", "dred"], 2, "needs networks"),
        (["--gilbert", "20:2", "--metrics", "mos"], 2, "no metric 'mos'"),
        (["--gilbert", "20:2", "--bitrate", "2"], 2, "6 to 512 kb/s"),
        (["--gilbert", "20:2", "--bitrate", "nan"], 2, "--bitrate"),
        (["--gilbert", "20:2", "--rate", "8000"], 2, "16000, 24000, 48000"),
        (["--gilbert", "20:2", "--frame", "7"], 2, "packets of 7 ms"),
        (["--gilbert", "20:2", "--redundancy", "2s"], 2, "1040"),
        (["--gilbert", "20:2", "--audio", "mp3"], 2, "wav, flac, none"),
        (["--gilbert", "20:2", "-j", "2", "--scheduler", "tcp://a:1"], 2, "without --scheduler"),
        (["--trace", "nowhere.txt"], 1, "cannot be read"),
    ],
)
def test_wrong_usage_is_told(
    clip_files: list[Path], tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    found, output = simulate(clip_files[0], "-o", tmp_path / "out", *arguments)
    assert said in " ".join(output.split())
    assert found == code


def test_clips_are_checked(clip_files: list[Path], tmp_path: Path) -> None:
    folder = clip_files[0].parent
    (tmp_path / "high.wav").write_bytes(clip_files[0].read_bytes())
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.wav").write_text("no sound")
    for clips, code, expected in (
        ([folder, tmp_path / "high.wav"], 2, "have one name"),
        ([tmp_path / "empty"], 2, "no clip in the folder"),
        ([tmp_path / "text.wav"], 1, "no readable WAV"),
        ([tmp_path / "missing.wav"], 1, "no such file"),
    ):
        found, output = simulate(*clips, "-o", tmp_path / "out", *LIGHT)
        assert expected in " ".join(output.split())
        assert found == code


@pytest.mark.usefixtures("no_pictures")
def test_a_trace_of_arrivals_and_no_audio(clip_files: list[Path], tmp_path: Path) -> None:
    trace = tmp_path / "call.arrival_ms.txt"
    trace.write_text("0\n5\n-1\n30\n" * 20)
    folder = tmp_path / "out"
    code, said = simulate(
        clip_files[0], "-o", folder, "--trace", trace, "--delay", 10, "--schemes", "classic",
        "--metrics", "wg", "--model", "none", "--no-audio", "--rate", 16000,
    )  # fmt: skip
    assert code == 0, said
    assert not (folder / "audio").exists()
    # a quarter is lost, and the packets that come 30 ms late are too late for a delay of 10 ms
    played = rows(folder)[0]
    assert float(played["concealment_ms"]) > 0.4 * 1000
    assert "Listen" not in (folder / "index.html").read_text()
