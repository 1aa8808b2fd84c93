"""Operation feature of the native adapter: injected values, sources, refusals."""

import base64
import hashlib
import json
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dred_native
from dred_conformance.protocol.validation import answer_problem, request_problem
from dred_model import named_synthetic_model, save_model

Talk = Callable[..., list[Any]]
Run = Callable[..., subprocess.CompletedProcess[bytes]]
NETWORK = "synthetic-3-1x1-net8x8x8x8"


def floats(*values: float) -> str:
    return base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode()


def injected(state: list[float], latents: list[float], latent_count: int, **more: Any) -> dict[str, Any]:
    values = {"state": floats(*state), "latents": floats(*latents), "latent_count": latent_count}
    return {"op": "feature", "model": NETWORK, "state_count": len(state), **values, **more}


def ask(talk: Talk, *requests: dict[str, Any]) -> list[Any]:
    """Send well-formed requests; the answers fit the schema."""
    numbered = [{"seq": seq, **request} for seq, request in enumerate(requests)]
    answers = talk(*numbered)
    for request, answer in zip(numbered, answers, strict=True):
        assert request_problem(request) is None
        assert answer_problem("feature", answer) is None
    return answers


@pytest.mark.clause("FIX-output", "FIX-step")
def test_values_as_integers_and_as_numbers(talk: Talk) -> None:
    arguments = ([1.5], [0.75, -0.25, -3, -0.25], 2)
    fixed, plain = ask(talk, injected(*arguments, profile="fixed"), injected(*arguments))
    for answer in (fixed, plain):
        assert (answer["result"]["feature_count"], answer["result"]["latent_count"]) == (8, 2)
    integers = np.frombuffer(base64.b64decode(fixed["result"]["features"]), dtype="<i4").reshape(8, 20)
    assert integers[0, :6].tolist() == [16199, 5368, -21844, 4821, 45737, -8038]
    assert integers[4, :6].tolist() == [26705, 11775, -22908, 5041, 75501, -11103]
    numbers = np.frombuffer(base64.b64decode(plain["result"]["features"]), dtype="<f4").reshape(8, 20)
    assert np.array_equal(numbers, (integers / 65536).astype(np.float32))


@pytest.mark.clause("DRED-locate", "DRED-frame-offset")
def test_payloads_and_packets(talk: Talk, network_folder: Path) -> None:
    model = dred_native.load_model(network_folder)
    payload = bytes(range(1, 40))
    wanted = dred_native.decode_features(payload, "draft-32", model, 5, 3)
    packet = dred_native.pad_packet(b"\x19ab", [(32, 1, payload)]).hex()
    source = {"op": "feature", "wire": "draft-32", "model": NETWORK, "profile": "fixed", "max_latents": 3}
    direct, packed = ask(
        talk, {**source, "payload": payload.hex(), "frame_offset": 5}, {**source, "packet": packet}
    )
    result = direct["result"]
    assert result.pop("features") == base64.b64encode(wanted["features"].astype("<i4").tobytes()).decode()
    assert result == {key: value for key, value in wanted.items() if key != "features"}
    assert result["latent_count"] == 3
    assert packed["result"].pop("features")
    assert packed["result"] == {**result, "offset": result["offset"] - 5 + 24, "frame": 1}


@pytest.mark.clause("FIX-input", "DRED-net-input")
@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (injected([float("nan")], [0, 0], 1), {"rule": "N3", "position": 0}),
        (injected([0], [0, 0, 0, float("inf")], 2), {"rule": "N3", "position": 4}),
        (injected([0], [0, 0], 2), {"rule": "N3"}),
        (injected([0], [0, 0, 0], 1), {"rule": "N3"}),
        (injected([0, 0], [0, 0], 1), {"rule": "N3"}),
        (injected([0], [0, 0], 1, state_count=2), {"rule": "N3"}),
        (
            {"op": "feature", "payload": "aa", "wire": "draft-32", "model": NETWORK, "max_latents": -1},
            {"rule": "W1"},
        ),
    ],
)
def test_a_refusal_is_of_the_feature_stage(talk: Talk, request_: dict[str, Any], error: Any) -> None:
    (answer,) = talk({"seq": 1, **request_})
    found = answer["error"]
    assert found.pop("message")
    assert found == {"stage": "feature", **error}


def test_errors_of_earlier_stages_keep_their_names(talk: Talk) -> None:
    source = {"op": "feature", "wire": "experimental-12", "model": NETWORK}
    packet, payload = ask(talk, {**source, "packet": "0b07"}, {**source, "payload": "440aff"})
    assert (packet["error"]["rule"], packet["error"]["stage"]) == ("R5", "packet")
    assert (payload["error"]["rule"], payload["error"]["stage"]) == ("D2", "payload")


def test_a_source_or_values_not_both_and_not_neither(talk: Talk) -> None:
    both = injected([0], [0, 0], 1, payload="aa", wire="draft-32")
    neither = {"op": "feature", "wire": "draft-32", "model": NETWORK}
    half = {"op": "feature", "model": NETWORK, "state": floats(0), "state_count": 1}
    for answer in talk(*({"seq": 0, **request} for request in (both, neither, half))):
        assert answer["error"]["stage"] == "protocol"


@pytest.mark.clause("FIX-bounds", "DRED-net-weights")
def test_a_network_that_is_refused_leaves_the_other_stages(adapter_run: Run, tmp_path: Path) -> None:
    bundle = named_synthetic_model(NETWORK)
    folder = save_model(bundle, tmp_path / "model")
    text = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    good = (folder / "weights.bin").read_bytes()
    place = good.index(b"dec_glu2_scale\0") - 20 + 64
    large = good[:place] + struct.pack("<f", 2.0) + good[place + 4 :]
    requests = [
        {"seq": 0, "op": "feature", "payload": "aabb", "wire": "draft-32", "model": NETWORK},
        {"seq": 1, "op": "latent", "payload": "aabb", "wire": "draft-32", "model": NETWORK},
    ]
    lines = "\n".join(map(json.dumps, requests)).encode()
    for blob, rule in ((large, "N2"), (good[:-1], "N1")):
        (folder / "weights.bin").write_bytes(blob)
        text["weights"]["sha256"] = hashlib.sha256(blob).hexdigest()
        (folder / "model.json").write_text(json.dumps(text), encoding="utf-8")
        done = adapter_run(lines, "--model", str(folder))
        feature, latent = map(json.loads, done.stdout.splitlines())
        assert (feature["error"]["rule"], feature["error"]["stage"]) == (rule, "feature")
        assert latent["result"]["state_count"] == 1
        if rule == "N2":
            assert "dec_glu2" in feature["error"]["message"]
            assert "row 0" in feature["error"]["message"]
