"""What an input is taken for."""

import gzip
import io
import sys

import pytest

from dred_conformance.inputs import InputError, open_input

PACKETS = [b"\x48\x01\x02\x03", b"\x48\x04\x05"]


def test_every_container_by_its_content_alone(build, capture_of, read, tmp_path) -> None:
    rtp = [build.rtp(packet, number) for number, packet in enumerate(PACKETS)]
    contents = {
        "hex": b"48010203\n480405\n",
        "bit": build.bit_file(PACKETS),
        "ogg": build.ogg_file(PACKETS),
        "pcap": capture_of(rtp),
    }
    for container, data in contents.items():
        path = tmp_path / "without-extension"
        path.write_bytes(data)
        with open_input(str(path)) as opened:
            assert opened.container == container
            assert [record.data for record in opened.packets] == PACKETS


def test_content_wins_over_the_extension(build, read) -> None:
    records, error = read(build.ogg_file(PACKETS), name="wrong.pcap")
    assert error is None
    assert [record.data for record in records] == PACKETS


def test_extension_decides_when_the_content_does_not(read) -> None:
    records, error = read(b"\xff\xff\xff", name="one.raw")
    assert error is None
    assert records[0].data == b"\xff\xff\xff"
    _, error = read(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff", name="bad.bit")
    assert error.rule == "I4"


def test_unknown_content_names_the_formats(read) -> None:
    _, error = read(b"\xff\xff\xff", name="mystery.dat")
    assert error.rule == "I3"
    assert "hex-block" in error.advice


@pytest.mark.parametrize(
    ("head", "name"), [(b"RIFF", "WAV"), (b"fLaC", "FLAC"), (b"\x1a\x45\xdf\xa3", "WebM")]
)
def test_known_foreign_formats_are_named(read, head: bytes, name: str) -> None:
    _, error = read(head + bytes(100))
    assert error.rule == "I3"
    assert name in error.message


def test_compressed_files_are_named(read, build) -> None:
    _, error = read(gzip.compress(build.bit_file(PACKETS)))
    assert error.rule == "I3"
    assert "decompress" in error.message


def test_empty_input(read) -> None:
    _, error = read(b"")
    assert error.rule == "I2"


def test_standard_input(build, capture_of, monkeypatch) -> None:
    rtp = [build.rtp(packet, number) for number, packet in enumerate(PACKETS)]
    for data in (build.bit_file(PACKETS), capture_of(rtp), build.ogg_file(PACKETS), b"48010203\n480405"):

        class Pipe(io.BytesIO):
            def seekable(self) -> bool:
                return False

            def seek(self, *args: object) -> int:
                raise OSError("a pipe")

        monkeypatch.setattr(sys, "stdin", type("Stdin", (), {"buffer": Pipe(data)})())
        with open_input("-") as opened:
            assert [record.data for record in opened.packets] == PACKETS


def test_a_folder_is_no_input(tmp_path) -> None:
    with pytest.raises(InputError) as caught, open_input(str(tmp_path)):
        pass
    assert caught.value.rule == "I1"


@pytest.mark.parametrize("argument", ["", "\0", "x" * 5000, "[red]no[/red]"])
def test_strange_arguments_are_typed_errors(argument: str) -> None:
    with pytest.raises(InputError) as caught, open_input(argument):
        pass
    assert caught.value.rule == "I1"


def test_unknown_format_name() -> None:
    with pytest.raises(InputError) as caught, open_input("00", container="avi"):
        pass
    assert caught.value.rule == "I3"


def test_endless_input_is_read_only_as_far_as_asked(build, monkeypatch) -> None:
    record = build.bit_file([b"\x48" + bytes(59)])
    handed_out = 0

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer) -> int:
            nonlocal handed_out
            data = (record * (len(buffer) // len(record) + 2))[handed_out % len(record) :][: len(buffer)]
            buffer[: len(data)] = data
            handed_out += len(data)
            return len(data)

    monkeypatch.setattr(sys, "stdin", type("Stdin", (), {"buffer": io.BufferedReader(Endless())})())
    with open_input("-") as opened:
        records = [next(opened.packets) for _ in range(5000)]
    assert {record.data for record in records} == {b"\x48" + bytes(59)}
    assert handed_out < 5000 * len(record) + (1 << 18)
