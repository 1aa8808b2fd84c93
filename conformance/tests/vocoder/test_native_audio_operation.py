"""The operation `audio` of the native adapter: speech over a file, speech after a past, and refusals."""

import base64
import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import dred_native
from dred_conformance.protocol.validation import answer_problem, request_problem
from dred_model import named_synthetic_model, save_model

from .native_vocoder_models import speech_features

MODEL = "synthetic-5-1x1-voc"
PAST = np.random.default_rng(3).integers(-9000, 9000, 320).astype("<i2")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_model(named_synthetic_model(MODEL), tmp_path_factory.mktemp("models") / "vocoder")


def encoded(array: NDArray[Any]) -> str:
    return base64.b64encode(array.tobytes()).decode()


def request(features: NDArray[np.float32], past: NDArray[np.int16] | None = None) -> dict[str, Any]:
    fields = {"op": "audio", "model": MODEL, "features": encoded(features), "feature_count": len(features)}
    return fields if past is None else fields | {"past": encoded(past), "past_count": len(past)}


def ask(folder: Path, *requests: dict[str, Any]) -> list[Any]:
    lines = [json.dumps({"seq": 0, **fields}) for fields in requests]
    command = [str(dred_native.adapter_path()), "--model", str(folder)]
    text = "\n".join(lines) + "\n"
    done = subprocess.run(command, input=text, capture_output=True, check=True, text=True, timeout=60)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(requests)
    for fields, answer in zip(requests, answers, strict=True):
        assert answer_problem(fields["op"], answer) is None
    return answers


def samples(answer: Any) -> NDArray[np.int16]:
    result = answer["result"]
    found = np.frombuffer(base64.b64decode(result["samples"]), "<i2")
    assert len(found) == result["sample_count"]
    return found


@pytest.mark.clause("VOC-flow", "VOC-integer")
def test_a_file_is_that_of_the_vocoder(folder: Path) -> None:
    features = speech_features(7, 1)
    fields = request(features)
    assert request_problem({"seq": 0, **fields}) is None
    found = samples(ask(folder, fields)[0])
    assert np.array_equal(found, dred_native.Vocoder(dred_native.load_model(folder)).synthesise(features))
    assert found.shape == (1120,)
    assert np.ptp(found.astype(int)) > 100


@pytest.mark.clause("VOC-continuation", "VOC-frame", "VOC-integer")
def test_a_continuation_is_that_of_the_vocoder(folder: Path) -> None:
    features = speech_features(8, 2)
    fields = request(features, PAST)
    assert request_problem({"seq": 0, **fields}) is None
    vocoder = dred_native.Vocoder(dred_native.load_model(folder))
    vocoder.start(PAST.astype(np.float32) / np.float32(32768), features[:5])
    made = np.concatenate([vocoder.frame(row) for row in features[5:]])
    wanted = np.floor(np.float32(0.5) + np.clip(np.float32(32768) * made, -32767, 32767))
    # No state goes from one request to the next.
    for answer in ask(folder, request(speech_features(6, 9)), fields, fields):
        found = samples(answer)
    assert np.array_equal(found, wanted)
    nothing = samples(ask(folder, request(features[:5], PAST))[0])
    assert nothing.shape == (0,)


def test_counts_and_numbers_that_are_refused(folder: Path) -> None:
    features = speech_features(6, 3)
    broken = features.copy()
    broken[5, 2] = np.nan
    refused = [
        request(features) | {"feature_count": 7},
        request(features) | {"feature_count": -1},
        request(features.reshape(-1)[:-1]) | {"feature_count": 5},
        request(features[:4], PAST),
        request(features, PAST[1:]),
        request(features, PAST) | {"past_count": 319},
        request(broken),
        request(broken, PAST),
    ]
    errors = [answer["error"] for answer in ask(folder, *refused)]
    assert [(error["rule"], error["stage"]) for error in errors] == [("N3", "audio")] * len(refused)
    assert [error.get("position") for error in errors] == [None] * 6 + [102, 102]


def test_what_is_malformed(folder: Path) -> None:
    features = speech_features(6, 4)
    malformed = [
        {"op": "audio", "model": MODEL},
        request(features) | {"features": "AAA="},
        request(features) | {"features": None},
        request(features) | {"past": "AA==", "past_count": 1},
        request(features) | {"past": None, "past_count": 320},
        {"op": "audio", "model": MODEL, "features": "", "feature_count": 0, "past": encoded(PAST)},
    ]
    answers = ask(folder, *malformed)
    assert [answer["error"]["stage"] for answer in answers] == ["protocol"] * len(malformed)


@pytest.mark.clause("VOC-net-weights")
def test_a_vocoder_that_is_refused_leaves_the_other_stages(tmp_path: Path) -> None:
    folder = save_model(named_synthetic_model(MODEL), tmp_path / "broken")
    file = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    weights = folder / file["weights"]["file"]
    blob = weights.read_bytes().replace(b"sig_net_skip_dense_scale", b"sig_net_skip_dense_scala")
    weights.write_bytes(blob)
    file["weights"]["sha256"] = hashlib.sha256(blob).hexdigest()
    (folder / "model.json").write_text(json.dumps(file), encoding="utf-8")
    spoken, parsed = ask(folder, request(speech_features(1, 1)), {"op": "packet", "packet": "08"})
    assert (spoken["error"]["rule"], spoken["error"]["stage"]) == ("N1", "audio")
    assert "result" in parsed
