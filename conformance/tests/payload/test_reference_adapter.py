"""The Python adapter: every operation over the wire, every message valid, and no input ends it."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dred_conformance.protocol.operations import OPERATIONS
from dred_conformance.protocol.validation import hello_problem
from dred_reference.tables import QuantiserTables

ADAPTER = Path(__file__).parents[2] / "adapters" / "reference" / "adapter.py"
PARTS = ("quant_scales_q8", "dead_zone_q8", "r_q8", "p0_q8")
SYMBOLS = {"wire": "experimental-12", "model": "synthetic-7"}
Ask = Callable[..., dict[str, Any]]


def test_hello(send: Callable[[str], dict[str, Any]]) -> None:
    answer = send('{"seq":0,"op":"hello","protocol":1}')
    assert hello_problem(answer) is None
    assert answer["models"] == ["synthetic-7"]
    assert answer["wire"] == ["experimental-12", "bundled-1", "draft-32"]
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
