"""Ctrl-C and SIGTERM end a run cleanly: a whole report of what was judged, and no adapter left."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from dred_conformance.report.document import report_schema
from dred_conformance.runner.stopping import Stop, stopped_by_signals

DRED = [sys.executable, "-c", "from dred_conformance.cli.main import run; run()"]
SELECTED = ["--stage", "packet", "--id", "packet-code*"]


def interrupted(
    arguments: list[str], number: signal.Signals, is_ready: Callable[[], bool]
) -> tuple[int, str, str]:
    """Start the command, send it a signal once it is ready, and return its exit code and what it said."""
    with subprocess.Popen(
        [*DRED, "conform", *SELECTED, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        deadline = time.monotonic() + 60.0
        while not is_ready() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(number)
        output, complaint = process.communicate(timeout=60.0)
        return process.returncode, output, complaint


def adapter_of(command: list[str]) -> list[str]:
    return ["--adapter", " ".join(command), "--timeout", "300"]


@pytest.mark.parametrize(
    ("number", "jobs"), [(signal.SIGINT, "1"), (signal.SIGINT, "2"), (signal.SIGTERM, "1")]
)
def test_an_interrupted_run_reports_what_was_judged(
    number: signal.Signals,
    jobs: str,
    unruly: Callable[[str], list[str]],
    pids: Path,
    left_over: Callable[[], list[int]],
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"
    arguments = [*adapter_of(unruly("waits")), "-j", jobs, "--json", "--adapter-log", str(log)]
    code, output, complaint = interrupted(
        arguments, number, lambda: log.exists() and log.read_text().count("waiting") == int(jobs)
    )
    assert code == 128 + number, complaint
    report: dict[str, Any] = json.loads(output)
    jsonschema.validate(report, report_schema())
    verdicts = report["summary"]["verdicts"]
    assert verdicts["not-run"] > 10
    assert sum(verdicts.values()) == report["vectors"]["selected"]
    assert sum(verdicts.values()) - verdicts["not-run"] >= int(jobs)
    reasons = {case["reason"] for case in report["cases"] if case["verdict"] == "not-run"}
    assert reasons == {f"interrupted by {number.name} before this case"}
    assert left_over() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_before_hello_is_no_report(
    number: signal.Signals,
    unruly: Callable[[str], list[str]],
    pids: Path,
    left_over: Callable[[], list[int]],
    tmp_path: Path,
) -> None:
    path = tmp_path / "report.json"
    arguments = [*adapter_of(unruly("silent")), "--report", str(path)]
    code, output, complaint = interrupted(arguments, number, pids.exists)
    assert code == 128 + number
    assert "hello" in complaint
    assert "Traceback" not in complaint
    assert not output
    assert sorted(each.name for each in tmp_path.iterdir()) == ["pids"]
    assert left_over() == []


def test_the_handlers_are_put_back_and_a_second_signal_interrupts_at_once() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    stop = Stop()

    def interrupt_twice() -> None:
        with stopped_by_signals(stop):
            os.kill(os.getpid(), signal.SIGINT)
            assert (stop.is_wanted(), stop.signal) == (True, signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1.0)

    with pytest.raises(KeyboardInterrupt):
        interrupt_twice()
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_outside_the_main_thread_no_handler_is_set() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def enter() -> None:
        with stopped_by_signals(Stop()):
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert seen == [before]


def test_the_first_reason_stays() -> None:
    stop = Stop()
    assert not stop.is_wanted()
    stop.request("one", 2)
    stop.request("two", 15)
    assert (stop.reason, stop.signal) == ("one", 2)
