"""The Node.js adapter: every case of what it declares, and agreement with the native core on random input."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import dred_native
from dred_conformance.differential.inputs import random_packet, random_padding
from dred_conformance.protocol.validation import answer_problem
from dred_conformance.runner.campaign import run_campaign
from dred_conformance.runner.verdict import Verdict
from dred_conformance.vectors.store import VectorStore

Talk = Callable[..., list[Any]]
VECTORS = Path(__file__).parents[3] / "vectors"
READ = ("packet", "extension")


def test_it_passes_what_it_declares_and_the_rest_is_counted_apart(node_command: list[str]) -> None:
    cases = [case for group in VectorStore(VECTORS).groups() for case in group.cases]
    campaign = run_campaign(node_command, cases)
    declared = sum(case.op in READ for case in cases)
    assert declared > 300
    assert campaign.counts == {Verdict.PASS: declared, Verdict.UNSUPPORTED: len(cases) - declared}
    for result in campaign.results:
        expected = Verdict.PASS if result.case.op in READ else Verdict.UNSUPPORTED
        assert result.outcome.verdict is expected
        assert result.outcome.not_reported == ()


def native_answer(request: dict[str, Any]) -> Any:
    """What the native core says, in the words of the protocol."""
    try:
        if request["op"] == "packet":
            packet = dict(
                dred_native.parse_packet(bytes.fromhex(request["packet"]), request["self_delimited"])
            )
            frames = [frame.hex() for frame in packet["frames"]]
            return {**packet, "frames": frames, "padding": packet["padding"].hex()}
        found = dred_native.parse_extensions(bytes.fromhex(request["padding"]), request["frame_count"])
    except dred_native.DredError as error:
        return error.rule, error.position, [listed(entry) for entry in error.extensions]
    return [listed(entry) for entry in found]


def listed(entry: tuple[int, int, bytes]) -> dict[str, Any]:
    return {"id": entry[0], "frame": entry[1], "payload": entry[2].hex()}


def said(answer: dict[str, Any]) -> Any:
    if "result" in answer:
        return answer["result"]
    error = answer["error"]
    return error["rule"], error["position"], error.get("extensions", [])


@pytest.mark.parametrize("op", READ)
def test_it_agrees_with_the_native_core_on_random_input(
    talk_to: Talk, node_command: list[str], op: str
) -> None:
    source = random.Random(12)
    requests: list[dict[str, Any]] = []
    for seq in range(3000):
        if op == "packet":
            fields = {"packet": random_packet(source).hex(), "self_delimited": source.random() < 0.4}
        else:
            fields = {"padding": random_padding(source).hex(), "frame_count": source.choice((1, 2, 3, 6, 48))}
        requests.append({"seq": seq, "op": op, **fields})
    answers = talk_to(node_command, *requests)
    refused = 0
    for request, answer in zip(requests, answers, strict=True):
        assert answer["seq"] == request["seq"]
        assert answer_problem(op, answer) is None
        assert said(answer) == native_answer(request), request
        refused += "error" in answer
    assert 300 < refused < 2900


def test_an_area_that_multiplies_itself_is_refused(talk_to: Talk, node_command: list[str]) -> None:
    request = {"seq": 1, "op": "extension", "padding": "06" * 40_000 + "04", "frame_count": 48}
    bad, good = talk_to(node_command, request, {"seq": 2, "op": "extension", "padding": "", "frame_count": 1})
    assert (bad["error"]["rule"], bad["error"]["stage"]) == ("W1", "extension")
    assert good == {"seq": 2, "result": []}


@pytest.mark.parametrize("frame_count", [0, 49, -1, 1.5, "1", None, True])
def test_frame_counts_that_no_packet_has(talk_to: Talk, node_command: list[str], frame_count: Any) -> None:
    (answer,) = talk_to(
        node_command, {"seq": 1, "op": "extension", "padding": "", "frame_count": frame_count}
    )
    assert answer["error"]["stage"] == "protocol"
