"""The adapter executable: every operation of the protocol once, checked against the published schema."""

import base64
import json
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import dred_native
from dred_conformance.protocol.operations import OPERATIONS
from dred_conformance.protocol.validation import answer_problem, hello_problem, request_problem

Talk = Callable[..., list[Any]]
NETWORK = "synthetic-3-1x1-net8x8x8x8"
VOCODER = "synthetic-3-1x1-voc"
SOURCE = {"wire": "draft-32", "model": "even"}
HEADER = {"q0": 6, "dq": 3, "qmax": 15, "offset": 10}
PAYLOAD = "66304e8400"  # that header, state 0 0 0, latents (1 5), (0 0) and one of the zeros behind them


def packet_with(payload: str, extension_id: int) -> str:
    extensions = [(extension_id, 1, bytes.fromhex(payload))]
    return dred_native.pad_packet(b"\x19ab", extensions).hex()


def speech_with(payload: str) -> str:
    """Return 20 ms of SILK whose first byte, an "a", says that there is LBRR."""
    return dred_native.pad_packet(b"\x48ab", [(32, 0, bytes.fromhex(payload))]).hex()


def floats(*values: float) -> str:
    return base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode()


CASES: list[tuple[dict[str, Any], Any]] = [
    (
        {"op": "packet", "packet": "0b4102aa0000"},
        {"config": 1, "stereo": False, "code": 3, "frames": ["aa"], "padding": "0000", "consumed": 6},
    ),
    (
        {"op": "packet", "packet": "0d01aabbcc", "self_delimited": True},
        {"config": 1, "stereo": True, "code": 1, "frames": ["aa", "bb"], "padding": "", "consumed": 4},
    ),
    (
        {
            "op": "packet_write",
            "config": 16,
            "stereo": False,
            "code": 3,
            "frames": ["61", "6262"],
            "vbr": True,
        },
        {"packet": "8382016162" + "62"},
    ),
    (
        {"op": "packet_write", "config": 3, "stereo": True, "code": 3, "frames": ["61"], "padding": ""},
        {"packet": "1f410061"},
    ),
    (
        {"op": "packet_pad", "packet": "18aa", "extensions": [{"id": 126, "frame": 0, "payload": "bb"}]},
        {"packet": "1b4102aafcbb"},
    ),
    (
        {"op": "packet_pad", "packet": "18aa", "extensions": [], "size": 6},
        {"packet": "1b4102aa0000"},
    ),
    (
        {"op": "extension", "padding": "0761046263", "frame_count": 3},
        [
            {"id": 3, "frame": 0, "payload": "61"},
            {"id": 3, "frame": 1, "payload": "62"},
            {"id": 3, "frame": 2, "payload": "63"},
        ],
    ),
    (
        {
            "op": "extension_write",
            "extensions": [{"id": 126, "frame": 0, "payload": "aa"}],
            "frame_count": 1,
            "size": 4,
            "pad": True,
        },
        {"padding": "0101fcaa"},
    ),
    (
        {
            "op": "range_decode",
            "data": "ff0960",
            "steps": [
                ["uint", 16],
                ["uint", 8],
                ["uint", 2],
                ["uint", 256],
                ["decode", 32],
                ["update", 12, 13, 32],
            ],
        },
        {
            "values": [15, 7, 1, 9, 12, 0],
            "tells": [5, 8, 9, 17, 17, 22],
            "tell_fracs": [40, 64, 72, 136, 136, 176],
            "ranges": [134217728, 16777216, 2147483648, 2147483648, 2147483648, 67108864],
            "uint_error": False,
        },
    ),
    (
        {"op": "range_encode", "size": 9, "steps": [["icdf", 0, [1, 0], 1], ["bits", 1, 1], ["shrink", 1]]},
        {
            "data": "01",
            "tells": [2, 3, 3],
            "tell_fracs": [16, 24, 24],
            "ranges": [1073741824] * 3,
            "overflow": False,
        },
    ),
    (
        {"op": "payload", "payload": PAYLOAD, **SOURCE, "frame_offset": 8, "max_latents": 2},
        {
            **HEADER,
            "offset": 18,
            "state": [0, 0, 0],
            "latents": [[1, 5], [0, 0]],
            "levels": [6, 6],
            "range": 37150720,
            "tell": 31,
        },
    ),
    (
        {
            "op": "payload_write",
            **HEADER,
            "state": [0, 0, 0],
            "latents": [[1, 5], [0, 0]],
            **SOURCE,
            "keep_last": True,
        },
        {"payload": PAYLOAD, "latent_count": 2},
    ),
    (
        {"op": "latent", "packet": packet_with(PAYLOAD, 32), **SOURCE, "max_latents": 1},
        {
            **HEADER,
            "offset": 10 + 24,
            "frame": 1,
            "state": floats(0, 0, 0),
            "state_count": 3,
            "latents": floats(2, 10, -0.25),
            "latent_count": 1,
        },
    ),
    (
        {
            "op": "latent_write",
            "model": "even",
            "q0": 6,
            "dq": 3,
            "qmax": 9,
            "state": floats(0, 1, -1.5),
            "latents": floats(2, 10.5),
            "latent_count": 1,
        },
        {"state": [0, 1, -1], "latents": [[1, 5]]},
    ),
    (
        {
            "op": "availability",
            "packet": packet_with("440c" + PAYLOAD, 126),
            "sampling_rate": 48000,
            "max_samples": 1,
            "wire": "experimental-12",
            "model": "even",
            "rule": "2026-06",
        },
        # Offset 34: 10 feature frames, 3 latents; 5760 samples less the 4080 that lie ahead.
        {"samples": 1680, "dred_end": 0},
    ),
    (
        {
            "op": "feature",
            "model": NETWORK,
            "state": floats(1.5),
            "state_count": 1,
            "latents": "",
            "latent_count": 0,
        },
        {"features": "", "feature_count": 0, "latent_count": 0},
    ),
    (
        {"op": "audio", "model": VOCODER, "features": "", "feature_count": 0},
        {"samples": "", "sample_count": 0},
    ),
    (
        {
            "op": "receiver",
            "packets": [
                {"timestamp": 0, "arrival": 70, "packet": "48" + "00"},
                {"timestamp": 2880, "arrival": 70, "packet": speech_with(PAYLOAD)},
            ],
            "duration": 3000,
            "delay": None,
            "lbrr": True,
            "dred": True,
            "sampling_rate": 48000,
            **SOURCE,
        },
        # At 960 the packet is 1920 away and its offset 1200: 6.5 frames, less the 2.
        {
            "decisions": [
                {"start": 0, "duration": 960, "source": "regular", "packet": 0},
                {"start": 960, "duration": 480, "source": "dred", "packet": 2880, "feature": 4},
                {"start": 1440, "duration": 480, "source": "dred", "packet": 2880, "feature": 3},
                {"start": 1920, "duration": 960, "source": "lbrr", "packet": 2880},
                {"start": 2880, "duration": 120, "source": "regular", "packet": 2880},
            ]
        },
    ),
    ({"op": "payload", "packet": "18aa", **SOURCE}, None),
    ({"op": "feature", "packet": "18aa", "wire": "draft-32", "model": NETWORK}, None),
    ({"op": "latent", "packet": "18aa", **SOURCE}, None),
]


