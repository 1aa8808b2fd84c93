"""Speech is judged by the metric, decisions one by one, and neither can make a decoder fail."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_conformance.report.wording import verdict_of
from dred_conformance.runner.campaign import run_campaign
from dred_conformance.runner.judge import judge
from dred_conformance.runner.verdict import CaseOutcome, Verdict
from dred_conformance.vectors.arrays import ArrayFile
from dred_conformance.vectors.case import Case

LIMITS = {"err4": 0.2, "err16": 0.8, "pitch": 0.1, "seconds": 0.5}
TIME = np.arange(8000) / 16000
TONE = np.round(8000 * np.sin(2 * np.pi * 200 * TIME) + 2000 * np.sin(2 * np.pi * 600 * TIME)).astype(
    np.int16
)
DECISIONS = [
    {"start": 0, "duration": 960, "source": "regular", "packet": 0},
    {"start": 960, "duration": 480, "source": "dred", "packet": 1920, "feature": 2},
    {"start": 1440, "duration": 480, "source": "concealment"},
    {"start": 1920, "duration": 960, "source": "lbrr", "packet": 2880},
]


def case_of(folder: Path, stage: str, expected: dict[str, Any], case_input: dict[str, Any]) -> Case:
    data = {
        "id": f"{stage}-test-00000000",
        "comment": "a test",
        "clauses": ["VOC-flow"],
        "flags": [],
        "input": {"op": stage, "model": "m", **case_input},
        "result": "valid",
        "expected": expected,
        "basis": "computed",
        "strength": "informative",
        "kills": [],
    }
    return Case.from_json(stage, data, folder)


def speech_case(folder: Path, samples: NDArray[np.int16]) -> Case:
    arrays = ArrayFile("audio-test.bin")
    expected = {"samples": arrays.add(samples, "int16"), "sample_count": len(samples), "tolerance": LIMITS}
    (folder / arrays.name).write_bytes(arrays.data)
    return case_of(folder, "audio", expected, {"features": "", "feature_count": 0})


def speech(samples: NDArray[Any]) -> dict[str, Any]:
    text = base64.b64encode(samples.astype("<i2").tobytes()).decode()
    return {"samples": text, "sample_count": len(samples)}


def receiver_case(folder: Path) -> Case:
    case_input = {"packets": [], "duration": 2880, "delay": None, "lbrr": True, "dred": True}
    more = {"sampling_rate": 48000, "wire": "experimental-12"}
    return case_of(folder, "receiver", {"decisions": DECISIONS}, case_input | more)


def judged(case: Case, result: Any) -> CaseOutcome:
    return judge(case, {"seq": 1, "result": result}, op_is_declared=True)


@pytest.mark.parametrize(
    ("candidate", "verdict"),
    [
        (TONE, Verdict.PASS),
        (TONE + 20, Verdict.PASS),  # a constant is filtered off
        (np.round(TONE * 0.98), Verdict.PASS),
        (np.round(TONE * 0.5), Verdict.FAIL),
        (np.roll(TONE, 3), Verdict.PASS),  # the same sound
        (np.zeros(8000), Verdict.FAIL),
        (np.random.default_rng(1).integers(-8000, 8000, 8000), Verdict.FAIL),
        (TONE[:-1], Verdict.FAIL),
        (np.pad(TONE, (0, 1)), Verdict.FAIL),
    ],
)
def test_speech_is_judged_by_its_sound(tmp_path: Path, candidate: NDArray[Any], verdict: Verdict) -> None:
    outcome = judged(speech_case(tmp_path, TONE), speech(candidate))
    assert outcome.verdict == verdict
    assert (outcome.difference is None) == (verdict == Verdict.PASS)


def test_the_figures_of_what_passes_are_reported(tmp_path: Path) -> None:
    outcome = judged(speech_case(tmp_path, TONE), speech(TONE))
    assert outcome.figures == {"err4": 0.0, "err16": 0.0, "pitch": 0.0}


def test_a_failure_names_figure_length_and_place(tmp_path: Path) -> None:
    candidate = TONE.copy()
    candidate[4000:4800] = 0
    outcome = judged(speech_case(tmp_path, TONE), speech(candidate))
    assert "over 0.5 s: err4" in outcome.reason
    assert outcome.difference is not None
    assert outcome.difference.path.startswith("samples, 2")  # 250 to 300 ms are silent
    assert outcome.difference.expected == "at most 0.2"


def test_pitch_does_not_apply_without_voiced_frames(tmp_path: Path) -> None:
    noise = np.random.default_rng(2).integers(-3000, 3000, 8000).astype(np.int16)
    outcome = judged(speech_case(tmp_path, noise), speech(noise))
    assert (outcome.verdict, outcome.figures["pitch"]) == (Verdict.PASS, None)


@pytest.mark.parametrize("count", [1, 160, 639, 640])
def test_speech_shorter_than_a_frame_of_the_metric(tmp_path: Path, count: int) -> None:
    case = speech_case(tmp_path, TONE[:count])
    assert judged(case, speech(TONE[:count])).verdict == Verdict.PASS
    assert judged(case, speech(np.full(count, 30000 * (-1) ** np.arange(count)))).verdict == Verdict.FAIL


def test_no_speech_at_all(tmp_path: Path) -> None:
    case = speech_case(tmp_path, TONE[:0])
    assert judged(case, speech(TONE[:0])).verdict == Verdict.PASS
    assert judged(case, speech(TONE[:1])).verdict == Verdict.FAIL


@pytest.mark.parametrize("samples", [7, None, "%%%", "AAA", "AAAA"])
def test_samples_that_are_no_array(tmp_path: Path, samples: Any) -> None:
    outcome = judged(speech_case(tmp_path, TONE), {"samples": samples, "sample_count": 8000})
    assert outcome.verdict in (Verdict.ERROR, Verdict.FAIL)


def test_right_decisions_pass_with_or_without_samples(tmp_path: Path) -> None:
    case = receiver_case(tmp_path)
    assert judged(case, {"decisions": DECISIONS}).verdict == Verdict.PASS
    more = {**speech(TONE), "sampling_rate": 48000, "decisions": DECISIONS}
    assert judged(case, more).verdict == Verdict.PASS


def changed(index: int, **members: Any) -> list[dict[str, Any]]:
    return [{**each, **(members if number == index else {})} for number, each in enumerate(DECISIONS)]


@pytest.mark.parametrize(
    ("decisions", "path", "said"),
    [
        (
            changed(1, feature=3),
            "decisions[1]",
            "DRED of the packet of 40 ms, feature 2, not 10 ms from 20 ms on",
        ),
        (
            changed(2, source="dred", packet=1920, feature=1),
            "decisions[2]",
            "at 30 ms: 10 ms from 30 ms on: conceal",
        ),
        (
            changed(0, duration=480),
            "decisions[0]",
            "at 0 ms: 20 ms from 0 ms on: the packet of 0 ms, not 10 ms",
        ),
        (changed(3, packet=1), "decisions[3]", "LBRR of the packet of 60 ms"),
        (changed(2, packet=1920), "decisions[2]", "concealment, packet 1920"),
        (DECISIONS[:2], "decisions[2]", "not nothing more"),
        ([*DECISIONS, DECISIONS[0]], "decisions[4]", "goes on after the last decision"),
    ],
)
def test_the_first_other_decision_is_told_in_words(
    tmp_path: Path, decisions: list[Any], path: str, said: str
) -> None:
    outcome = judged(receiver_case(tmp_path), {"decisions": decisions})
    assert outcome.verdict == Verdict.FAIL
    assert outcome.difference is not None
    assert outcome.difference.path == path
    assert said in outcome.reason


@pytest.mark.parametrize(
    "decisions",
    [
        *(None, 3, "x", {}, [None], [3], ["a"], [[]], [{}], [{"start": 0}]),
        *(changed(0, packet=False), changed(0, packet=0.0), changed(0, colour="red"), changed(1, source=[])),
        [{**DECISIONS[0], "source": {"a": 1}}],
    ],
)
def test_decisions_of_another_shape_break_the_protocol(tmp_path: Path, decisions: Any) -> None:
    outcome = judged(receiver_case(tmp_path), {"decisions": decisions})
    # JSON Schema takes 0.0 for an integer.
    assert outcome.verdict in (Verdict.ERROR, Verdict.FAIL)
    assert outcome.difference is not None


HELLO = {"seq": 0, "name": "n", "version": "1", "stages": ["audio", "receiver"], "wire": ["experimental-12"]}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b'{"seq":SEQ,"result":{"decisions":[]}}\n', "informative: other decision at 0 ms"),
        (
            b'{"seq":SEQ,"result":{"decisions":7}}\n',
            "informative (error): the answer does not fit the protocol",
        ),
        (b'{"seq":SEQ,"error":{"stage":"receiver","message":"no"}}\n', "informative: rejected"),
        (b'{"seq":SEQ,"unsupported":"later"}\n', "informative: declared, then refused"),
        (b'{"seq":77,"result":{"decisions":[]}}\n', "informative (error): seq is 77"),
        (b"garbage\n", "informative (error): no JSON"),
        (b"x" * (17 << 20), "informative (error): line too long"),
        (b"", "informative (timeout)"),
    ],
)
def test_whatever_goes_wrong_is_not_strict(
    scripted: Callable[..., list[str]], tmp_path: Path, answer: bytes, said: str
) -> None:
    hello = json.dumps({**HELLO, "models": ["m"]}).encode() + b"\n"
    campaign = run_campaign(scripted(answer, hello), [receiver_case(tmp_path)], timeout_s=1.0)
    (result,) = campaign.results
    assert result.outcome.verdict == Verdict.NON_STRICT
    assert result.outcome.reason.startswith(said)
    assert campaign.exit_code == 0


def test_cases_that_are_not_run_do_not_count_either(
    scripted: Callable[..., list[str]], tmp_path: Path
) -> None:
    hello = json.dumps({**HELLO, "models": ["m"]}).encode() + b"\n"
    campaign = run_campaign(scripted(b"garbage\n", hello), [receiver_case(tmp_path)] * 4, max_restarts=1)
    assert [result.outcome.verdict for result in campaign.results][-1] == Verdict.NOT_RUN
    assert campaign.exit_code == 0


def test_the_report_says_so() -> None:
    summary = {"exit_code": 0, "verdicts": {"pass": 5, "non-strict": 3}, "executed": 8, "seconds": 1.0}
    stages = {"packet": {"pass": 5}, "audio": {"non-strict": 1}, "receiver": {"non-strict": 2}}
    found = verdict_of({"summary": summary, "stages": stages})
    assert (found.kind, found.word) == ("good", "Conforms")
    assert found.advice.startswith(
        "3 cases of audio and receiver came out otherwise, which counts for nothing"
    )
    only = verdict_of({"summary": summary, "stages": {"packet": {"pass": 5, "non-strict": 3}}})
    assert only.advice == ""


def receiver_case_with_samples(folder: Path) -> Case:
    """A case that no published one is: decisions, and what is heard of them at the metric's 16 kHz."""
    arrays = ArrayFile("receiver-test.bin")
    expected = {"decisions": DECISIONS, "samples": arrays.add(TONE, "int16"), "sample_count": len(TONE)}
    (folder / arrays.name).write_bytes(arrays.data)
    case_input = {"packets": [], "duration": 24000, "delay": None, "lbrr": True, "dred": True}
    more = {"sampling_rate": 16000, "wire": "experimental-12"}
    expected |= {"sampling_rate": 16000, "tolerance": LIMITS}
    return case_of(folder, "receiver", expected, case_input | more)


