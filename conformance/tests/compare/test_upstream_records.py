"""Files of records: what is read is what was written, and every fault is named with its byte."""

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dred_conformance.upstream import Record, UpstreamError, iterate_records, read_records, write_records

GOOD = bytes.fromhex("00000006 00000004 00000003 a1b2c3 0000000f 00000000 00000000")
records = st.builds(
    Record, st.integers(0, 15), st.integers(0, 25).map(lambda latents: 2 * latents), st.binary(max_size=60)
)


def test_the_layout_is_three_big_endian_numbers_and_the_data(tmp_path: Path) -> None:
    path = tmp_path / "a.bit"
    path.write_bytes(GOOD)
    found = read_records(path)
    assert found == [Record(6, 4, bytes.fromhex("a1b2c3")), Record(15, 0, b"")]
    assert (found[0].latent_count, found[0].frame_count) == (2, 8)
    write_records(path, found)
    assert path.read_bytes() == GOOD


@given(st.lists(records, max_size=5))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, written: list[Record]) -> None:
    path = tmp_path_factory.getbasetemp() / "records.bit"
    write_records(path, written)
    assert read_records(path) == written


def test_an_empty_file_has_no_records(tmp_path: Path) -> None:
    (tmp_path / "a.bit").write_bytes(b"")
    assert read_records(tmp_path / "a.bit") == []


@pytest.mark.parametrize(
    ("fields", "offset", "words"),
    [
        ((16, 4, 0), 0, "q0 is 16"),
        ((0xFFFFFFFF, 4, 0), 0, "q0 is 4294967295"),
        ((6, 3, 0), 4, "no whole number of latents"),
        ((6, 52, 0), 4, "52 chunks are not 0 to 50"),
        ((6, 51, 0), 4, "51 chunks are not 0 to 50"),
        ((6, 4, 100001), 8, "100001 bytes"),
        ((6, 4, 0xFFFFFFFF), 8, "4294967295 bytes"),
        ((6, 4, 5), 12, "the data needs 5 bytes, and the file ends after 0"),
    ],
)
@pytest.mark.parametrize("before", [b"", GOOD])
def test_a_field_out_of_range_is_named_with_its_byte(
    tmp_path: Path, fields: tuple[int, int, int], offset: int, words: str, before: bytes
) -> None:
    path = tmp_path / "a.bit"
    path.write_bytes(before + struct.pack(">III", *fields))
    with pytest.raises(UpstreamError, match=words) as caught:
        read_records(path)
    assert caught.value.position == len(before) + offset
    assert caught.value.record == (2 if before else 0)
    assert f"(byte {len(before) + offset})" in str(caught.value)


@pytest.mark.parametrize("keep", [*range(1, 15), *range(16, 27)])
def test_a_cut_file_is_an_error_wherever_it_is_cut(keep: int) -> None:
    found: list[Record] = []
    with pytest.raises(UpstreamError, match="the file ends after"):
        found.extend(iterate_records(io.BytesIO(GOOD[:keep])))


def test_records_before_a_fault_are_good() -> None:
    reader = iterate_records(io.BytesIO(GOOD[:20]))
    assert next(reader) == Record(6, 4, bytes.fromhex("a1b2c3"))
    with pytest.raises(UpstreamError) as caught:
        next(reader)
    assert caught.value.record == 1


class Watched(io.BytesIO):
    """Remembers the largest read."""

    largest = 0

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size >= 0
        self.largest = max(self.largest, size)
        return super().read(size)


def test_no_length_field_makes_the_reader_ask_for_more_than_the_limit() -> None:
    file = Watched(struct.pack(">III", 0, 2, 100000) + bytes(100000) + struct.pack(">III", 0, 2, 1 << 31))
    with pytest.raises(UpstreamError, match="2147483648 bytes"):
        list(iterate_records(file))
    assert file.largest == 100000


def test_a_file_of_very_many_records_is_refused_whole_and_read_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dred_conformance.upstream.record_file.LARGEST_FILE", 40)
    path = tmp_path / "a.bit"
    path.write_bytes(GOOD + GOOD)
    with pytest.raises(UpstreamError, match="more than 40 bytes") as caught:
        read_records(path)
    assert (caught.value.position, caught.value.record) == (27, 2)
    with path.open("rb") as file:
        assert len(list(iterate_records(file))) == 4


@pytest.mark.parametrize("name", ["missing.bit", "."])
def test_what_cannot_be_opened_is_an_error_of_ours(tmp_path: Path, name: str) -> None:
    with pytest.raises(UpstreamError, match="cannot be read"):
        read_records(tmp_path / name)


def test_what_cannot_be_written_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(UpstreamError, match="cannot be written"):
        write_records(tmp_path / "nowhere" / "a.bit", [])


@pytest.mark.parametrize(
    "fields", [(16, 2, b""), (-1, 2, b""), (0, 1, b""), (0, 52, b""), (0, 0, bytes(100001))]
)
def test_records_that_cannot_exist_are_not_made(fields: tuple[int, int, bytes]) -> None:
    with pytest.raises(UpstreamError):
        Record(*fields)
