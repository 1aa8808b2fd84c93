"""Opus in Ogg: continued, chained, multiplexed, damaged."""

import struct

import pytest

SMALL = [b"\x48" + bytes([number]) * 5 for number in range(4)]
LARGE = [b"\x48" + bytes(600), b"\x48" + bytes(254), b"\x48" + bytes(509), b"\x48\x01", b"\x48" + bytes(1020)]


def data_of(records) -> list[bytes]:
    return [record.data for record in records]


@pytest.mark.parametrize("segments", [1, 2, 3, 255])
def test_packets_go_over_pages(build, read, segments: int) -> None:
    records, error = read(build.ogg_file(LARGE, segments_per_page=segments))
    assert error is None
    assert data_of(records) == LARGE


def test_offset_points_at_the_first_byte_of_the_packet(build, read) -> None:
    packets = [bytes([0x48, number]) * 150 for number in range(1, 6)]
    data = build.ogg_file(packets, segments_per_page=3)
    records, _ = read(data)
    for record, packet in zip(records, packets, strict=True):
        offset = record.origin.byte_offset
        assert data[offset : offset + 20] == packet[:20]
    assert "logical stream 0x7" in records[0].origin.description


def test_chained_streams_follow_each_other(build, read) -> None:
    records, error = read(build.ogg_file(SMALL[:2], serial=1) + build.ogg_file(SMALL[2:], serial=1))
    assert error is None
    assert data_of(records) == SMALL
    assert [record.index for record in records] == [0, 1, 2, 3]


def pages_of(data: bytes) -> list[bytes]:
    return [b"OggS" + part for part in data.split(b"OggS")[1:]]


def test_multiplexed_with_another_opus_stream_and_with_a_foreign_one(build, read) -> None:
    one = pages_of(build.ogg_file(SMALL[:2], serial=1, segments_per_page=1))
    two = pages_of(build.ogg_file(SMALL[2:], serial=2, segments_per_page=1))
    foreign = pages_of(build.ogg_file(LARGE, serial=3, head=b"\x01vorbis" + bytes(20)))
    mixed = [page for group in zip(one, two, strict=True) for page in group]
    data = b"".join([foreign[0], *mixed[:4], *foreign[1:], *mixed[4:]])
    records, error = read(data)
    assert error is None
    assert data_of(records) == [SMALL[0], SMALL[2], SMALL[1], SMALL[3]]


def test_file_without_opus_says_what_it_found(build, read) -> None:
    records, error = read(build.ogg_file(SMALL, head=b"\x01vorbis" + bytes(20)))
    assert records == []
    assert error.rule == "I3"
    assert "Vorbis" in error.message


def test_comments_of_many_pages_are_passed_over(build, read) -> None:
    pages = pages_of(build.ogg_file(SMALL))
    tags = build.OPUS_TAGS + bytes(1_300_000)
    segments = build.lacing_of(tags)
    comment_pages = []
    for start in range(0, len(segments), 255):
        lacing = segments[start : start + 255]
        body = tags[start * 255 : start * 255 + sum(lacing)]
        comment_pages.append(build.ogg_page(7, 1 + len(comment_pages), lacing, body, 1 if start else 0))
    body = b"".join(SMALL)
    last = build.ogg_page(7, 1 + len(comment_pages), [len(packet) for packet in SMALL], body)
    records, error = read(b"".join([pages[0], *comment_pages, last]))
    assert error is None
    assert data_of(records) == SMALL


def test_wrong_checksum_is_told_with_the_page(build, read) -> None:
    data = bytearray(build.ogg_file(SMALL, segments_per_page=2))
    start = data.rfind(b"OggS")
    data[-1] ^= 1
    records, error = read(bytes(data))
    assert data_of(records) == SMALL[:2]
    assert (error.rule, error.position) == ("I1", start)
    assert "checksum" in error.message


def test_missing_page_is_noted_and_the_torn_packet_left_out(build, read) -> None:
    pages = pages_of(build.ogg_file(LARGE, segments_per_page=2))
    del pages[3]
    records, error = read(b"".join(pages))
    assert error is None
    assert data_of(records) == LARGE[2:]
    assert records[0].notes == ("Ogg pages 3 to 3 are missing before this",)


def test_last_packet_without_an_end(build, read) -> None:
    pages = pages_of(build.ogg_file([SMALL[0], bytes(600)], segments_per_page=2))
    records, error = read(b"".join(pages[:-1]))
    assert data_of(records) == SMALL[:1]
    assert error.rule == "I2"


@pytest.mark.parametrize(
    ("head", "rule", "words"),
    [
        (b"OpusHead\x01\x01", "I2", "it needs 19"),
        (b"OpusHead" + struct.pack("<BBHIhB", 16, 1, 0, 48000, 0, 0), "I3", "version 16"),
        (b"OpusHead" + struct.pack("<BBHIhB", 1, 3, 0, 48000, 0, 0), "I1", "3 channels"),
        (b"OpusHead" + struct.pack("<BBHIhB", 1, 3, 0, 48000, 0, 1), "I2", "mapping table"),
        (b"OpusHead" + struct.pack("<BBHIhB", 1, 3, 0, 48000, 0, 1) + bytes(5), "I1", "0 streams"),
    ],
)
def test_heads_that_are_refused(build, read, head: bytes, rule: str, words: str) -> None:
    _, error = read(build.ogg_file(SMALL, head=head))
    assert error.rule == rule
    assert words in error.message


def test_other_ogg_version(read) -> None:
    _, error = read(b"OggS\x01" + bytes(40))
    assert (error.rule, error.position) == ("I3", 4)


def test_multistream_packets_are_split(build, read) -> None:
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 4, 312, 48000, 0, 1) + bytes([2, 2, 0, 1, 2, 3])
    first = b"\x48\x03abc"  # self-delimited: the length stands after the TOC byte
    second = b"\x48defgh"
    records, error = read(build.ogg_file([first + second, b"\x48\x09a"], head=head))
    assert error is None
    assert data_of(records) == [first, second, b"\x48\x09a"]
    assert [record.self_delimited for record in records] == [True, False, True]
    assert "stream 2 of 2" in records[1].origin.description
    assert records[1].origin.byte_offset == records[0].origin.byte_offset + len(first)
    assert "cannot be found" in records[2].notes[0]
