"""Ogg files: written by us, read by libsndfile and by the readers of `inputs`."""

import io
from itertools import pairwise

import numpy as np
import pytest

from dred_conformance.inputs.byte_stream import ByteStream
from dred_conformance.inputs.ogg import read_ogg
from dred_conformance.inputs.ogg_page import Page, read_pages
from dred_conformance.inputs.ogg_streams import read_logical_streams
from dred_conformance.outputs import opus_head, opus_tags, write_logical_stream

HEAD, TAGS = opus_head(1, 312, 16000), opus_tags("test", ["TITLE=a"])


def stream_of(data: bytes) -> ByteStream:
    return ByteStream(io.BytesIO(data), "memory.opus")


def pages_of(data: bytes) -> list[Page]:
    return list(read_pages(stream_of(data)))


@pytest.mark.parametrize("size", [1, 254, 255, 256, 510, 1275, 64770, 65024, 65025, 65026, 140000])
def test_packets_of_any_size_come_back(size: int) -> None:
    packets = [bytes([0x48 + 3, 1]) + bytes([number]) * (size - 2) for number in range(3)] if size > 1 else []
    packets = packets or [b"\x48"] * 3
    data = write_logical_stream(9, HEAD, TAGS, [(packet, 960 * (n + 1)) for n, packet in enumerate(packets)])
    assert [record.data for record in read_ogg(stream_of(data))] == packets
    (logical,) = read_logical_streams(stream_of(data))
    assert [packet.data for packet in logical.packets] == packets
    assert logical.head_packet, logical.tags_packet == (HEAD, TAGS)
    assert logical.ended


def test_headers_have_pages_of_their_own_and_the_last_page_ends_the_stream() -> None:
    pages = pages_of(write_logical_stream(9, HEAD, TAGS, [(b"\x48\x01", 960), (b"\x48\x02", 1500)]))
    assert [page.pieces for page in pages] == [(HEAD,), (TAGS,), (b"\x48\x01", b"\x48\x02")]
    assert [page.position for page in pages] == [0, 0, 1500]
    assert [page.sequence for page in pages] == [0, 1, 2]
    assert [(page.first, page.last) for page in pages] == [(True, False), (False, False), (False, True)]


def test_a_page_holds_a_second_at_most() -> None:
    packets = [(b"\x48" + bytes(60), 960 * (number + 1)) for number in range(170)]
    positions = [page.position for page in pages_of(write_logical_stream(9, HEAD, TAGS, packets))][1:]
    assert positions == [0, 48000, 96000, 144000, 163200]


def test_a_page_without_the_end_of_a_packet_has_no_position() -> None:
    pages = pages_of(write_logical_stream(9, HEAD, TAGS, [(b"\x48" + bytes(70000), 960)]))
    assert [page.position for page in pages] == [0, 0, -1, 960]
    assert [page.continued for page in pages] == [False, False, False, True]


def test_comments_larger_than_a_page_are_kept() -> None:
    tags = opus_tags("test", ["PICTURE=" + "x" * 200000])
    data = write_logical_stream(9, HEAD, tags, [(b"\x48\x01", 960)])
    (logical,) = read_logical_streams(stream_of(data))
    assert logical.tags_packet == tags
    assert [packet.granule for packet in logical.packets] == [960]


def test_positions_come_back_where_pages_were_split_and_the_end_is_trimmed() -> None:
    granules = [*range(960, 960 * 120, 960), 960 * 119 + 17]
    packets = [(b"\x4b\x01" + bytes(700), granule) for granule in granules]
    (logical,) = read_logical_streams(stream_of(write_logical_stream(9, HEAD, TAGS, packets)))
    assert [packet.granule for packet in logical.packets] == granules


def test_positions_that_do_not_start_at_zero_are_counted_back_from_the_page(build_pages) -> None:
    data = build_pages([(HEAD,), (TAGS,), (b"\x48\x01", b"\x48\x02"), (b"\x48\x03",)], [0, 0, 50000, 50960])
    (logical,) = read_logical_streams(stream_of(data))
    assert [packet.granule for packet in logical.packets] == [49040, 50000, 50960]
    assert not logical.ended


@pytest.fixture
def build_pages():
    """Pages through mutagen, without the writer under test."""
    ogg = pytest.importorskip("mutagen.ogg")

    def build(pieces: list[tuple[bytes, ...]], positions: list[int]) -> bytes:
        parts = []
        for number, (packets, position) in enumerate(zip(pieces, positions, strict=True)):
            page = ogg.OggPage()
            page.serial, page.sequence, page.position, page.first = 5, number, position, number == 0
            page.packets = list(packets)
            parts.append(page.write())
        return b"".join(parts)

    return build


@pytest.mark.parametrize(("rate", "channels"), [(48000, 1), (16000, 2), (8000, 1)])
@pytest.mark.parametrize("samples", [1, 479, 4801])
def test_libsndfile_finds_as_many_samples_as_went_in(
    encode, dred, tmp_path, speech, rate: int, channels: int, samples: int
) -> None:
    soundfile = pytest.importorskip("soundfile")
    pcm = speech(1, rate, channels)[:samples]
    soundfile.write(tmp_path / "in.wav", pcm, rate, subtype="FLOAT")
    made = dred("encode", tmp_path / "in.wav", tmp_path / "out.opus", "--model", "synthetic-5-net-enc")
    assert made.exit_code == 0, made.output
    decoded, decoded_rate = soundfile.read(tmp_path / "out.opus", always_2d=True)
    assert decoded_rate == rate
    assert decoded.shape == (samples, channels)
    assert np.isfinite(decoded).all()


def test_granules_rise(encode, speech) -> None:
    from dred_conformance.cli.encode import _file  # noqa: PLC0415

    encoder, packets = encode(speech(2.5, 48000), 48000)
    pages = pages_of(_file(packets, ".opus", encoder, 1, 48000))
    positions = [page.position for page in pages]
    assert all(first <= second for first, second in pairwise(positions))
    assert positions[-1] == 312 + 120000
