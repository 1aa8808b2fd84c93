"""The Python adapter and what it must refuse: bad steps, bad members, bad lines, bad models."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dred_reference.tables import QuantiserTables

ADAPTER = Path(__file__).parents[2] / "adapters" / "reference" / "adapter.py"
SYMBOLS = {"wire": "experimental-12", "model": "synthetic-7"}
Ask = Callable[..., dict[str, Any]]


@pytest.mark.clause("RFC6716-4.1.2-symbol", "RFC6716-4.1.3.3-icdf")
@pytest.mark.parametrize(
    "steps",
    [
        [["decode", 0]],
        [["decode", 2**32]],
        [["decode", 4]],
        [["decode", 4], ["bits", 1]],
        [["decode", 4], ["update", 0, 1, 8]],
        [["decode", 4], ["update", 2, 2, 4]],
        [["decode", 4], ["update", 3, 5, 4]],
        [["decode", 4], ["update", 2, 4, 4]],  # 0x55 decodes to 1
        [["update", 0, 1, 2]],
        [["decode_bin", 17]],
        [["bit_logp", 0]],
        [["icdf", [5, 3], 8]],
        [["icdf", [5, 6, 0], 8]],
        [["icdf", [300, 0], 8]],
        [["icdf", [], 8]],
        [["uint", 1]],
        [["uint", 2**32]],
        [["bits", 26]],
        [["bits", -1]],
        [["laplace", 32768, 0]],
        [["laplace", 0, 32641]],
    ],
)
def test_steps_out_of_contract(ask: Ask, steps: list[list[Any]]) -> None:
    error = ask("range_decode", data="55aa", steps=steps)["error"]
    assert (error["rule"], error["stage"]) == ("W1", "payload")
    if steps[0][0] not in ("decode", "decode_bin", "update"):
        # The encoder takes the value in front: one that no such step can code.
        writing = [[steps[0][0], 2**40, *steps[0][1:]]]
        assert ask("range_encode", size=9, steps=writing)["error"]["rule"] == "W1"


@pytest.mark.parametrize(
    "step",
    [["icdf", 5, 8], ["icdf", ["a", 0], 8], ["uint", True], ["uint"], ["uint", 4, 4], ["nonsense"], [5], []],
)
def test_steps_that_are_none(send: Callable[[str], dict[str, Any]], step: list[Any]) -> None:
    answer = send(json.dumps({"seq": 1, "op": "range_decode", "data": "55aa", "steps": [step]}))
    assert answer["error"]["stage"] == "protocol"


def test_what_it_cannot_do_is_unsupported(ask: Ask, send: Callable[[str], dict[str, Any]]) -> None:
    payload = {"payload": "440c55"}
    assert "unsupported" in ask("payload", **payload, wire="experimental-12", model="libopus-1.6")
    assert "unsupported" in ask("payload", **payload, wire="experimental-10", model="synthetic-7")
    assert send('{"seq":3,"op":"dred_audio"}') == {"seq": 3, "unsupported": "operation dred_audio"}


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "null",
        '"text"',
        "{}",
        '{"seq":-1,"op":"hello"}',
        '{"seq":"1","op":"hello"}',
        '{"seq":true,"op":"hello"}',
        '{"seq":1.0,"op":"hello"}',
        "[" * 100_000,
        '{"seq":' + "9" * 5000 + "}",
        '{"seq":1,"op":"packet","packet":"\ud800"',
    ],
)
def test_lines_that_are_no_request(send: Callable[[str], dict[str, Any]], line: str) -> None:
    answer = send(line.encode("utf-8", "replace").decode())
    assert answer["seq"] is None
    assert answer["error"]["stage"] == "protocol"


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"op": 3},
        {"op": "packet"},
        {"op": "packet", "packet": None},
        {"op": "packet", "packet": "0"},
        {"op": "packet", "packet": "AA"},
        {"op": "packet", "packet": " 0"},
        {"op": "packet", "packet": "00", "self_delimited": 1},
        {"op": "extension", "padding": "", "frame_count": 0},
        {"op": "extension", "padding": "", "frame_count": 49},
        {"op": "extension", "padding": "", "frame_count": True},
        {"op": "extension_write", "frame_count": 1, "extensions": [3]},
        {"op": "extension_write", "frame_count": 1, "extensions": [{"id": 3, "frame": 0}]},
        {"op": "packet_write", "config": 1, "stereo": False, "code": 0, "frames": [1]},
        {"op": "range_decode", "data": "", "steps": [[]]},
        {"op": "range_decode", "data": "", "steps": [[5]]},
        {"op": "range_encode", "size": 10**30, "steps": []},
        {"op": "payload", **SYMBOLS},
        {"op": "payload", "payload": "440c55", "packet": "00", **SYMBOLS},
        {"op": "payload", "payload": "440c55", "max_latents": -1, **SYMBOLS},
        {"op": "payload", "payload": "440c55", "frame_offset": 1.5, **SYMBOLS},
        {"op": "latent_write", "model": "synthetic-7", "latents": "*", "latent_count": 0},
        {"op": "latent_write", "model": "synthetic-7", "latents": "AAA=", "latent_count": 0},
        {"op": "availability", "packet": "00", "sampling_rate": 0, "max_samples": 0, **SYMBOLS},
        {"op": "availability", "packet": "00", "sampling_rate": 8, "max_samples": 0, "rule": "x", **SYMBOLS},
    ],
)
def test_malformed_members(send: Callable[[str], dict[str, Any]], members: dict[str, Any]) -> None:
    answer = send(json.dumps({"seq": 5, **members}))
    assert answer["seq"] == 5
    assert answer["error"]["stage"] == "protocol"
    assert "rule" not in answer["error"]


def test_a_model_that_was_changed_is_refused(
    tmp_path: Path,
    synthetic_tables: Callable[..., QuantiserTables],
    model_json: Callable[[QuantiserTables, str], dict[str, Any]],
) -> None:
    fine = model_json(synthetic_tables(7, 4, 3), "x")
    changed = model_json(synthetic_tables(8, 4, 3), "x") | {"tables_sha256": fine["tables_sha256"]}
    texts = [json.dumps(changed), json.dumps(fine | {"levels": 15}), '{"format":"dred-model/1"}']
    for text in (*texts, "{}", "[]", "{"):
        (tmp_path / "model.json").write_text(text, encoding="utf-8")
        command = [sys.executable, str(ADAPTER), "--model", str(tmp_path)]
        done = subprocess.run(command, input=b"", capture_output=True, check=False)
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr
