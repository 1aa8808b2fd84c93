"""Operation ``feature`` of the Python adapter: sources, injected values, profiles, refusals."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_conformance.protocol.validation import answer_problem, hello_problem, request_problem
from dred_model import ModelBundle, Network, named_synthetic_model, save_model
from dred_reference.extension import Extension
from dred_reference.feature import decode_features
from dred_reference.latent import dequantise
from dred_reference.packet_padding import add_extensions
from dred_reference.payload import decode_payload
from dred_reference.wire import WIRE_PROFILES

ADAPTER = Path(__file__).parents[2] / "adapters" / "reference" / "adapter.py"
NAME = "synthetic-7-4x3-net8x8x8x8"
PAYLOAD = "440c" + "6b31f09c5577e1d20391" * 6
Ask = Callable[..., dict[str, Any]]


def wide_model() -> ModelBundle:
    """A model whose fixed-point profile is refused."""
    bundle = named_synthetic_model(NAME)
    network = bundle.networks["rdovaedec"]
    scale = network.arrays["dec_conv2_scale"].copy()
    scale[5] = 1
    wide = Network(network.name, network.layers, {**network.arrays, "dec_conv2_scale": scale})
    return replace(bundle, networks={"rdovaedec": wide}).renamed("wide")


def incomplete_model(folder: Path) -> None:
    """Write a model whose weights end after the first layer."""
    save_model(named_synthetic_model(NAME).renamed("incomplete"), folder)
    text = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    blob = (folder / "weights.bin").read_bytes()
    end = 64 + int.from_bytes(blob[16:20], "little")
    (folder / "weights.bin").write_bytes(blob[:end])
    text["weights"]["sha256"] = sha256(blob[:end]).hexdigest()
    (folder / "model.json").write_text(json.dumps(text), encoding="utf-8")


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Sends a valid request to the running adapter and checks the answer against the schema."""
    folder = tmp_path_factory.mktemp("models")
    save_model(named_synthetic_model(NAME), folder / "good")
    save_model(named_synthetic_model("synthetic-7-4x3"), folder / "tables")
    save_model(wide_model(), folder / "wide")
    incomplete_model(folder / "incomplete")
    options = [word for path in sorted(folder.iterdir()) for word in ("--model", str(path))]
    command = [sys.executable, str(ADAPTER), *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def ask(op: str, **members: Any) -> dict[str, Any]:
            assert process.stdin is not None
            assert process.stdout is not None
            request = {"op": op, **members}
            process.stdin.write(json.dumps({"seq": 3, **request}) + "\n")
            process.stdin.flush()
            answer: dict[str, Any] = json.loads(process.stdout.readline())
            if op == "hello":
                assert hello_problem(answer) is None
            else:
                assert answer_problem(op, answer) is None
            assert answer.pop("seq") == 3
            return answer

        yield ask
        process.stdin.close()
        assert process.wait(timeout=20) == 0


def source(**members: Any) -> dict[str, Any]:
    request = {"model": NAME, "wire": "experimental-12", **members}
    assert request_problem({"op": "feature", **request}) is None
    return request


def text_of(values: NDArray[Any]) -> str:
    return base64.b64encode(values.astype("<f4").tobytes()).decode()


def values_request(**members: Any) -> dict[str, Any]:
    generator = np.random.default_rng(5)
    state, latents = generator.standard_normal(3), generator.standard_normal((2, 5))
    request = {"state": text_of(state), "state_count": 3, "latents": text_of(latents), "latent_count": 2}
    whole = {"model": NAME, **request, **members}
    assert request_problem({"op": "feature", **whole}) is None
    return whole


def floats_of(text: str, element: str = "<f4") -> NDArray[Any]:
    return np.frombuffer(base64.b64decode(text), dtype=element)


def test_hello_declares_stage_operation_and_profiles(ask: Ask) -> None:
    answer = ask("hello", protocol=1)
    assert "feature" in answer["stages"]
    assert "feature" in answer["operations"]
    assert answer["profiles"] == ["float64", "fixed", "int8"]
    assert set(answer["models"]) == {"incomplete", NAME, "synthetic-7-4x3", "wide"}


@pytest.mark.clause("DRED-net-order", "DRED-net-output", "FIX-output")
@pytest.mark.parametrize("profile", [None, "float64", "fixed", "int8"])
def test_features_of_a_payload(ask: Ask, profile: str | None) -> None:
    bundle = named_synthetic_model(NAME)
    tables = bundle.tables.to_reference_tables()
    payload = decode_payload(bytes.fromhex(PAYLOAD), WIRE_PROFILES["experimental-12"], tables)
    assert len(payload.latents) > 3
    more = {} if profile is None else {"profile": profile}
    answer = ask("feature", **source(payload=PAYLOAD, max_latents=3, **more))["result"]
    values = dequantise(payload, tables)
    wanted = decode_features(
        values.state, values.latents[:3], bundle.to_reference_network(), profile or "float64"
    )
    element = "<i4" if profile == "fixed" else "<f4"
    assert np.array_equal(floats_of(answer.pop("features"), element), wanted.astype(element).reshape(-1))
    header = {name: getattr(payload, name) for name in ("q0", "dq", "qmax", "offset")}
    assert answer == header | {"feature_count": 12, "latent_count": 3}


def test_features_of_a_packet(ask: Ask) -> None:
    extension = Extension(126, 0, bytes.fromhex(PAYLOAD))
    packet = add_extensions(bytes.fromhex("0855"), [extension]).hex()
    answer = ask("feature", **source(packet=packet, max_latents=1, profile="fixed"))["result"]
    direct = ask("feature", **source(payload=PAYLOAD, max_latents=1, profile="fixed"))["result"]
    assert answer == direct | {"frame": 0}
    assert ask("feature", **source(packet="0855")) == {"result": None}
    assert ask("feature", **source(packet=""))["error"]["rule"] == "R1"


@pytest.mark.clause("DRED-net-input", "FIX-input")
def test_features_of_injected_values(ask: Ask) -> None:
    request = values_request(profile="fixed")
    answer = ask("feature", **request)["result"]
    state, latents = floats_of(request["state"]), floats_of(request["latents"]).reshape(2, 5)
    network = named_synthetic_model(NAME).to_reference_network()
    wanted = decode_features(state, latents, network, "fixed")
    assert floats_of(answer["features"], "<i4").tolist() == wanted.reshape(-1).tolist()
    assert (answer["feature_count"], answer["latent_count"]) == (8, 2)
    assert set(answer) == {"features", "feature_count", "latent_count"}
    none = ask("feature", **values_request(latents="", latent_count=0))
    assert none == {"result": {"features": "", "feature_count": 0, "latent_count": 0}}


@pytest.mark.clause("DRED-net-input", "FIX-input")
@pytest.mark.parametrize(
    ("members", "position"),
    [
        ({"state_count": 2}, None),
        ({"latent_count": 3}, None),
        ({"state": text_of(np.zeros(4)), "state_count": 4}, None),
        ({"state": text_of(np.array([0, np.nan, 0]))}, 1),
        ({"latents": text_of(np.array([0] * 7 + [np.inf, 0, 0]))}, 3 + 7),
    ],
)
def test_injected_values_that_are_refused(ask: Ask, members: dict[str, Any], position: int | None) -> None:
    error = ask("feature", **values_request(**members))["error"]
    assert (error["rule"], error["stage"], error.get("position")) == ("N3", "feature", position)


@pytest.mark.clause("FIX-bounds")
def test_a_refused_network_keeps_the_other_stages(ask: Ask) -> None:
    error = ask("feature", **source(payload=PAYLOAD, model="wide", profile="fixed"))["error"]
    assert (error["rule"], error["stage"]) == ("N2", "feature")
    assert error["message"].startswith("dec_conv2, row 5: ")
    broken = ask("feature", **source(payload="440b", model="wide", profile="fixed"))["error"]
    assert broken["rule"] == "N2"  # as for a decoder that refuses the model when it is loaded
    assert "result" in ask("feature", **source(payload=PAYLOAD, model="wide", profile="float64"))
    assert "result" in ask("latent", payload=PAYLOAD, wire="experimental-12", model="wide")


@pytest.mark.clause("DRED-net-weights")
def test_an_incomplete_network_keeps_the_other_stages(ask: Ask) -> None:
    error = ask("feature", **source(payload=PAYLOAD, model="incomplete"))["error"]
    assert (error["rule"], error["stage"]) == ("N1", "feature")
    assert "result" in ask("payload", payload=PAYLOAD, wire="experimental-12", model="incomplete")


def test_what_is_unsupported(ask: Ask) -> None:
    for members in ({"model": "synthetic-7-4x3"}, {"model": "other"}):
        assert "unsupported" in ask("feature", **source(payload=PAYLOAD, **members))
    for profile in ("float32", "int8-c"):
        answer = ask("feature", **source(payload=PAYLOAD) | {"profile": profile})
        assert answer == {"unsupported": f"profile {profile}"}


def test_malformed_requests(ask: Ask) -> None:
    good = values_request()
    for members in (
        good | {"payload": PAYLOAD, "wire": "experimental-12"},
        good | {"state": "?"},
        good | {"latents": base64.b64encode(b"abc").decode()},
        good | {"latent_count": -1},
        good | {"profile": 7},
        {name: good[name] for name in good if name != "latent_count"},
        {"model": NAME, "wire": "experimental-12"},
    ):
        assert ask("feature", **members)["error"]["stage"] == "protocol"


@pytest.mark.parametrize(
    ("weights", "reason"),
    [
        ({"file": "weights.bin", "sha256": "0" * 64}, "does not match its hash"),
        ({"file": "../weights.bin", "sha256": "0" * 64}, "is no file of the folder"),
        ({"sha256": "0" * 64}, "says nothing of use about the weights"),
        (5, "says nothing of use about the weights"),
        ({"file": "absent.bin", "sha256": "0" * 64}, "absent.bin"),
    ],
)
def test_weights_that_are_not_those_of_the_model_end_the_adapter(
    tmp_path: Path, weights: Any, reason: str
) -> None:
    save_model(named_synthetic_model(NAME), tmp_path / "model")
    path = tmp_path / "model" / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"weights": weights}))
    command = [sys.executable, str(ADAPTER), "--model", str(path.parent)]
    done = subprocess.run(command, input="", capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert reason in done.stderr.replace("\n", " ")
