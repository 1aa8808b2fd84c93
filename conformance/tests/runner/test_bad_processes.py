"""Adapters that are bad processes: the run ends, the verdicts are right, nothing of them is left."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dred_conformance.runner import adapter_log
from dred_conformance.runner.adapter_log import AdapterLog
from dred_conformance.runner.campaign import run_campaign
from dred_conformance.runner.session import AdapterStartError, Session
from dred_conformance.runner.stopping import STOPPED, Stop
from dred_conformance.runner.verdict import CaseOutcome, Verdict
from dred_conformance.vectors.case import Case

Command = Callable[[str], list[str]]
Cases = Callable[..., list[Case]]
LeftOver = Callable[[], list[int]]

# What comes of the first cases; every second one of a process meets the misbehaviour.
PASS, ERROR, TIMEOUT = Verdict.PASS, Verdict.ERROR, Verdict.TIMEOUT
MODES = {
    "decent": (PASS, PASS, PASS, PASS),
    "grandchild": (PASS, PASS, PASS, PASS),
    "stays-after-the-end": (PASS, PASS, PASS, PASS),
    "hangs-deaf": (PASS, TIMEOUT, PASS),
    "partial-line": (PASS, TIMEOUT, PASS),
    "trickles": (PASS, TIMEOUT, PASS),
    "complains": (PASS, ERROR, PASS, ERROR),
    "dies-with-grandchild": (PASS, ERROR, PASS, ERROR),
    "closes-pipes": (PASS, ERROR, PASS, ERROR),
    "exits-after-hello": (ERROR, ERROR, ERROR, ERROR),
    "twice": (PASS, PASS, ERROR, PASS),
}
REASONS = {
    "hangs-deaf": "no answer within 2 s",
    "partial-line": "7 bytes of an unfinished line",
    "trickles": "bytes of an unfinished line",
    "complains": "ended by SIGABRT; its last words: \\x1b[31mout of luck\\x07",
    "dies-with-grandchild": "ended with exit code 3",
    "closes-pipes": "closed its pipes while running",
    "exits-after-hello": "ended with exit code 0",
    "twice": "nobody had asked for",
}


@pytest.mark.parametrize("mode", MODES)
def test_a_bad_process_costs_its_case_and_leaves_nothing(
    mode: str, unruly: Command, packet_cases: Cases, left_over: LeftOver
) -> None:
    expected = MODES[mode]
    campaign = run_campaign(unruly(mode), packet_cases(len(expected)), timeout_s=2.0)
    found = [result.outcome for result in campaign.results]
    assert tuple(outcome.verdict for outcome in found) == expected, [o.reason for o in found]
    for outcome in found:
        if outcome.verdict != Verdict.PASS:
            assert REASONS[mode] in outcome.reason
            assert outcome.reason.isprintable()
    assert left_over() == []


@pytest.mark.parametrize("mode", ["grandchild", "hangs-deaf", "complains", "dies-with-grandchild"])
def test_two_bad_processes_leave_nothing_either(
    mode: str, unruly: Command, packet_cases: Cases, left_over: LeftOver
) -> None:
    campaign = run_campaign(unruly(mode), packet_cases(32), timeout_s=2.0, jobs=2, max_restarts=1)
    assert len(campaign.results) == 32
    expected = {*MODES[mode], Verdict.NOT_RUN} if mode != "grandchild" else {PASS}
    assert set(campaign.counts) == expected
    assert left_over() == []


def test_an_answer_nobody_asked_for_yet_is_never_believed(
    unruly: Command, packet_cases: Cases, left_over: LeftOver
) -> None:
    campaign = run_campaign(unruly("ahead"), packet_cases(3), timeout_s=5.0)
    assert [result.outcome.verdict for result in campaign.results][2] in (Verdict.ERROR, Verdict.FAIL)
    assert left_over() == []


def test_a_request_that_is_never_read_is_a_timeout(
    unruly: Command, packet_cases: Cases, left_over: LeftOver
) -> None:
    campaign = run_campaign(unruly("stops-reading"), packet_cases(1, size=300_000), timeout_s=2.0)
    assert [result.outcome.verdict for result in campaign.results] == [Verdict.TIMEOUT]
    assert "the request was not read to its end" in campaign.results[0].outcome.reason
    assert left_over() == []


def test_the_last_words_of_a_crash_are_kept(unruly: Command, packet_cases: Cases) -> None:
    outcome = run_campaign(unruly("complains"), packet_cases(2), timeout_s=5.0).results[1].outcome
    assert "first words" in outcome.stderr
    assert len(outcome.stderr) <= 4096


def test_a_given_up_adapter_is_said_to_be(unruly: Command, packet_cases: Cases, left_over: LeftOver) -> None:
    campaign = run_campaign(unruly("dies-with-grandchild"), packet_cases(9), timeout_s=5.0, max_restarts=2)
    verdicts = [result.outcome.verdict for result in campaign.results]
    assert verdicts == [PASS, ERROR, PASS, ERROR, PASS, ERROR, *[Verdict.NOT_RUN] * 3]
    assert "started again more than 2 times" in campaign.results[-1].outcome.reason
    assert campaign.exit_code == 1
    assert left_over() == []


def test_no_restart_is_needed_for_the_last_case(unruly: Command, packet_cases: Cases) -> None:
    campaign = run_campaign(unruly("dies-with-grandchild"), packet_cases(2), timeout_s=5.0, max_restarts=0)
    assert [result.outcome.verdict for result in campaign.results] == [PASS, ERROR]


def test_another_declaration_after_a_restart_is_not_believed(tmp_path: Path, packet_cases: Cases) -> None:
    once = tmp_path / "once"
    script = tmp_path / "fickle.sh"
    hello = '{"seq":0,"name":"n","version":"%s","stages":["packet"],"wire":[],"models":[]}'
    script.write_text(
        f"#!/bin/sh\nread line\nif [ -e {once} ]; then echo '{hello % 2}'; else echo '{hello % 1}'; fi\n"
        f"touch {once}\n",
        encoding="utf-8",
    )
    campaign = run_campaign(["/bin/sh", str(script)], packet_cases(3), timeout_s=5.0)
    assert [result.outcome.verdict for result in campaign.results] == [
        ERROR,
        Verdict.NOT_RUN,
        Verdict.NOT_RUN,
    ]
    assert "declares something else" in campaign.results[1].outcome.reason


@pytest.mark.parametrize("command", [["/"], [""], ["a\0b"], ["/dev/null"]])
def test_what_cannot_be_started_is_an_error_of_usage(command: list[str]) -> None:
    with pytest.raises(AdapterStartError):
        Session(command)


def test_a_silent_adapter_is_left_when_the_run_shall_stop(
    unruly: Command, packet_cases: Cases, left_over: LeftOver
) -> None:
    stop = Stop()
    outcomes: list[CaseOutcome] = []

    def progress(result: object) -> None:
        outcomes.append(result)  # type: ignore[arg-type]
        stop.request(STOPPED)

    started = time.monotonic()
    campaign = run_campaign(
        unruly("hangs-deaf"), packet_cases(5), timeout_s=300.0, stop=stop, progress=progress
    )
    assert time.monotonic() - started < 200
    verdicts = [result.outcome.verdict for result in campaign.results]
    assert verdicts == [PASS, *[Verdict.NOT_RUN] * 4]
    assert left_over() == []


def test_the_log_says_who_complained_about_what(tmp_path: Path, unruly: Command, packet_cases: Cases) -> None:
    path = tmp_path / "adapter.log"
    with AdapterLog(path) as log:
        run_campaign(unruly("complains"), packet_cases(2), timeout_s=5.0, log=log)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("== process 1, packet-test-00000001 ==\nfirst words\n")
    assert text.count("first words") == 2000
    assert text.count("==\n") == 1


def test_an_adapter_that_does_not_start_again_is_given_up(tmp_path: Path, packet_cases: Cases) -> None:
    once = tmp_path / "once"
    script = tmp_path / "mortal.sh"
    hello = '{"seq":0,"name":"n","version":"1","stages":["packet"],"wire":[],"models":[]}'
    script.write_text(
        f"#!/bin/sh\n[ -e {once} ] && echo 'no licence left' >&2 && exit 9\n"
        f"touch {once}\nread line\necho '{hello}'\n",
        encoding="utf-8",
    )
    campaign = run_campaign(["/bin/sh", str(script)], packet_cases(3), timeout_s=20.0)
    assert [result.outcome.verdict for result in campaign.results] == [
        ERROR,
        Verdict.NOT_RUN,
        Verdict.NOT_RUN,
    ]
    reason = campaign.results[2].outcome.reason
    assert "did not start again" in reason
    assert "exit code 9; its last words: no licence left" in reason


def test_the_log_of_a_flood_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter_log, "_LARGEST_LOG", 1000)
    path = tmp_path / "adapter.log"
    with AdapterLog(path) as log:
        for number in range(100):
            log.write(1 + number % 2, "case", b"no line feed " * 10)
    text = path.read_text(encoding="utf-8")
    assert len(text) < 2000
    assert text.startswith("== process 1, case ==\nno line feed")
    assert "\n== process 2, case ==\n" in text
    assert text.endswith("the rest is not kept ==\n")
    with AdapterLog(None) as nothing:
        nothing.write(1, "case", b"unheard")
