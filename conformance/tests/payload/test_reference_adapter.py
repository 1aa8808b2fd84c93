"""The Python adapter: every operation over the wire, every message valid, and no input ends it."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dred_conformance.protocol.operations import OPERATIONS
from dred_conformance.protocol.validation import answer_problem, hello_problem, request_problem
from dred_reference.tables import QuantiserTables

ADAPTER = Path(__file__).parents[2] / "adapters" / "reference" / "adapter.py"
PARTS = ("quant_scales_q8", "dead_zone_q8", "r_q8", "p0_q8")
SYMBOLS = {"wire": "experimental-12", "model": "synthetic-7"}
Ask = Callable[..., dict[str, Any]]


def model_json(tables: QuantiserTables, name: str) -> dict[str, Any]:
    names = [f"{kind}_{part}" for kind in ("latent", "state") for part in PARTS]
    data = b"".join(getattr(tables, name).tobytes() for name in names)
    return {
        "format": "dred-model/1",
        "name": name,
        "experimental_version": 12,
        "levels": 16,
        "latent_dim": tables.latent_dim,
        "state_dim": tables.state_dim,
        "tables": {name: getattr(tables, name).tolist() for name in names},
        "tables_sha256": sha256(data).hexdigest(),
        "weights": None,
        "source": "test",
    }


@pytest.fixture(scope="module")
def adapter(
    tmp_path_factory: pytest.TempPathFactory, synthetic_tables: Callable[..., QuantiserTables]
) -> Iterator[subprocess.Popen[str]]:
    folder = tmp_path_factory.mktemp("model")
    text = json.dumps(model_json(synthetic_tables(7, 4, 3), "synthetic-7"))
    (folder / "model.json").write_text(text, encoding="utf-8")
    command = [sys.executable, str(ADAPTER), "--model", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=20) == 0


@pytest.fixture
def send(adapter: subprocess.Popen[str]) -> Callable[[str], dict[str, Any]]:
    """Sends a raw line, returns the answer."""

    def send(line: str) -> dict[str, Any]:
        assert adapter.stdin is not None
        assert adapter.stdout is not None
        adapter.stdin.write(line + "\n")
        adapter.stdin.flush()
        answer: dict[str, Any] = json.loads(adapter.stdout.readline())
        return answer

    return send


@pytest.fixture
def ask(send: Callable[[str], dict[str, Any]]) -> Ask:
    """Sends a valid request and checks the answer against the schema."""

    def ask(op: str, **members: Any) -> dict[str, Any]:
        request = {"op": op, **members}
        assert request_problem(request) is None
        answer = send(json.dumps({"seq": 41, **request}))
        assert answer.pop("seq") == 41
        assert answer_problem(op, {"seq": 41, **answer}) is None
        return answer

    return ask


def test_hello(send: Callable[[str], dict[str, Any]]) -> None:
    answer = send('{"seq":0,"op":"hello","protocol":1}')
    assert hello_problem(answer) is None
    assert answer["models"] == ["synthetic-7"]
    assert answer["wire"] == ["experimental-12", "draft-32"]
    assert set(answer["operations"]) == set(OPERATIONS)


@pytest.mark.clause("RFC6716-3-framing")
def test_packet_operations(ask: Ask) -> None:
    members = {"config": 1, "stereo": False, "code": 3, "frames": ["aa", "bbbb"], "vbr": True}
    packet = ask("packet_write", **members, padding="06")["result"]["packet"]
    assert packet == "0bc20101aabbbb06"
    result = ask("packet", packet=packet)["result"]
    assert result == {
        "config": 1,
        "stereo": False,
        "code": 3,
        "frames": ["aa", "bbbb"],
        "padding": "06",
        "consumed": 8,
    }
    error = ask("packet", packet="0b00")["error"]
    assert (error["rule"], error["stage"], error["position"]) == ("R5", "packet", 1)
    padded = ask("packet_pad", packet="08aa", extensions=[{"id": 60, "frame": 0, "payload": "cc"}])
    assert padded["result"]["packet"] == "0b4102aa78cc"
    assert ask("packet_write", **members | {"config": 32})["error"]["rule"] == "W1"


@pytest.mark.clause("EXT-area")
def test_extension_operations(ask: Ask) -> None:
    listed = [{"id": 3, "frame": 0, "payload": "61"}, {"id": 40, "frame": 1, "payload": "6263"}]
    padding = ask("extension_write", extensions=listed, frame_count=2)["result"]["padding"]
    assert padding == "076102506263"
    assert ask("extension", padding=padding, frame_count=2)["result"] == listed
    error = ask("extension", padding="07610207", frame_count=2)["error"]
    assert (error["rule"], error["position"], error["extensions"]) == ("E1", 3, listed[:1])
    assert "position" not in ask("extension_write", extensions=listed, frame_count=1)["error"]


@pytest.mark.clause("RFC6716-4.1.2-symbol", "RFC6716-5.1.1-symbol")
def test_range_coder_operations(ask: Ask) -> None:
    table = [180, 120, 60, 10, 0]
    steps = [
        ["encode", 3, 9, 28],
        ["encode_bin", 64, 65, 7],
        ["bit_logp", 1, 3],
        ["icdf", 2, table, 8],
        ["uint", 9, 16],
        ["uint", 77777, 100000],
        ["bits", 21, 5],
        ["laplace", -9, 16384, 12800],
        ["shrink", 12],
    ]
    written = ask("range_encode", size=20, steps=steps)["result"]
    assert (len(written["data"]), written["overflow"]) == (24, False)
    reading = [
        ["decode", 28],
        ["update", 3, 9, 28],
        ["decode_bin", 7],
        ["update", 64, 65, 128],
        ["bit_logp", 3],
        ["icdf", table, 8],
        ["uint", 16],
        ["uint", 100000],
        ["bits", 5],
        ["laplace", 16384, 12800],
    ]
    read = ask("range_decode", data=written["data"], steps=reading)["result"]
    values = read["values"]
    assert 3 <= values[0] < 9
    assert values[1:] == [0, 64, 0, 1, 2, 9, 77777, 21, -9]
    for name in ("tells", "tell_fracs", "ranges"):
        assert [v for k, v in enumerate(read[name]) if k not in (0, 2)] == written[name][:-1]


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


def payload_of(ask: Ask) -> str:
    """Write one latent of zeros."""
    members = {"q0": 6, "dq": 0, "qmax": 15, "offset": 4, **SYMBOLS}
    answer = ask("payload_write", state=[0, 0, 0], latents=[[0, 0, 0, 0]], **members)
    assert answer["result"]["latent_count"] == 1
    return str(answer["result"]["payload"])


@pytest.mark.clause("DRED-state", "DRED-locate")
def test_payload_operations(ask: Ask) -> None:
    payload = payload_of(ask)
    assert payload.startswith("440c")
    direct = ask("payload", payload=payload + "00" * 9, **SYMBOLS)["result"]
    assert (direct["q0"], direct["dq"], direct["qmax"], direct["offset"]) == (6, 0, 15, 4)
    assert direct["latents"][0] == [0, 0, 0, 0]
    extension = {"id": 126, "frame": 1, "payload": payload + "00" * 9}
    packet = ask("packet_pad", packet="09aabb", extensions=[extension])["result"]["packet"]
    found = ask("payload", packet=packet, **SYMBOLS)["result"]
    assert found == direct | {"frame": 1, "offset": 4 + 8}
    assert ask("payload", packet="08aa", **SYMBOLS) == {"result": None}
    assert ask("payload", payload="440a5555", **SYMBOLS)["error"]["rule"] == "D2"
    limited = ask("payload", payload=payload + "00" * 9, max_latents=0, frame_offset=-3, **SYMBOLS)["result"]
    assert (limited["latents"], limited["offset"]) == ([], 1)
    wanted = {"sampling_rate": 48000, "max_samples": 48000, "rule": "2026-06"}
    assert ask("availability", packet="08aa", **wanted, **SYMBOLS)["result"] == {"samples": 0, "dred_end": 0}
    assert ask("availability", packet=packet, **wanted, **SYMBOLS)["result"]["dred_end"] == 0


@pytest.mark.clause("DRED-dequantise", "DRED-quantise")
def test_latent_operations(ask: Ask, synthetic_tables: Callable[..., QuantiserTables]) -> None:
    payload = payload_of(ask) + "5a" * 20
    symbols = ask("payload", payload=payload, **SYMBOLS)["result"]
    values = ask("latent", payload=payload, **SYMBOLS)["result"]
    latents = np.frombuffer(base64.b64decode(values["latents"]), "<f4").reshape(-1, 5)
    state = np.frombuffer(base64.b64decode(values["state"]), "<f4")
    assert (values["state_count"], values["latent_count"]) == (3, len(symbols["latents"]))
    assert values["latent_count"] > 0
    assert latents[0, 4] == 6 / 8 - 1
    scales = synthetic_tables(7, 4, 3).state_quant_scales_q8[6].astype(int)
    wanted = np.array(symbols["state"]) * 256 / np.where(scales, scales, 1)
    assert np.array_equal(state, wanted.astype("<f4"))
    assert ask("latent", packet="08aa", **SYMBOLS) == {"result": None}
    rows = base64.b64encode(np.ascontiguousarray(latents[:, :4]).tobytes()).decode()
    members = {"model": "synthetic-7", "q0": 6, "dq": 0, "qmax": 15, "state": values["state"]}
    members |= {"latents": rows}
    again = ask("latent_write", latent_count=len(latents), **members)["result"]
    assert len(again["latents"]) == len(latents)
    assert len(again["state"]) == 3
    error = ask("latent_write", latent_count=len(latents) + 1, **members)["error"]
    assert (error["rule"], error["stage"]) == ("W1", "latent")


def test_what_it_cannot_do_is_unsupported(ask: Ask, send: Callable[[str], dict[str, Any]]) -> None:
    payload = {"payload": "440c55"}
    assert "unsupported" in ask("payload", **payload, wire="experimental-12", model="libopus-1.6")
    assert "unsupported" in ask("payload", **payload, wire="experimental-10", model="synthetic-7")
    assert send('{"seq":3,"op":"feature"}') == {"seq": 3, "unsupported": "operation feature"}


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
    tmp_path: Path, synthetic_tables: Callable[..., QuantiserTables]
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
