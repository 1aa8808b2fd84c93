"""The container of opus_demo."""

import struct

PACKETS = [b"\x48\x01\x02\x03", b"", b"\x48\x04\x05"]


def test_records(build, read) -> None:
    records, error = read(build.bit_file(PACKETS, final_range=0xDEADBEEF), container="bit")
    assert error is None
    assert [record.data for record in records] == PACKETS
    assert [record.lost for record in records] == [False, True, False]
    assert {record.final_range for record in records} == {0xDEADBEEF}
    assert [record.origin.byte_offset for record in records] == [8, 20, 28]


def test_length_beyond_any_packet(build, read) -> None:
    data = build.bit_file(PACKETS) + struct.pack(">II", 0x7FFFFFFF, 0)
    records, error = read(data, container="bit")
    assert len(records) == 3
    assert (error.rule, error.position) == ("I4", 31)


def test_cut_inside_a_header_and_inside_a_packet(build, read) -> None:
    data = build.bit_file(PACKETS)
    for cut, position, count in ((4, 0, 0), (10, 8, 0), (30, 28, 2)):
        records, error = read(data[:cut], container="bit")
        assert len(records) == count
        assert (error.rule, error.position) == ("I2", position)
