"""Cases of a wire profile or model that an adapter does not declare are not asked, and none fails by them."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from dred_conformance.runner.campaign import run_campaign
from dred_conformance.runner.declaration import Declaration
from dred_conformance.runner.verdict import Verdict
from dred_conformance.vectors.case import Case

HELLO: dict[str, Any] = {
    "seq": 0,
    "name": "deployed",
    "version": "1",
    "stages": ["packet", "payload", "latent", "feature"],
    "wire": ["experimental-12"],
    "models": ["libopus-1.6"],
}
Cases = Callable[..., list[Case]]


@pytest.fixture
def bundled_cases(packet_cases: Cases) -> list[Case]:
    """A case of each stage that is made with the bundled model."""
    (packet,) = packet_cases(1)
    marked: dict[str, Any] = {"payload": "44b1605555", "wire": "bundled-1", "model": "bundled-1"}
    given = {name: value for name, value in marked.items() if name == "model"}
    made = [("payload", marked), ("latent", marked), ("feature", marked), ("feature", given)]
    return [
        Case(**{**vars(packet), "id": f"bundled-{number}", "stage": op, "op": op, "input": members})
        for number, (op, members) in enumerate(made)
    ]


def test_the_bundled_model_is_asked_only_of_those_who_declare_it(
    packet_cases: Cases, bundled_cases: list[Case], scripted: Callable[..., list[str]]
) -> None:
    answer = (
        b'{"seq":SEQ,"result":{"config":1,"stereo":false,"code":0,"frames":["00"],"padding":"","consumed":2}}'
    )
    command = scripted(answer + b"\n", json.dumps(HELLO).encode() + b"\n")
    campaign = run_campaign(command, [*packet_cases(1), *bundled_cases])
    assert campaign.counts == {Verdict.PASS: 1, Verdict.UNSUPPORTED: 4}
    assert campaign.executed == 1
    assert campaign.exit_code == 0


def test_the_reason_is_told(bundled_cases: list[Case]) -> None:
    declared = Declaration.from_json(HELLO)
    wire, model = "wire profile 'bundled-1' is not declared", "model 'bundled-1' is not declared"
    assert [declared.lacks(case) for case in bundled_cases] == [wire, wire, wire, model]
    with_wire = Declaration.from_json(HELLO | {"wire": ["experimental-12", "bundled-1"]})
    assert [with_wire.lacks(case) for case in bundled_cases] == [model] * 4
    both = Declaration.from_json(HELLO | {"wire": ["bundled-1"], "models": ["bundled-1"]})
    assert [both.lacks(case) for case in bundled_cases] == [None] * 4
