"""Lines that are no requests, and command lines that are none: the adapter says so and goes on."""

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import dred_native
from dred_conformance.protocol.validation import answer_problem

Talk = Callable[..., list[Any]]
Run = Callable[..., Any]

GOOD = {"seq": 99, "op": "packet", "packet": "08"}
NO_REQUESTS = [
    b"",
    b" ",
    b"garbage",
    b"{",
    b"[]",
    b"null",
    b"3",
    b'"text"',
    b'{"seq":1,"op":"packet","packet":"08"',
    b'{"seq":1,"op":"packet","packet":"08"} trailing',
    b'{"seq":1,"op":"\xff\xfe"}',
    b'{"seq":1,"op":"\\ud800"}',
    b'{"seq":1e999,"op":"packet"}',
    b'{"seq":1.0,"op":"packet","packet":"08"}',
    b'{"seq":-1,"op":"packet","packet":"08"}',
    b'{"seq":99999999999999999999999,"op":"packet","packet":"08"}',
    b'{"seq":true,"op":"packet","packet":"08"}',
    b'{"seq":"1","op":"packet","packet":"08"}',
    b'{"op":"packet","packet":"08"}',
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"seq":1,"op":' + b"[" * 5000 + b"]" * 5000 + b"}",
    b"\x00\x01\x02",
    b'{"seq":1,"op":"packet","packet":"08\x00"}',
    b"\xef\xbb\xbf[]",
]


@pytest.mark.parametrize("line", NO_REQUESTS, ids=lambda line: repr(line[:40]))
def test_a_line_that_is_no_request_is_answered_and_forgotten(talk: Talk, line: bytes) -> None:
    bad, good = talk(line, GOOD)
    assert bad["seq"] is None
    assert bad["error"]["stage"] == "protocol"
    assert answer_problem("packet", bad) is None
    assert good["result"]["config"] == 1


STEP: dict[str, Any] = {"op": "range_decode", "data": ""}
WRITE: dict[str, Any] = {"op": "packet_write", "config": 1, "stereo": False, "code": 0, "frames": ["aa"]}
SOURCE: dict[str, Any] = {"op": "payload", "wire": "draft-32", "model": "even"}
LATENTS: dict[str, Any] = {
    "op": "latent_write",
    "model": "even",
    "q0": 1,
    "dq": 0,
    "qmax": 15,
    "latents": "",
    "latent_count": 0,
}
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
    {"op": "packet", "packet": " 08"},
    {"op": "packet", "packet": "08", "self_delimited": 1},
    {"op": "packet", "packet": "08", "self_delimited": None},
    {**WRITE, "config": "1"},
    {**WRITE, "config": 1.5},
    {**WRITE, "config": 10**40},
    {**WRITE, "config": True},
    {**WRITE, "stereo": 0},
    {**WRITE, "frames": "aa"},
    {**WRITE, "frames": [1]},
    {**WRITE, "frames": {"0": "aa"}},
    {**WRITE, "padding": 0},
    {"op": "extension", "padding": "aa"},
    {"op": "extension", "padding": "", "frame_count": None},
    {"op": "extension_write", "extensions": [1], "frame_count": 1},
    {"op": "extension_write", "extensions": [{"id": 3, "frame": 0}], "frame_count": 1},
    {"op": "extension_write", "extensions": [{"id": 3, "frame": "0", "payload": ""}], "frame_count": 1},
    {"op": "extension_write", "extensions": {}, "frame_count": 1},
    {**STEP, "steps": [[]]},
    {**STEP, "steps": [3]},
    {**STEP, "steps": [[3]]},
    {**STEP, "steps": [["uint"]]},
    {**STEP, "steps": [["uint", 2, 3]]},
    {**STEP, "steps": [["uint", "2"]]},
    {**STEP, "steps": [["uint", [2]]]},
    {**STEP, "steps": [["icdf", [1, 0]]]},
    {**STEP, "steps": [["icdf", [1, 0], [1, 0], 1]]},
    {**STEP, "steps": [["icdf", [1, "0"], 1]]},
    {**STEP, "steps": [["unknown", 1]]},
    {**STEP, "steps": "uint"},
    {**SOURCE},
    {**SOURCE, "payload": "aa", "packet": "08"},
    {**SOURCE, "payload": ["aa"]},
    {**SOURCE, "payload": "aa", "max_latents": "1"},
    {**SOURCE, "payload": "aa", "frame_offset": None},
    {"op": "payload", "payload": "aa", "wire": 32, "model": "even"},
    {"op": "payload", "payload": "aa", "wire": "draft-32"},
    {**LATENTS, "state": "A"},
    {**LATENTS, "state": "AA=="},
    {**LATENTS, "state": "A==="},
    {**LATENTS, "state": "AAAA AAA"},
    {**LATENTS, "state": []},
]