@pytest.mark.parametrize(
    ("changes", "verdict", "said"),
    [
        ({}, Verdict.PASS, ""),
        (speech(np.roll(TONE, 3)), Verdict.PASS, ""),
        (
            speech(np.round(TONE * 0.5)),
            Verdict.NON_STRICT,
            "informative: beyond the tolerance over 0.5 s: err4",
        ),
        (speech(TONE[:-160]), Verdict.NON_STRICT, "informative: wrong result at sample_count"),
        (
            {"samples": speech(TONE[:-160])["samples"]},
            Verdict.NON_STRICT,
            "informative: wrong number of samples",
        ),
        ({"sampling_rate": 48000}, Verdict.NON_STRICT, "informative: wrong result at sampling_rate"),
        ({"decisions": DECISIONS[:3]}, Verdict.NON_STRICT, "informative: other decision at 40 ms"),
        ({"samples": None}, Verdict.NON_STRICT, "informative (error)"),
    ],
)
def test_samples_of_a_receiver_are_judged_behind_its_decisions(
    scripted: Callable[..., list[str]], tmp_path: Path, changes: dict[str, Any], verdict: Verdict, said: str
) -> None:
    result = {"decisions": DECISIONS, **speech(TONE), "sampling_rate": 16000, **changes}
    answer = json.dumps({"seq": "SEQ", "result": result}).replace('"SEQ"', "SEQ").encode() + b"\n"
    hello = json.dumps({**HELLO, "models": ["m"]}).encode() + b"\n"
    campaign = run_campaign(scripted(answer, hello), [receiver_case_with_samples(tmp_path)], timeout_s=5.0)
    (result_of_case,) = campaign.results
    assert result_of_case.outcome.verdict == verdict
    assert result_of_case.outcome.reason.startswith(said)
    assert campaign.exit_code == 0
    if verdict == Verdict.PASS:
        assert result_of_case.outcome.figures["err4"] < LIMITS["err4"]


def test_a_receiver_need_not_answer_samples(tmp_path: Path) -> None:
    outcome = judged(receiver_case_with_samples(tmp_path), {"decisions": DECISIONS})
    assert (outcome.verdict, outcome.figures) == (Verdict.PASS, {})
