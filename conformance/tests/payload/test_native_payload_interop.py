"""Native payloads against real libopus streams, and the check values that need the official model."""

import base64
import json
import struct
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import dred_native
from dred_model import ModelBundle, save_model
from dred_native import DredError, Model

pytestmark = pytest.mark.official_model
WIRE = "experimental-12"


@pytest.fixture(scope="module")
def model_folder(official_model: ModelBundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("official") / "model"
    save_model(official_model, folder)
    return folder


@pytest.fixture(scope="module")
def model(model_folder: Path) -> Model:
    return dred_native.load_model(model_folder)


def packets_of(stream: Path) -> list[bytes]:
    data, packets = stream.read_bytes(), []
    while data:
        size, _ = struct.unpack(">II", data[:8])
        packets.append(data[8 : 8 + size])
        data = data[8 + size :]
    return packets


def rewritten(decoded: Any, model: Model) -> bytes:
    header = [decoded[name] for name in ("q0", "dq", "qmax", "offset")]
    return dred_native.encode_payload(*header, decoded["state"], decoded["latents"], WIRE, model)["payload"]


@pytest.mark.clause("DRED-always-decodes", "DRED-offset-sign", "DRED-state")
@pytest.mark.parametrize(
    ("data", "q0", "dq", "offset", "tell"),
    [(b"\x00", 0, 0, 16, 117), (b"\xff", 15, 7, 16, None), (b"\xff" * 20, 15, 7, -8175, None)],
)
def test_check_values_of_appendix_a5(
    model: Model, data: bytes, q0: int, dq: int, offset: int, tell: int | None
) -> None:
    decoded = dred_native.decode_payload(b"D\x0c" + data, WIRE, model)
    assert (decoded["q0"], decoded["dq"], decoded["qmax"], decoded["offset"]) == (q0, dq, 15, offset)
    assert decoded["latents"] == []
    assert tell is None or decoded["tell"] == tell


@pytest.mark.interop
@pytest.mark.clause("RFC6716-3-framing", "DRED-locate", "EXT-order", "DRED-stop", "DRED-schedule")
def test_all_packets_of_all_streams(interop_streams: list[Path], model: Model) -> None:
    assert len(interop_streams) == 22
    with_dred: Counter[str] = Counter()
    for stream in interop_streams:
        packets = packets_of(stream)
        for packet, parsed in zip(packets, dred_native.parse_packets(packets), strict=True):
            assert not isinstance(parsed, DredError)
            assert parsed["consumed"] == len(packet)
            decoded = dred_native.decode_packet(packet, WIRE, model)
            with_dred[stream.stem] += decoded is not None
    assert [name for name, count in with_dred.items() if count == 0] == ["voip16_20ms_20k"]


@pytest.mark.interop
@pytest.mark.clause("DRED-frame-offset", "DRED-header-q0", "DRED-offset-low")
def test_frames_offsets_and_numbers_of_latents(interop_expected: list[dict[str, Any]], model: Model) -> None:
    assert len(interop_expected) == 289
    for entry in interop_expected:
        decoded = dred_native.decode_packet(bytes.fromhex(entry["packet"]), WIRE, model)
        assert decoded is not None
        found = (decoded["frame"], decoded["offset"], len(decoded["latents"]))
        assert found == (entry["ext_frame"], entry["dred_offset"], entry["nb_latents"])
        alone = dred_native.decode_payload(bytes.fromhex(entry["payload"]), WIRE, model)
        assert {**alone, "offset": decoded["offset"], "frame": decoded["frame"]} == decoded


@pytest.mark.interop
@pytest.mark.clause("DRED-availability", "DRED-availability-end", "DRED-availability-1.6.1")
def test_availability_is_that_of_the_rule_of_june_2026(
    interop_expected: list[dict[str, Any]], model: Model
) -> None:
    """The rule of 1.6.1 answers differently once, so the streams tell the two apart."""
    differs = []
    for entry in interop_expected:
        packet = bytes.fromhex(entry["packet"])
        answer = dred_native.availability(packet, 48000, 48000, WIRE, model, "2026-06")
        assert (answer["samples"], answer["dred_end"]) == (entry["avail_48k"], entry["dred_end_48k"])
        if dred_native.availability(packet, 48000, 48000, WIRE, model, "1.6.1") != answer:
            differs.append((entry["stream"], entry["dred_offset"], entry["nb_latents"]))
    assert len(differs) == 1
    assert differs[0][1] <= 0


@pytest.mark.interop
@pytest.mark.clause("DRED-write-header", "DRED-write-qmax", "DRED-write-state", "DRED-write-latents")
def test_symbols_give_the_payload_back_byte_for_byte(
    interop_expected: list[dict[str, Any]], model: Model
) -> None:
    """Where they do not, libopus wrote latents that the stop rule hides; with those it comes back."""
    hidden: Counter[int] = Counter()
    for entry in interop_expected:
        payload = bytes.fromhex(entry["payload"])
        count = len(dred_native.decode_payload(payload, WIRE, model)["latents"])
        for more in range(4):
            decoded = dred_native.decode_payload(
                payload, WIRE, model, 0, count + more, stop_bits=-100 * more or 7
            )
            if rewritten(decoded, model) == payload:
                hidden[more] += 1
                break
        else:
            pytest.fail(f"{entry['stream']} {entry['index']}: not given back")
        # What is hidden costs no more than the bits that were left.
        assert decoded["tell"] <= 8 * (len(payload) - 2)
    # Facts 11.2: 10 to 12 percent of real packets end with a latent that cost fewer than 8 bits.
    assert dict(hidden) == {0: 254, 1: 30, 2: 4, 3: 1}


@pytest.mark.interop
@pytest.mark.clause("DRED-write-last", "DRED-last-latent")
def test_keeping_the_last_latent_of_real_payloads(
    interop_expected: list[dict[str, Any]], model: Model
) -> None:
    for entry in interop_expected:
        payload = bytes.fromhex(entry["payload"])
        decoded = dred_native.decode_payload(payload, WIRE, model)
        header = [decoded[name] for name in ("q0", "dq", "qmax", "offset")]
        kept = dred_native.encode_payload(
            *header, decoded["state"], decoded["latents"], WIRE, model, keep_last=True
        )
        again = dred_native.decode_payload(kept["payload"], WIRE, model)
        assert again["latents"][: len(decoded["latents"])] == decoded["latents"]


@pytest.mark.interop
@pytest.mark.clause("DRED-dequantise", "DRED-availability")
def test_the_adapter_says_the_same(interop_expected: list[dict[str, Any]], model_folder: Path) -> None:
    requests = [
        {"seq": seq, "op": "latent", "packet": entry["packet"], "wire": WIRE, "model": "libopus-1.6"}
        for seq, entry in enumerate(interop_expected)
    ]
    done = subprocess.run(
        [str(dred_native.adapter_path()), "--model", str(model_folder)],
        input="".join(json.dumps(request) + "\n" for request in requests),
        capture_output=True,
        text=True,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["seq"] for answer in answers] == list(range(len(interop_expected)))
    for answer, entry in zip(answers, interop_expected, strict=True):
        result = answer["result"]
        assert (result["offset"], result["latent_count"]) == (entry["dred_offset"], entry["nb_latents"])
        for name in ("state", "latents"):
            wanted = struct.pack(f"<{len(entry[name])}f", *entry[name])
            assert base64.b64decode(result[name]) == wanted