@pytest.mark.parametrize("fields", MALFORMED, ids=str)
def test_a_malformed_member_is_a_protocol_error(talk: Talk, fields: dict[str, Any]) -> None:
    bad, good = talk({"seq": 5, **fields}, GOOD)
    assert (bad["seq"], bad["error"]["stage"]) == (5, "protocol")
    assert "rule" not in bad["error"]
    assert answer_problem("packet", bad) is None
    assert good["result"]["config"] == 1


def test_unknown_members_are_ignored_and_the_last_of_two_counts(talk: Talk) -> None:
    (answer,) = talk(b'{"seq":1,"op":"packet","x":{"y":[1]},"packet":"00","packet":"08"}')
    assert answer["result"]["config"] == 1


def test_a_line_too_long_is_read_over(talk: Talk) -> None:
    bad, good = talk(b'{"seq":1,"op":"packet","packet":"' + b"0" * (17 << 20) + b'"}', GOOD)
    assert (bad["seq"], bad["error"]["stage"]) == (None, "protocol")
    assert good["seq"] == 99


def test_an_area_that_multiplies_itself_is_refused(talk: Talk) -> None:
    request = {"seq": 1, "op": "extension", "padding": "06" * 40_000 + "04", "frame_count": 48}
    bad, good = talk(request, GOOD)
    assert (bad["error"]["rule"], bad["error"]["stage"]) == ("W1", "extension")
    assert good["seq"] == 99


def test_random_changes_to_requests_never_end_the_adapter(talk: Talk) -> None:
    generator = random.Random(5)
    lines = []
    for fields in [GOOD, *MALFORMED] * 20:
        line = bytearray(json.dumps({"seq": 5, **fields}).encode())
        for _ in range(generator.randrange(1, 4)):
            line[generator.randrange(len(line))] = generator.choice(b'"{}[],:0129aef\\ \x00\xff')
        lines.append(bytes(line))
    answers = talk(*lines, GOOD)
    for answer in answers:
        assert "seq" in answer
        assert len(answer.keys() & {"result", "error", "unsupported", "operations"}) == 1
    assert answers[-1]["seq"] == 99


def test_a_last_line_without_newline_counts(adapter_run: Run) -> None:
    done = adapter_run(json.dumps(GOOD).encode())
    assert json.loads(done.stdout)["seq"] == 99
    assert adapter_run(b"").stdout == b""
    assert adapter_run(b"").returncode == 0


def test_version_and_usage(adapter_run: Run, model_folder: Path) -> None:
    done = adapter_run(b"", "--version")
    assert (done.returncode, done.stdout.decode()) == (0, f"dred-native-adapter {dred_native.__version__}\n")
    for arguments in (["--what"], ["--model"], ["--model", str(model_folder), "more"]):
        done = adapter_run(b"", *arguments)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.startswith(b"usage: ")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"format": "dred-model/2"}, "format"),
        ({"levels": 8}, "16 levels"),
        ({"tables_sha256": hashlib.sha256(b"").hexdigest()}, "tables_sha256"),
        ({"latent_dim": 3}, "16 rows"),
        ({"latent_dim": 0}, "1..256"),
        ({"state_dim": 257}, "1..256"),
        ({"state_dim": "3"}, "type"),
        ({"tables": {}}, "not found"),
        ({"name": None}, "type"),
        ({"weights": 3}, "type"),
        ({"weights": {"file": "weights.bin"}}, "cannot be read"),
        ({"weights": {"file": "../model.json", "sha256": ""}}, "a file in the folder"),
        ({"weights": {"file": "model.json", "sha256": "00"}}, "is not of its hash"),
    ],
)
def test_models_that_cannot_be_loaded(
    adapter_run: Run, make_model_file: Callable[..., Any], tmp_path: Path, changes: Any, word: str
) -> None:
    (tmp_path / "model.json").write_text(json.dumps(make_model_file(**changes)), encoding="utf-8")
    done = adapter_run(b"", "--model", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, b"")
    assert word in done.stderr.decode()
    assert str(tmp_path) in done.stderr.decode()


def test_entries_beyond_a_byte_and_missing_files(
    adapter_run: Run, make_model_file: Callable[..., Any], tmp_path: Path
) -> None:
    for entry in (256, -1, 1.5, "1"):
        file = make_model_file()
        file["tables"]["latent_r_q8"][3][1] = entry
        (tmp_path / "model.json").write_text(json.dumps(file), encoding="utf-8")
        assert b"0..255" in adapter_run(b"", "--model", str(tmp_path)).stderr
    assert b"cannot be read" in adapter_run(b"", "--model", str(tmp_path / "nowhere")).stderr
