"""DRED into streams that exist, through the command line."""

import io
import json
import struct
from pathlib import Path

import numpy as np
import pytest

from dred_conformance.cli.encode import _file
from dred_conformance.encoding.stream_files import read_streams
from dred_conformance.inputs.byte_stream import ByteStream
from dred_conformance.inputs.ogg_streams import LogicalStream, read_logical_streams
from dred_conformance.outputs import opus_head, opus_tags, write_logical_stream, write_opus_demo
from dred_reference.extension import Extension, parse_extensions
from dred_reference.location import find_dred
from dred_reference.packet import parse_packet
from dred_reference.packet_padding import add_extensions
from dred_reference.payload import decode_payload
from dred_reference.wire import WIRE_PROFILES

MODEL = ("--model", "synthetic-5-net-enc")
WIRE = WIRE_PROFILES["experimental-12"]


@pytest.fixture(scope="module")
def plain(encode, speech) -> list[bytes]:
    """Packets without DRED, 20 ms each."""
    return [made.data for made in encode(speech(0.5, 16000), 16000, 20000, redundancy_ms=0)[1]]


def logical_streams(path: Path) -> list[LogicalStream]:
    return read_logical_streams(ByteStream(io.BytesIO(path.read_bytes()), path.name))


def bit(path: Path, packets: list[bytes]) -> Path:
    path.write_bytes(write_opus_demo((packet, 0x1234 + number) for number, packet in enumerate(packets)))
    return path


def packets_of(path: Path) -> list[bytes]:
    return [packet.data for stream in read_streams(str(path)) for packet in stream.packets]


@pytest.mark.parametrize("rule", ["ours", "deployed"])
def test_strip_gives_back_what_add_was_given(dred, tmp_path, plain, opus, rule: str) -> None:
    source = bit(tmp_path / "in.bit", plain)
    added, stripped = tmp_path / "added.bit", tmp_path / "stripped.bit"
    result = dred("add", source, added, *MODEL, "--rule", rule, "--json")
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert figures["packets_with_dred"] > 20
    assert figures["bytes"]["base"] == sum(map(len, plain))
    before, after = opus.Decoder(16000, 1), opus.Decoder(16000, 1)
    for old, new in zip(plain, packets_of(added), strict=True):
        assert after.decode(new).tobytes() == before.decode(old).tobytes()
        assert after.final_range == before.final_range
    assert dred("strip", added, stripped).exit_code == 0
    assert stripped.read_bytes() == source.read_bytes()


def test_headers_positions_trimming_and_chains_stay(dred, tmp_path, plain) -> None:
    heads = [opus_head(1, 312, 16000)[:16] + struct.pack("<h", 256 * gain) + b"\0" for gain in (-3, 5)]
    tags = [opus_tags("somebody", [f"TITLE={number}"]) for number in range(2)]
    spans = [[960 * (number + 1) for number in range(len(plain))] for _ in range(2)]
    spans[0][-1] -= 123
    spans[1] = [granule + 5000 for granule in spans[1]]
    source, added = tmp_path / "in.opus", tmp_path / "out.opus"
    source.write_bytes(
        b"".join(
            write_logical_stream(serial, heads[n], tags[n], zip(plain, spans[n], strict=True))
            for n, serial in enumerate((77, 78))
        )
    )
    assert dred("add", source, added, *MODEL).exit_code == 0
    before, after = logical_streams(source), logical_streams(added)
    for old, new in zip(before, after, strict=True):
        assert (new.serial, new.head_packet, new.tags_packet) == (
            old.serial,
            old.head_packet,
            old.tags_packet,
        )
        assert [packet.granule for packet in new.packets] == [packet.granule for packet in old.packets]
        assert new.ended == old.ended
        assert sum(find_dred(packet.data, WIRE) is not None for packet in new.packets) > 20
    assert [[packet.granule for packet in stream.packets] for stream in after] == spans


