"""Files of records: three big-endian 32-bit numbers (level, chunks, bytes), then the data; and again."""

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from dred_conformance.upstream.errors import UpstreamError
from dred_conformance.upstream.record import Record, fault_of_field

__all__ = ["LARGEST_FILE", "iterate_records", "read_records", "write_records"]

HEADER = struct.Struct(">III")
FIELDS = ("q0", "chunks", "bytes")
FIELD_BYTES = 4
LARGEST_FILE = 1 << 26  # bytes that `read_records` keeps at once


def _exactly(file: BinaryIO, count: int, what: str, position: int, record: int) -> bytes:
    data = file.read(count)
    if len(data) < count:
        raise UpstreamError(
            f"{what} needs {count} bytes, and the file ends after {len(data)}", position, record
        )
    return data


def iterate_records(file: BinaryIO) -> Iterator[Record]:
    """Yield the records of an open file, one in memory at a time.

    Raises
    ------
    UpstreamError
        At the first field that is out of its range, and where a record is cut. Records before it are good.
    """
    position = index = 0
    while first := file.read(1):
        header = first + _exactly(file, HEADER.size - 1, "the rest of the header", position + 1, index)
        fields = HEADER.unpack(header)
        for number, (name, value) in enumerate(zip(FIELDS, fields, strict=True)):
            fault = fault_of_field(name, value)
            if fault is not None:
                raise UpstreamError(fault, position + FIELD_BYTES * number, index)
        q0, chunks, size = fields
        position += HEADER.size
        yield Record(q0, chunks, _exactly(file, size, "the data", position, index))
        position += size
        index += 1


def read_records(path: Path) -> list[Record]:
    """Return the records of a file; none, if it is empty.

    Raises
    ------
    UpstreamError
        The system refuses, the file is malformed, or it holds more than `LARGEST_FILE` bytes
        (`iterate_records` has no such limit).
    """
    records: list[Record] = []
    total = 0
    try:
        with path.open("rb") as file:
            for record in iterate_records(file):
                position, total = total, total + HEADER.size + len(record.data)
                if total > LARGEST_FILE:
                    raise UpstreamError(f"more than {LARGEST_FILE} bytes of records", position, len(records))
                records.append(record)
    except OSError as error:
        raise UpstreamError(f"{path} cannot be read: {error.strerror}") from error
    return records


def write_records(path: Path, records: Iterable[Record]) -> None:
    """Write a file that `read_records` reads back.

    Raises
    ------
    UpstreamError
        The system refuses.
    """
    try:
        with path.open("wb") as file:
            for record in records:
                file.write(HEADER.pack(record.q0, record.chunks, len(record.data)) + record.data)
    except OSError as error:
        raise UpstreamError(f"{path} cannot be written: {error.strerror}") from error