@pytest.mark.parametrize(("request_", "result"), CASES, ids=[case["op"] for case, _ in CASES])
def test_an_operation(talk: Talk, request_: dict[str, Any], result: Any) -> None:
    request_ = {"seq": 7, **request_}
    assert request_problem(request_) is None
    (answer,) = talk(request_)
    assert answer == {"seq": 7, "result": result}
    assert answer_problem(request_["op"], answer) is None


def test_every_operation_has_a_case() -> None:
    assert {request_["op"] for request_, _ in CASES} == set(OPERATIONS)


def test_one_process_answers_all_in_order(talk: Talk) -> None:
    requests = [{"seq": seq, **case} for seq, (case, _) in enumerate(CASES * 3)]
    answers = talk(*requests)
    assert [answer["seq"] for answer in answers] == list(range(len(requests)))
    assert [answer["result"] for answer in answers] == [result for _, result in CASES * 3]


def test_hello_declares_what_is_answered(talk: Talk) -> None:
    (answer,) = talk({"seq": 0, "op": "hello", "protocol": 1})
    assert hello_problem(answer) is None
    assert answer["version"] == dred_native.__version__
    assert answer["stages"] == ["packet", "extension", "payload", "latent", "feature", "audio", "receiver"]
    assert answer["profiles"] == ["fixed"]
    assert answer["wire"] == ["experimental-12", "bundled-1", "draft-32"]
    assert answer["models"] == ["even", NETWORK, VOCODER]
    assert answer["only"] == {"audio": {"model": [VOCODER]}}
    assert set(answer["operations"]) == set(OPERATIONS)


