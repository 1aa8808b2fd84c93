"""Lines that are not what the protocol speaks: an error of the adapter, never one of the runner."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from dred_conformance.runner.answer_line import LineError, decode_line
from dred_conformance.runner.campaign import Campaign, run_campaign
from dred_conformance.runner.compare import first_difference
from dred_conformance.runner.session import AdapterStartError, Session
from dred_conformance.runner.verdict import Verdict
from dred_conformance.vectors.case import Case

Command = Callable[..., list[str]]
Cases = Callable[..., list[Case]]
HELLO = {"seq": 0, "name": "n", "version": "1", "stages": ["packet"], "wire": [], "models": []}
RIGHT = (
    b'{"seq":SEQ,"result":{"config":1,"stereo":false,"code":0,"frames":["00"],"padding":"","consumed":2}}\n'
)


def right_with(old: bytes, new: bytes) -> bytes:
    assert old in RIGHT
    return RIGHT.replace(old, new)


def run(command: list[str], cases: list[Case], **more: Any) -> Campaign:
    return run_campaign(command, cases, timeout_s=20.0, **more)


def test_the_right_line_passes(scripted: Command, packet_cases: Cases) -> None:
    assert run(scripted(RIGHT), packet_cases(1)).counts == {Verdict.PASS: 1}
    assert run(scripted(right_with(b"\n", b"\r\n")), packet_cases(1)).counts == {Verdict.PASS: 1}


BAD_LINES = {
    "NaN": (right_with(b"2}", b"NaN}"), "NaN is no number"),
    "infinity": (right_with(b"2}", b"-Infinity}"), "-Infinity is no number"),
    "beyond float64": (right_with(b"2}", b"1e999}"), "beyond the range"),
    "huge integer": (right_with(b"2}", b"9" * 10_001 + b"}"), "too many digits"),
    "no UTF-8": (right_with(b'"00"', b'"\xff\xfe"'), "is not UTF-8"),
    "UTF-16": (RIGHT.decode().replace("\n", "").encode("utf-16-le") + b"\n", "no JSON"),
    "NUL bytes": (right_with(b"{", b"\x00{"), "no JSON"),
    "a byte order mark": (b"\xef\xbb\xbf" + RIGHT, "no JSON"),
    "a member twice": (right_with(b'"code":0', b'"code":1,"code":0'), "occurs twice"),
    "half a surrogate pair": (right_with(b'"00"', b'"\\ud800"'), "surrogate"),
    "too deep for Python": (b"[" * 100_000 + b"\n", "no JSON"),
    "deep, but well formed": (right_with(b'"00"', b"[" * 300 + b"]" * 300), "levels deep"),
    "too many parts": (right_with(b'"00"', b"[]," * 600_000 + b"[]"), "arrays and objects"),
    "empty line": (b"\n", "no JSON"),
    "two values": (right_with(b"\n", b"{}\n"), "no JSON"),
    "numbers as text": (right_with(b'"config":1', b'"config":"1"'), "does not fit the protocol"),
    "numbers as truth": (right_with(b'"config":1', b'"config":true'), "does not fit the protocol"),
    "seq as truth": (right_with(b"SEQ", b"true"), "seq is true"),
    "seq as text": (right_with(b"SEQ", b'"SEQ"'), 'seq is "1"'),
    "no seq": (right_with(b'"seq":SEQ,', b""), "seq is null"),
    "another seq": (right_with(b"SEQ", b"7"), "seq is 7"),
    "a list": (b"[1]\n", "seq is null"),
    "an error that is text": (b'{"seq":SEQ,"error":"no"}\n', "does not fit the protocol"),
    "a reason that is a number": (b'{"seq":SEQ,"unsupported":7}\n', "does not fit the protocol"),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_bad_line_is_an_error_and_the_report_can_hold_it(
    name: str, scripted: Command, packet_cases: Cases
) -> None:
    line, reason = BAD_LINES[name]
    (result,) = run(scripted(line), packet_cases(1)).results
    assert result.outcome.verdict == Verdict.ERROR, result.outcome.reason
    assert reason in result.outcome.reason
    assert result.outcome.reason.isprintable()
    json.dumps(result.outcome.answer, allow_nan=False)


def test_values_that_python_takes_for_others_are_told_apart_at_every_depth() -> None:
    for right, wrong, place in (
        ([[1, 0]], [[True, False]], "[0][0]"),
        ([[1, 0], [5]], [[1, False], [5]], "[0][1]"),
        ([[[1]], [[1]]], [[[1]], [[True]]], "[1][0][0]"),
        ([1, 2], [True, 2], "[0]"),
        ([True, 1], [1, True], "[0]"),
        ([[True]], [[1]], "[0][0]"),
        ([{"a": 0}], [{"a": False}], "[0].a"),
    ):
        difference = first_difference("payload", {"latents": right}, {"latents": wrong})
        assert difference is not None
        assert difference.path == f"latents{place}"
    for right, same in (([[1, 0]], [[1.0, 0]]), ([], []), ([[], []], [[], []]), ([["a"]], [["a"]])):
        assert first_difference("payload", {"latents": right}, {"latents": same}) is None


def test_words_of_the_adapter_cannot_reach_the_terminal_as_commands(
    scripted: Command, packet_cases: Cases
) -> None:
    message = json.dumps("\x1b[2J\u202e" + "x" * 5000).encode()
    error = b'{"seq":SEQ,"error":{"stage":"packet","rule":"R1","message":' + message + b"}}\n"
    refusal = b'{"seq":SEQ,"unsupported":' + message + b"}\n"
    for line in (error, refusal):
        (result,) = run(scripted(line), packet_cases(1)).results
        assert result.outcome.verdict == Verdict.FAIL
        assert result.outcome.reason.isprintable()
        assert "\\x1b[2J" in result.outcome.reason
        assert len(result.outcome.reason) < 1100


def test_of_huge_answers_only_the_beginning_is_kept(scripted: Command, packet_cases: Cases) -> None:
    huge = right_with(b'"00"', b'"' + b"0" * 2_000_000 + b'"')
    campaign = run(scripted(huge), packet_cases(8))
    assert campaign.counts == {Verdict.FAIL: 8}
    for result in campaign.results:
        assert len(json.dumps(result.outcome.answer)) < 4000
        assert result.outcome.difference is not None
        assert len(json.dumps(result.outcome.difference.actual)) < 4000


@pytest.mark.parametrize(
    ("hello", "reason"),
    [
        (b"hello there\n", "no JSON"),
        (b"[" * 100_000 + b"\n", "no JSON"),
        (b"\xff\n", "UTF-8"),
        (b"[]\n", "does not fit"),
        (json.dumps(HELLO | {"stages": "packet"}).encode() + b"\n", "stages"),
        (json.dumps(HELLO | {"stages": [7]}).encode() + b"\n", "stages"),
        (json.dumps(HELLO | {"max_latents": "many"}).encode() + b"\n", "max_latents"),
        (json.dumps(HELLO | {"seq": 1}).encode() + b"\n", "seq"),
        (json.dumps(HELLO | {"seq": False}).encode() + b"\n", "seq"),
        (b'{"seq":0,"error":{"stage":"protocol","message":"no"}}\n', "does not fit"),
    ],
)
def test_a_bad_hello_ends_before_the_run(hello: bytes, reason: str, scripted: Command) -> None:
    with pytest.raises(AdapterStartError, match=reason):
        Session(scripted(RIGHT, hello), timeout_s=20.0)


def test_a_hello_may_end_with_crlf_and_name_what_a_later_suite_has(
    scripted: Command, packet_cases: Cases
) -> None:
    hello = json.dumps(HELLO | {"stages": ["packet", "telepathy"], "more": [1]}).encode() + b"\r\n"
    assert run(scripted(RIGHT, hello), packet_cases(1)).counts == {Verdict.PASS: 1}


def test_a_second_hello_nobody_asked_for_is_noticed(scripted: Command, packet_cases: Cases) -> None:
    hello = json.dumps(HELLO).encode() + b"\n"
    campaign = run(scripted(RIGHT, hello + hello), packet_cases(2))
    assert {result.outcome.verdict for result in campaign.results} == {Verdict.ERROR}


def test_numbers_and_text_of_ordinary_answers_are_read() -> None:
    assert decode_line(b'{"a":[1.5e3,-2,"\\ud83d\\ude00"],"b":null}') == {
        "a": [1500.0, -2, "\U0001f600"],
        "b": None,
    }
    assert decode_line(b"[" + b",".join([b"[0]"] * 1000) + b"]") == [[0]] * 1000
    assert decode_line(b'["' + b"[" * 500 + b'"]') == ["[" * 500]


@pytest.mark.parametrize("text", [b"[1,]", b"{'a':1}", b"01", b"[1", b"\x01", b'"\t"', b"+1", b".5", b"nan"])
def test_what_other_readers_would_take_is_refused(text: bytes) -> None:
    with pytest.raises(LineError):
        decode_line(text)
