"""Lines that are no requests: the adapters in other languages say so, go on, and end with their input."""

import json
import random
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from dred_conformance.protocol.validation import answer_problem, hello_problem

Talk = Callable[..., list[Any]]
# `08 01 aa` and the like are packets for the stub of libopus, too: TOC, number of frames, sizes, frames.
GOOD = {"seq": 99, "op": "packet", "packet": "0801000000"}
NO_REQUESTS = [
    b"",
    b" ",
    b"garbage",
    b"{",
    b"[]",
    b"null",
    b"3",
    b'{"seq":1,"op":"packet","packet":"08"',
    b'{"seq":1,"op":"packet","packet":"08"} trailing',
    b'{"seq":1,"op":"\xff\xfe"}',
    b'{"seq":1e999,"op":"packet"}',
    b'{"seq":1.5,"op":"packet","packet":"08"}',
    b'{"seq":-1,"op":"packet","packet":"08"}',
    b'{"seq":99999999999999999999999,"op":"packet","packet":"08"}',
    b'{"seq":true,"op":"packet","packet":"08"}',
    b'{"seq":"1","op":"packet","packet":"08"}',
    b'{"op":"packet","packet":"08"}',
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"\x00\x01\x02",
    b"\xef\xbb\xbf[]",
    b'{"seq":1,"op":"packet","packet":"' + b"0" * (17 << 20) + b'"}',
]
MALFORMED: list[dict[str, Any]] = [
    {},
    {"op": 3},
    {"op": None},
    {"op": "hello"},
    {"op": "hello", "protocol": "1"},
    {"op": "packet"},
    {"op": "packet", "packet": 8},
    {"op": "packet", "packet": None},
    {"op": "packet", "packet": "0"},
    {"op": "packet", "packet": "0g"},
    {"op": "packet", "packet": "0B"},
    {"op": "packet", "packet": "0b\n"},
    {"op": "packet", "packet": "08", "self_delimited": 1},
    {"op": "packet", "packet": "08", "self_delimited": None},
]


@pytest.fixture(params=["node", "libopus"])
def command(request: pytest.FixtureRequest) -> list[str]:
    """Each of the adapters."""
    if request.param == "node":
        node: list[str] = request.getfixturevalue("node_command")
        return node
    return [str(request.getfixturevalue("libopus_program"))]


def test_hello_fits_the_schema(talk_to: Talk, command: list[str]) -> None:
    (answer,) = talk_to(command, {"seq": 0, "op": "hello", "protocol": 1})
    assert hello_problem(answer) is None
    assert answer["stages"][0] == "packet"


def test_lines_that_are_no_requests_are_answered_and_forgotten(talk_to: Talk, command: list[str]) -> None:
    lines = [line for bad in NO_REQUESTS for line in (bad, GOOD)]
    answers = talk_to(command, *lines)
    for line, bad, good in zip(NO_REQUESTS, answers[::2], answers[1::2], strict=True):
        assert (bad["seq"], bad["error"]["stage"]) == (None, "protocol"), line[:40]
        assert answer_problem("packet", bad) is None
        assert good["result"]["config"] == 1


def test_malformed_members_are_protocol_errors(talk_to: Talk, command: list[str]) -> None:
    answers = talk_to(command, *({"seq": 5, **fields} for fields in MALFORMED))
    for fields, answer in zip(MALFORMED, answers, strict=True):
        assert (answer["seq"], answer["error"]["stage"]) == (5, "protocol"), fields
        assert "rule" not in answer["error"]
        assert answer_problem("packet", answer) is None


@pytest.mark.parametrize("op", ["audio", "toString", "constructor", "__proto__", "\ud800", "h\u00e9" * 200])
def test_unknown_operations_are_unsupported(talk_to: Talk, command: list[str], op: str) -> None:
    (answer, good) = talk_to(command, {"seq": 3, "op": op}, GOOD)
    # A lone surrogate is no text: a strict reader refuses the line.
    assert "unsupported" in answer or (op == "\ud800" and answer["error"]["stage"] == "protocol")
    assert good["seq"] == 99


def test_random_changes_never_end_an_adapter(talk_to: Talk, command: list[str]) -> None:
    generator = random.Random(6)
    fields = [GOOD, {"op": "extension", "padding": "0761fd0544524544", "frame_count": 3}, *MALFORMED]
    lines = []
    for item in fields * 20:
        line = bytearray(json.dumps({"seq": 5, **item}).encode())
        for _ in range(generator.randrange(1, 4)):
            line[generator.randrange(len(line))] = generator.choice(b'"{}[],:0129aef\\ \x00\xff')
        lines.append(bytes(line))
    for answer in talk_to(command, *lines):
        assert len(answer.keys() & {"result", "error", "unsupported", "operations"}) == 1


def test_the_end_of_input_ends_the_adapter(command: list[str]) -> None:
    done = subprocess.run(command, input=b"", capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    done = subprocess.run(
        command, input=json.dumps(GOOD).encode(), capture_output=True, check=False, timeout=60
    )
    assert json.loads(done.stdout)["seq"] == 99
