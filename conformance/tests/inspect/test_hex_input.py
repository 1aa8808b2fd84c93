"""Hexadecimal text as packets."""

import pytest

from dred_conformance.inputs import InputError, open_input


@pytest.mark.parametrize(
    "text",
    [
        "fc440c", "FC 44 0C", "fc:44:0c", "0xfc,0x44,0xc", r"\xfc\x44\x0c", "fc-44-0c", '{0xfc, 0x44, 0x0c};',
        "# a comment\nfc 44 \\\n0c # another one", "fc44_0c", "fc\t44  0c\r\n",
    ],
)  # fmt: skip
def test_ways_to_write_bytes(text: str) -> None:
    with open_input(text, container="hex") as opened:
        assert [record.data for record in opened.packets] == [b"\xfc\x44\x0c"]


def test_argument_is_recognised_as_hex_without_a_format() -> None:
    with open_input("48 00 01") as opened:
        assert opened.container == "hex"
        assert opened.name == "argument"
        assert next(opened.packets).data == b"\x48\x00\x01"


def test_one_packet_per_line_with_offsets_of_the_lines(read) -> None:
    records, error = read(b"# two\n4801\n\n  # nothing\n48 02 03\n")
    assert error is None
    assert [record.data for record in records] == [b"\x48\x01", b"\x48\x02\x03"]
    assert [record.index for record in records] == [0, 1]
    assert [record.origin.byte_offset for record in records] == [6, 24]
    assert records[1].origin.description == "line 5"


def test_block_joins_the_lines(read) -> None:
    records, error = read(b"4801\n02\n", container="hex-block")
    assert error is None
    assert [record.data for record in records] == [b"\x48\x01\x02"]


@pytest.mark.parametrize(
    ("text", "rule", "position", "words"),
    [
        (b"4801\n48 0g\n", "I1", 9, "line 2, column 5"),
        (b"48 0", "I1", 0, "odd number of hex digits"),
        (b"4801 \xff", "I1", 5, "no hex digit"),
        (b"48 [red]01", "I1", 4, "no hex digit"),
    ],
)
def test_what_is_no_hex(read, text: bytes, rule: str, position: int, words: str) -> None:
    _, error = read(text, container="hex")
    assert error is not None
    assert (error.rule, error.position) == (rule, position)
    assert words in str(error)
    assert error.advice


def test_packets_before_a_bad_line_are_kept(read) -> None:
    records, error = read(b"4801\n4802\nzz\n", container="hex")
    assert [record.data for record in records] == [b"\x48\x01", b"\x48\x02"]
    assert error.rule == "I1"


def test_too_long_a_packet(read) -> None:
    _, error = read(b"00" * ((1 << 20) + 1), container="hex")
    assert error.rule == "I4"
    _, error = read((b"00" * 4096 + b"\n") * 257, container="hex-block")
    assert error.rule == "I4"


def test_neither_file_nor_hex() -> None:
    with pytest.raises(InputError) as caught, open_input("no such file.opus"):
        pass
    assert caught.value.rule == "I1"
    assert "neither a file nor a packet in hex" in str(caught.value)