def test_lost_and_broken_packets_stay_and_time_goes_on(dred, tmp_path, plain) -> None:
    damaged = list(plain)
    damaged[7], damaged[12], damaged[13] = b"", b"\x4b\x00", bytes([damaged[13][0] | 3])
    added = tmp_path / "out.bit"
    result = dred("add", bit(tmp_path / "in.bit", damaged), added, *MODEL, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["packets_left_as_they_were"] == 3
    out = packets_of(added)
    assert [out[number] for number in (7, 12, 13)] == [damaged[number] for number in (7, 12, 13)]
    assert find_dred(out[14], WIRE) is not None


def test_only_sound_up_to_the_end_of_a_packet_is_in_it(dred, tmp_path, plain) -> None:
    changed = [*plain[:15], *reversed(plain[15:])]
    outputs = []
    for name, packets in (("a", plain), ("b", changed)):
        dred("add", bit(tmp_path / f"{name}.bit", packets), tmp_path / f"{name}-out.bit", *MODEL,
             "--dred-bytes", "60")  # fmt: skip
        outputs.append(packets_of(tmp_path / f"{name}-out.bit"))
    assert outputs[0][:15] == outputs[1][:15]


def test_the_offset_counts_from_the_start_of_the_packets_audio(dred, tmp_path, plain, model) -> None:
    added = tmp_path / "out.bit"
    dred("add", bit(tmp_path / "in.bit", plain), added, *MODEL)
    offsets = [
        decode_payload(found.payload, WIRE, model.tables).offset
        for packet in packets_of(added)
        if (found := find_dred(packet, WIRE)) is not None
    ]
    # the first step ends 320 - 11 samples after the start: 7.7 units of 2.5 ms
    assert set(offsets) == {8}


def test_dred_is_replaced_or_kept(dred, tmp_path, plain) -> None:
    old = Extension(126, 0, b"D\x0c" + bytes(range(1, 30)))
    other = Extension(70, 0, b"stays")
    carrying = [add_extensions(packet, [old, other]) for packet in plain]
    source = bit(tmp_path / "in.bit", carrying)
    assert dred("add", source, tmp_path / "new.bit", *MODEL).exit_code == 0
    for packet in packets_of(tmp_path / "new.bit")[5:]:
        extensions = parse_extensions(parse_packet(packet).padding, 1)
        assert other in extensions
        assert old not in extensions
        assert len(extensions) == 2
    assert dred("add", source, tmp_path / "kept.bit", *MODEL, "--keep").exit_code == 0
    assert packets_of(tmp_path / "kept.bit") == carrying


@pytest.mark.parametrize(("option", "value"), [("--dred-bytes", "40"), ("--dred-bitrate", "16")])
def test_the_size_of_the_redundancy_is_what_was_asked(dred, tmp_path, encode, speech, option, value) -> None:
    packets = [made.data for made in encode(speech(1.5, 16000), 16000, 20000, redundancy_ms=0)[1]]
    added = tmp_path / "out.bit"
    result = dred("add", bit(tmp_path / "in.bit", packets), added, *MODEL, option, value, "--json")
    figures = json.loads(result.stdout)
    if option == "--dred-bytes":
        sizes = [len(found.payload) - 2 for packet in packets_of(added) if (found := find_dred(packet, WIRE))]
        assert max(sizes) <= 40
        assert max(sizes) > 30
    else:
        # the first second has little to repeat
        assert 5000 < figures["bitrate"]["dred"] < 16500


def test_several_streams_in_a_packet_are_refused(dred, tmp_path, plain) -> None:
    head = opus_head(2, 312, 48000)[:18] + bytes([1, 2, 0, 0, 1])
    source = tmp_path / "in.opus"
    source.write_bytes(write_logical_stream(1, head, opus_tags("x"), [(plain[0], 960)]))
    for command in ("add", "strip"):
        result = dred(command, source, tmp_path / "out.opus", *(MODEL if command == "add" else ()))
        assert result.exit_code == 1
        assert "S5" in result.output
        assert not (tmp_path / "out.opus").exists()


def test_ogg_from_opus_demo_and_back(dred, tmp_path, encode, speech) -> None:
    encoder, packets = encode(speech(0.3, 48000, 2), 48000, 48000)
    source = tmp_path / "in.opus"
    source.write_bytes(_file(packets, ".opus", encoder, 2, 48000))
    assert dred("add", source, tmp_path / "a.bit", *MODEL).exit_code == 0
    assert dred("strip", tmp_path / "a.bit", tmp_path / "b.opus").exit_code == 0
    (logical,) = logical_streams(tmp_path / "b.opus")
    assert logical.head.channels == 2
    assert np.diff([packet.granule for packet in logical.packets]).tolist() == [960] * (len(packets) - 1)
