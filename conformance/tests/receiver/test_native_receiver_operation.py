"""The operation `receiver` of the native adapter: what it takes, refuses, and leaves to others."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import dred_native
from dred_conformance.protocol.validation import answer_problem
from dred_model import named_synthetic_model, save_model

from .native_streams import packet

MODEL = "synthetic-3-2x3"
PLAIN = packet().hex()
REQUEST: dict[str, Any] = {
    "op": "receiver",
    "packets": [],
    "duration": 480,
    "delay": None,
    "lbrr": True,
    "dred": True,
    "wire": "draft-32",
    "model": MODEL,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_model(named_synthetic_model(MODEL), tmp_path_factory.mktemp("models") / "plain")


def ask(folder: Path, *requests: dict[str, Any]) -> list[Any]:
    lines = [json.dumps({"seq": seq, **REQUEST, **changes}) for seq, changes in enumerate(requests)]
    done = subprocess.run(
        [str(dred_native.adapter_path()), "--model", str(folder)],
        input="\n".join(lines) + "\n",
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer.pop("seq") for answer in answers] == list(range(len(requests)))
    for answer in answers:
        assert answer_problem("receiver", {"seq": 0, **answer}) is None
    return answers


def arrival(timestamp: Any = 0, time: Any = 0, data: Any = PLAIN) -> dict[str, Any]:
    return {"timestamp": timestamp, "arrival": time, "packet": data}


@pytest.mark.clause("RX-clock")
def test_a_delay_makes_a_packet_late(folder: Path) -> None:
    stream = {"packets": [arrival(0, 5), arrival(960, 1000)], "duration": 1440}
    late, waited = ask(folder, {**stream, "delay": 34}, {**stream, "delay": 35})
    assert [each["source"] for each in late["result"]["decisions"]] == ["regular", "concealment"]
    assert [each["source"] for each in waited["result"]["decisions"]] == ["regular", "regular"]


def test_the_flags_are_on_unless_they_are_off(folder: Path) -> None:
    stream = {"packets": [arrival(960, 0, packet(frame=b"\x40\x00").hex())], "duration": 960}
    sources = [
        [each["source"] for each in answer["result"]["decisions"]]
        for answer in ask(folder, stream, {**stream, "lbrr": False})
    ]
    assert sources == [["lbrr"], ["concealment"] * 2]


@pytest.mark.parametrize(
    "changes",
    [
        {"packets": [arrival(2**53 + 1)]},
        {"packets": [arrival(0, -(2**53) - 1)]},
        {"packets": [arrival(2**64 - 1)]},
        {"delay": 2**62},
        {"duration": -1},
        {"duration": 36000 * 48000 + 1},
    ],
)
def test_what_is_out_of_range(folder: Path, changes: dict[str, Any]) -> None:
    (answer,) = ask(folder, changes)
    assert (answer["error"]["rule"], answer["error"]["stage"]) == ("W1", "receiver")


@pytest.mark.parametrize(
    "changes",
    [
        {"packets": {}},
        {"packets": [1]},
        {"packets": [{"timestamp": 0, "arrival": 0}]},
        {"packets": [arrival("0")]},
        {"packets": [arrival(0.5)]},
        {"packets": [arrival(0, None)]},
        {"packets": [arrival(10**40)]},
        {"packets": [arrival(0, 0, "0g")]},
        {"packets": [arrival(0, 0, None)]},
        {"duration": None},
        {"duration": 480.0},
        {"delay": "0"},
        {"lbrr": None},
        {"dred": 1},
        {"model": 1},
        {"wire": None},
    ],
)
def test_what_is_malformed(folder: Path, changes: dict[str, Any]) -> None:
    (answer,) = ask(folder, changes)
    assert answer["error"]["stage"] == "protocol"


def test_what_is_unsupported(folder: Path) -> None:
    answers = ask(folder, {"model": "other"}, {"wire": "experimental-10"}, {"duration": 36000 * 48000}, {})
    assert [set(answer) for answer in answers] == [{"unsupported"}] * 3 + [{"result"}]
