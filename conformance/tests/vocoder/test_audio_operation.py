"""Operations ``audio`` and ``receiver`` of the Python adapter: results, refusals, what is declared."""

import base64
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dred_conformance.protocol.arrays import floats_to_base64
from dred_conformance.protocol.validation import answer_problem, hello_problem, request_problem
from dred_conformance.runner.process import AdapterProcess
from dred_conformance.vectors.canonical import compact_json
from dred_conformance.vectors.strict_json import parse_json
from dred_model import named_synthetic_model, save_model
from dred_reference.vocoder import Vocoder, as_int16, synthesise

ADAPTER = Path(__file__).parents[2] / "adapters" / "reference" / "adapter.py"
VOCODER, TABLES = "synthetic-9-1x1-voc", "synthetic-7-4x3"
FEATURES = np.random.default_rng(3).normal(0, 0.5, (9, 20)).astype(np.float32)
PAST = np.random.default_rng(4).integers(-9000, 9000, 320).astype("<i2")


class Adapter:
    """The running adapter; checks requests and answers against the schema."""

    def __init__(self, process: AdapterProcess) -> None:
        self._process = process

    def ask(self, op: str, *, malformed: bool = False, **members: Any) -> dict[str, Any]:
        request = {"seq": 3, "op": op, **members}
        assert malformed or request_problem(request) is None
        answer: dict[str, Any] = parse_json(self._process.ask(compact_json(request).encode()), "answer")
        assert (hello_problem(answer) if op == "hello" else answer_problem(op, answer)) is None
        return answer


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adapter]:
    folder = tmp_path_factory.mktemp("models")
    command = [sys.executable, str(ADAPTER)]
    for name in (VOCODER, TABLES):
        save_model(named_synthetic_model(name), folder / name)
        command += ["--model", str(folder / name)]
    with AdapterProcess(command, timeout_s=30.0) as process:
        yield Adapter(process)


def request(**members: Any) -> dict[str, Any]:
    return {"model": VOCODER, "features": floats_to_base64(FEATURES), "feature_count": 9, **members}


def past(samples: Any = PAST, count: int = 320) -> dict[str, Any]:
    return {"past": base64.b64encode(samples.tobytes()).decode(), "past_count": count}


def samples_of(answer: dict[str, Any]) -> list[int]:
    found = np.frombuffer(base64.b64decode(answer["result"]["samples"]), "<i2")
    assert answer["result"]["sample_count"] == len(found)
    return [int(sample) for sample in found]


def test_both_stages_are_declared_and_who_speaks(adapter: Adapter) -> None:
    hello = adapter.ask("hello", protocol=1)
    assert hello["stages"][-2:] == ["audio", "receiver"]
    assert {"audio", "receiver"} <= set(hello["operations"])
    assert hello["only"] == {"audio": {"model": [VOCODER]}}


@pytest.mark.clause("VOC-flow")
def test_the_flow_of_a_file(adapter: Adapter) -> None:
    network = named_synthetic_model(VOCODER).to_reference_vocoder_network()
    for _ in range(2):  # nothing is left of the request before
        assert samples_of(adapter.ask("audio", **request())) == synthesise(FEATURES, network).tolist()
    assert samples_of(adapter.ask("audio", **request(features="", feature_count=0))) == []


@pytest.mark.clause("VOC-continuation")
def test_going_on_from_the_past(adapter: Adapter) -> None:
    vocoder = Vocoder(named_synthetic_model(VOCODER).to_reference_vocoder_network())
    vocoder.start(PAST / 32768, FEATURES[:5])
    wanted = np.concatenate([vocoder.frame(row) for row in FEATURES[5:]])
    assert samples_of(adapter.ask("audio", **request(**past()))) == as_int16(wanted).tolist()
    five = {"features": floats_to_base64(FEATURES[:5]), "feature_count": 5}
    assert samples_of(adapter.ask("audio", **request(**five, **past()))) == []


@pytest.mark.parametrize(
    "members",
    [
        {"feature_count": 8},
        {"features": floats_to_base64(FEATURES.ravel()[:-1])},
        {"features": floats_to_base64(FEATURES + np.float32("nan"))},
        past(PAST[:-1]),
        {"features": floats_to_base64(FEATURES[:4]), "feature_count": 4, **past()},
    ],
)
def test_what_the_vocoder_cannot_take_is_n3(adapter: Adapter, members: dict[str, Any]) -> None:
    error = adapter.ask("audio", **request(**members))["error"]
    assert (error["rule"], error["stage"]) == ("N3", "audio")


def test_malformed_requests(adapter: Adapter) -> None:
    for members in (
        {"features": 3},
        {"features": "AAA"},
        {"feature_count": "9"},
        {"past": "AAAA"},
        {"past": "AA==", "past_count": 320},
    ):
        answer = adapter.ask("audio", **request(**members), malformed=True)
        assert answer["error"]["stage"] == "protocol"
    assert "unsupported" in adapter.ask("audio", **request(model=TABLES))
    assert "unsupported" in adapter.ask("audio", **request(model="nobody"))


def stream(*packets: tuple[int, int, str], **members: Any) -> dict[str, Any]:
    listed = [{"timestamp": at, "arrival": arrival, "packet": data} for at, arrival, data in packets]
    settings = {"duration": 2880, "delay": None, "lbrr": True, "dred": True, "sampling_rate": 16000}
    return {"packets": listed, **settings, "wire": "experimental-12", "model": TABLES, **members}


FIRST, FLAGGED = (0, 70, "4880ff"), (1920, 1990, "48c0ff")


@pytest.mark.clause("RX-regular", "RX-lbrr", "RX-concealment")
def test_decisions(adapter: Adapter) -> None:
    def decided(*packets: tuple[int, int, str], **members: Any) -> list[tuple[Any, ...]]:
        found = adapter.ask("receiver", **stream(*packets, **members))["result"]["decisions"]
        return [tuple(decision.values()) for decision in found]

    played = [(0, 960, "regular", 0), (1920, 960, "regular", 1920)]
    blocks = [(960, 480, "concealment"), (1440, 480, "concealment")]
    assert decided(FIRST, FLAGGED) == [played[0], (960, 960, "lbrr", 1920), played[1]]
    assert decided(FIRST, FLAGGED, lbrr=False) == [played[0], *blocks, played[1]]
    assert decided(FIRST, FLAGGED, delay=0) == [played[0], *blocks, played[1]]
    assert decided(FIRST, FLAGGED, delay=960) == [played[0], (960, 960, "lbrr", 1920), played[1]]
    assert decided(FIRST, (1920, 1990, ""), duration=961) == [played[0], (960, 1, "concealment")]


def test_malformed_streams(adapter: Adapter) -> None:
    for members in (
        *({"packets": 3}, {"packets": [3]}, {"packets": [{"timestamp": 0, "arrival": 0}]}),
        *({"duration": -1}, {"duration": 1.5}, {"delay": "0"}, {"sampling_rate": 44100}, {"lbrr": 1}),
    ):
        answer = adapter.ask("receiver", **stream(FIRST, **members), malformed=True)
        assert answer["error"]["stage"] == "protocol", members
    assert "unsupported" in adapter.ask("receiver", **stream(FIRST, wire="experimental-10"))