ERRORS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"op": "packet", "packet": "0b07"}, {"rule": "R5", "stage": "packet", "position": 1}),
    ({"op": "packet", "packet": ""}, {"rule": "R1", "stage": "packet", "position": 0}),
    ({"op": "payload", "packet": "0b07", **SOURCE}, {"rule": "R5", "stage": "packet", "position": 1}),
    (
        {"op": "extension", "padding": "0761fd05445245", "frame_count": 1},
        {
            "rule": "E3",
            "stage": "extension",
            "position": 2,
            "extensions": [{"id": 3, "frame": 0, "payload": "61"}],
        },
    ),
    ({"op": "extension", "padding": "", "frame_count": 49}, {"rule": "W1", "stage": "extension"}),
    ({"op": "payload", "payload": "", **SOURCE}, {"rule": "D1", "stage": "payload", "position": 0}),
    (
        {"op": "payload", "payload": "440aff", "wire": "experimental-12", "model": "even"},
        {"rule": "D2", "stage": "payload", "position": 0},
    ),
    ({"op": "range_decode", "data": "", "steps": [["uint", 1]]}, {"rule": "W1", "stage": "payload"}),
    ({"op": "range_encode", "size": 2**40, "steps": []}, {"rule": "W1", "stage": "payload"}),
    (
        {"op": "payload_write", **HEADER, "state": [0, 0, 0], "latents": [], **SOURCE, "max_bytes": 1},
        {"rule": "W2", "stage": "payload"},
    ),
    (
        {"op": "payload_write", **HEADER, "state": [10**30, 0, 0], "latents": [], **SOURCE},
        {"stage": "protocol"},
    ),
    (
        {"op": "payload_write", **HEADER, "state": [2**62, 0, 0], "latents": [], **SOURCE},
        {"rule": "W1", "stage": "payload"},
    ),
    (
        {
            "op": "latent_write",
            "model": "even",
            "q0": 6,
            "dq": 3,
            "qmax": 6,
            "state": floats(0, 0, 0),
            "latents": "",
            "latent_count": 0,
        },
        {"rule": "W1", "stage": "latent"},
    ),
    ({"op": "latent", "payload": "aa", **SOURCE, "max_latents": -1}, {"rule": "W1", "stage": "latent"}),
    (
        {"op": "packet_pad", "packet": "18aa", "extensions": [], "size": 2},
        {"rule": "W2", "stage": "extension"},
    ),
]


@pytest.mark.clause("EXT-error-keeps", "RFC6716-3.4-reject")
@pytest.mark.parametrize(("request_", "error"), ERRORS)
def test_an_error_names_rule_stage_and_position(talk: Talk, request_: dict[str, Any], error: Any) -> None:
    (answer,) = talk({"seq": 1, **request_})
    assert answer_problem(request_["op"], answer) is None
    found = answer["error"]
    assert found.pop("message")
    assert found == error


@pytest.mark.parametrize(
    "request_",
    [
        {"op": "dred_audio"},
        {"op": "audio", "model": "even", "features": "", "feature_count": 0},
        {"op": "audio", "model": NETWORK, "features": "", "feature_count": 0},
        {"op": "feature", "payload": "aa", **SOURCE},
        {"op": "feature", "payload": "aa", "wire": "draft-32", "model": NETWORK, "profile": "float64"},
        {"op": ""},
        {"op": "hello", "protocol": 2},
        {"op": "payload", "payload": "aa", "wire": "draft-32", "model": "other"},
        {"op": "payload", "payload": "aa", "wire": "draft-99", "model": "even"},
        {"op": "payload", "payload": "440aff", "wire": "experimental-10", "model": "even"},
    ],
)
def test_what_is_not_declared_is_unsupported(talk: Talk, request_: dict[str, Any]) -> None:
    (answer,) = talk({"seq": 3, **request_})
    assert set(answer) == {"seq", "unsupported"}
    assert answer["unsupported"]


def test_answers_are_written_at_once(model_folder: Path) -> None:
    command = [str(dred_native.adapter_path()), "--model", str(model_folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for seq in range(3):
            process.stdin.write(json.dumps({"seq": seq, "op": "packet", "packet": "08"}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["seq"] == seq
        process.stdin.close()
        assert process.wait(timeout=30) == 0
