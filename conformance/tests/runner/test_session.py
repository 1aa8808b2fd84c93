"""The runner against adapters that misbehave: the run always ends, with the right verdicts."""

import sys
from pathlib import Path

import pytest

from dred_conformance.runner.campaign import run_campaign
from dred_conformance.runner.session import AdapterStartError, Session
from dred_conformance.runner.verdict import Verdict
from dred_conformance.vectors.case import Case, ExpectedError

ADAPTER = Path(__file__).parent / "misbehaving_adapter.py"


def command(mode: str) -> list[str]:
    return [sys.executable, str(ADAPTER), mode]


def packet_case(number: int, *, strength: str = "must") -> Case:
    payload = bytes([number])
    expected = {
        "config": 1,
        "stereo": False,
        "code": 0,
        "frames": [payload.hex()],
        "padding": "",
        "consumed": 2,
    }
    case_input = {"packet": (b"\x08" + payload).hex()}
    clauses = ("RFC6716-3.2.2-code0",)
    common = ("comment", clauses, (), "packet", "packet", case_input, "valid", expected, None, strength)
    return Case(f"packet-test-{number:08x}", *common, "constructed", ())


def empty_case(*rules: str, position: int | None = None) -> Case:
    error = ExpectedError(rules, position)
    common = ("comment", ("RFC6716-3.1-R1",), (), "packet", "packet", {"packet": ""}, "invalid", None, error)
    return Case("packet-test-empty", *common, "must", "constructed", ())


CASES = [packet_case(number) for number in range(4)]


def verdicts(
    mode: str, cases: list[Case] | None = None, timeout_s: float = 20.0, **more: object
) -> list[Verdict]:
    campaign = run_campaign(command(mode), cases or CASES, timeout_s=timeout_s, **more)  # type: ignore[arg-type]
    return [result.outcome.verdict for result in campaign.results]


def test_a_decent_adapter_passes() -> None:
    campaign = run_campaign(command("good"), [*CASES, empty_case("R1", position=0)])
    assert campaign.counts == {Verdict.PASS: 5}
    assert campaign.exit_code == 0
    assert campaign.results[0].outcome.not_reported == ("consumed",)


@pytest.mark.parametrize("mode", ["crash-at-start", "hello-garbage", "hello-incomplete"])
def test_an_adapter_that_does_not_start_is_an_error_of_usage(mode: str) -> None:
    with pytest.raises(AdapterStartError):
        Session(command(mode), timeout_s=20.0)


def test_a_missing_executable_is_named() -> None:
    with pytest.raises(AdapterStartError, match="no-such-adapter"):
        Session(["/no-such-adapter"])


def test_silence_at_the_start_ends() -> None:
    with pytest.raises(AdapterStartError, match="no answer within"):
        Session(command("silent"), timeout_s=0.5)


@pytest.mark.parametrize(
    ("mode", "second"),
    [
        ("crash-mid", Verdict.ERROR),
        ("exit-mid", Verdict.ERROR),
        ("closes-stdout", Verdict.ERROR),
        ("huge-line", Verdict.ERROR),
        ("wrong", Verdict.FAIL),
    ],
)
def test_one_bad_answer_costs_one_case(mode: str, second: Verdict) -> None:
    # After a restart the adapter counts anew, so the last case is its second again.
    expected = [Verdict.PASS, second, Verdict.PASS, Verdict.PASS if mode == "wrong" else second]
    assert verdicts(mode) == expected


def test_a_hang_is_a_timeout_and_the_rest_goes_on() -> None:
    assert verdicts("hang", timeout_s=1.0) == [Verdict.PASS, Verdict.TIMEOUT, Verdict.PASS, Verdict.TIMEOUT]


@pytest.mark.parametrize("mode", ["wrong-seq", "garbage", "not-an-object", "deep", "wrong-shape", "both"])
def test_what_is_not_protocol_is_an_error_of_the_adapter(mode: str) -> None:
    assert verdicts(mode) == [Verdict.ERROR] * 4


def test_an_answer_too_many_is_noticed() -> None:
    assert verdicts("two-answers")[1] == Verdict.ERROR


def test_a_flood_on_stderr_does_not_block() -> None:
    assert verdicts("floods-stderr") == [Verdict.PASS] * 4


def test_refusing_what_was_declared_fails() -> None:
    assert verdicts("refuses") == [Verdict.FAIL] * 4


def test_base_operations_are_promised_by_the_stage_alone() -> None:
    assert verdicts("no-operations") == [Verdict.PASS] * 4


def extension_case() -> Case:
    case_input = {"padding": "", "frame_count": 1}
    changes = {"stage": "extension", "op": "extension", "input": case_input, "expected": []}
    return Case(**{**vars(packet_case(1)), **changes})


def test_what_is_not_declared_is_unsupported_and_not_judged() -> None:
    other = extension_case()
    campaign = run_campaign(command("good"), [other])
    assert campaign.counts == {Verdict.UNSUPPORTED: 1}
    assert campaign.executed == 0
    assert campaign.exit_code == 2


def test_a_stage_that_is_declared_but_missing_fails() -> None:
    assert verdicts("lies", [extension_case()]) == [Verdict.FAIL]


def test_the_wrong_rule_fails_and_no_rule_passes_with_a_remark() -> None:
    assert verdicts("good", [empty_case("R2")]) == [Verdict.FAIL]
    assert verdicts("good", [empty_case("R2", "R1")]) == [Verdict.PASS]
    assert verdicts("good", [empty_case("R1", position=3)]) == [Verdict.FAIL]
    campaign = run_campaign(command("no-rule"), [empty_case("R1", position=0)])
    assert campaign.results[0].outcome.verdict == Verdict.PASS
    assert campaign.results[0].outcome.not_reported == ("error.rule", "error.position")


def test_a_failed_should_is_not_strict_and_does_not_fail_the_run() -> None:
    cases = [packet_case(0), packet_case(1, strength="should"), packet_case(2)]
    campaign = run_campaign(command("wrong"), cases)
    assert [result.outcome.verdict for result in campaign.results][1] == Verdict.NON_STRICT
    assert campaign.exit_code == 0


def test_fail_fast_leaves_the_rest_not_run() -> None:
    cases = [packet_case(number) for number in range(5)]
    found = verdicts("wrong", cases, fail_fast=True)
    assert found == [Verdict.PASS, Verdict.FAIL, Verdict.NOT_RUN, Verdict.NOT_RUN, Verdict.NOT_RUN]


def test_an_adapter_that_dies_for_ever_is_given_up() -> None:
    cases = [packet_case(number) for number in range(60)]
    found = verdicts("exit-mid", cases)
    assert Verdict.NOT_RUN in found
    assert found[-1] == Verdict.NOT_RUN


def test_several_processes_keep_the_order_of_the_cases() -> None:
    cases = [packet_case(number % 256) for number in range(300)]
    campaign = run_campaign(command("good"), cases, jobs=3)
    assert [result.case for result in campaign.results] == cases
    assert campaign.counts == {Verdict.PASS: 300}
