"""Vectors of the bundled model can be made with any model of its name, in a wire profile of its own."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dred_conformance.runner.builtin import builtin_command
from dred_conformance.vectors.canonical import compact_json
from dred_conformance.vectors.generate.agreement import Agreement
from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.latents import latent_groups
from dred_conformance.vectors.generate.models import BUNDLED_MODEL, VectorModel
from dred_conformance.vectors.generate.payload_maker import foreign
from dred_conformance.vectors.generate.payload_writing import payload_write_group
from dred_conformance.vectors.generate.payloads import payload_groups
from dred_conformance.vectors.generate.wires import OLDER, PREFIXES, other_prefixes, wire_of_model
from dred_model import bundled, named_synthetic_model, save_model
from dred_reference.wire import WIRE_PROFILES

SEED = 5


def test_prefixes_written_out_once_more_are_those_of_the_reference() -> None:
    assert {name: WIRE_PROFILES[name].prefix for name in PREFIXES} == PREFIXES
    assert WIRE_PROFILES["experimental-10"].prefix == OLDER
    assert bytes([ord("D"), bundled.EXPERIMENTAL_VERSION]) == PREFIXES["bundled-1"]
    assert bundled.NAME == BUNDLED_MODEL


def test_the_wire_profile_follows_the_model() -> None:
    assert wire_of_model("bundled-1") == "bundled-1"
    for name in ("libopus-1.6", "synthetic-1", "synthetic-9-1x1-voc"):
        assert wire_of_model(name) == "experimental-12"


@pytest.mark.parametrize("wire", ["experimental-12", "bundled-1"])
def test_other_prefixes_are_others(wire: str) -> None:
    others = other_prefixes(wire)
    assert len(set(others)) == 5
    assert PREFIXES[wire] not in others
    assert {len(prefix) for prefix in others} == {2}


class Made:
    """The groups of a model called bundled-1, and how both implementations answer its cases."""

    def __init__(self, name: str, folder: Path) -> None:
        model = named_synthetic_model(name).renamed(BUNDLED_MODEL)
        save_model(model, folder)
        self.model = VectorModel(json.loads((folder / "model.json").read_text(encoding="utf-8")))
        self.groups: list[GroupBuilder] = []
        self.cases: dict[str, list[dict[str, Any]]] = {}
        with Agreement([builtin_command(each, [folder]) for each in ("reference", "native")]) as both:
            self.groups = [
                *payload_groups(self.model, SEED, both.result),
                payload_write_group(self.model, SEED),
                *latent_groups(self.model, SEED, both.result),
            ]
            for group in self.groups:
                self.cases[group.name] = [both.settle(draft) for draft in group.drafts]


@pytest.fixture(scope="module", params=["synthetic-4-5x7-dead9", "synthetic-6-9x4"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(request.param, tmp_path_factory.mktemp("bundled") / BUNDLED_MODEL)


def test_both_implementations_agree_on_groups_of_any_bundled_model(made: Made) -> None:
    assert set(made.cases) == {
        *(f"payload-{kind}-bundled-1" for kind in ("header", "symbols", "end", "damage", "packet", "write")),
        *(f"latent-{kind}-bundled-1" for kind in ("dequantise", "quantise")),
    }
    for name, cases in made.cases.items():
        inputs = Counter(compact_json(case["input"]) for case in cases)
        assert [text for text, count in inputs.items() if count > 1] == [], name
        assert {case["input"]["model"] for case in cases} == {BUNDLED_MODEL}
        assert not any("official-model" in case["flags"] for case in cases)


def test_payloads_are_marked_as_those_of_the_bundled_model(made: Made) -> None:
    cases = [case for group in made.cases.values() for case in group]
    wires = Counter(case["input"].get("wire") for case in cases)
    assert wires["bundled-1"] > 0.8 * (wires.total() - wires[None])
    written = [case for case in cases if case["input"]["op"] == "payload_write" and case["result"] == "valid"]
    assert len(written) > 20
    for case in written:
        prefix = {"bundled-1": "44b1", "draft-32": ""}[case["input"]["wire"]]
        assert case["expected"]["payload"].startswith(prefix)


def test_each_decoder_refuses_payloads_of_the_other(made: Made) -> None:
    crossed = [
        case
        for case in made.cases["payload-end-bundled-1"]
        if (case["input"]["wire"], case["input"].get("payload", "")[:4])
        in (("bundled-1", "440c"), ("experimental-12", "44b1"))
    ]
    assert {case["input"]["wire"] for case in crossed} == {"bundled-1", "experimental-12"}
    for case in crossed:
        is_empty = len(case["input"]["payload"]) == 4
        assert case["error"]["rules"] == (["D1"] if is_empty else ["D2"]), case["comment"]
    assert foreign(made.model)[:2] == b"D\x0c"


def test_in_packets_of_two_experiments_each_finds_its_own(made: Made) -> None:
    by_packet: dict[str, dict[str, Any]] = {}
    for case in made.cases["payload-packet-bundled-1"]:
        if case["input"]["op"] == "payload" and case["result"] == "valid":
            by_packet.setdefault(case["input"]["packet"], {})[case["input"]["wire"]] = case["expected"]
    found = [each for each in by_packet.values() if {"bundled-1", "experimental-12"} <= set(each)]
    assert len(found) >= 8
    assert all(each["bundled-1"] != each["experimental-12"] for each in found)
    frames = {
        (each["bundled-1"]["frame"], each["experimental-12"]["frame"])
        for each in found
        if each["bundled-1"] is not None and each["experimental-12"] is not None
    }
    assert frames == {(0, 0), (0, 1), (1, 0)}
    assert any(each["bundled-1"] is None for each in found)


def test_what_depends_on_no_model_is_asked_less_often() -> None:
    model = VectorModel({"name": BUNDLED_MODEL})
    assert model.some((1, 2, 3, 4)) == (1, 4)
    assert VectorModel({"name": "synthetic-1"}).some((1, 2, 3, 4)) == (1, 2, 3, 4)
    assert VectorModel({"name": "libopus-1.6"}).is_trained
    assert model.is_trained
    assert not model.is_official
