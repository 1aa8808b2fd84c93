"""
DNNw blobs.

The binary form in which deployed software takes weights: records of a 64-byte header (magic, version,
element type, size, block size, name) and a payload filled up with zeros to a multiple of 64 bytes, all
little-endian.

The deployed reader looks arrays up by name and byte size and ignores magic, version and type. This one is
strict, because what it reads was written by an exporter: a record that breaks the format is an error with
its byte position.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from .errors import ModelError
from .limits import DEFAULT_LIMITS, Limits, check_limit
from .network import Array

MAGIC = b"DNNw"
HEADER = struct.Struct("<4siiii44s")
HEADER_BYTES = HEADER.size
ALIGNMENT = 64
NAME_BYTES = 44  # the last one must be NUL
CHUNK = 1 << 16

TYPES: dict[int, np.dtype[np.generic]] = {
    0: np.dtype("<f4"),
    1: np.dtype("<i4"),
    3: np.dtype("i1"),
}  # 2 (qweight) belongs to models older than version 12
TYPE_OF = {dtype: kind for kind, dtype in TYPES.items()}


@dataclass(frozen=True, eq=False)
class Record:
    """One array of a blob; `array` is None when it was skipped."""

    name: str
    array: Array | None
    position: int


def write_blob(arrays: Iterable[tuple[str, Array]]) -> bytes:
    """
    Write arrays as a DNNw blob.

    Parameters
    ----------
    arrays : iterable of (name, array)
        float32, int32 or int8 arrays, none of them empty.

    Returns
    -------
    blob : bytes
        The records in the given order.

    Raises
    ------
    ModelError
        M7 for a name or type that the format cannot hold, M5 for an empty array.
    """
    out = io.BytesIO()
    for name, array in arrays:
        raw_name = name.encode("ascii", "replace")
        if not name.isidentifier() or not name.isascii() or len(raw_name) >= NAME_BYTES:
            raise ModelError("M7", "the name does not fit a DNNw record", subject=name)
        kind = TYPE_OF.get(array.dtype.newbyteorder("<"))
        if kind is None:
            raise ModelError("M7", f"a DNNw record cannot hold {array.dtype}", subject=name)
        if array.size == 0:
            raise ModelError("M5", "a DNNw record cannot be empty", subject=name)
        payload = array.astype(TYPES[kind]).tobytes()
        block = -(-len(payload) // ALIGNMENT) * ALIGNMENT
        out.write(HEADER.pack(MAGIC, 0, kind, len(payload), block, raw_name))
        out.write(payload.ljust(block, b"\0"))
    return out.getvalue()


def read_blob(
    stream: BinaryIO,
    subject: str,
    *,
    wanted: Callable[[str], bool] = lambda _name: True,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[Record]:
    """
    Read the records of a DNNw blob one after the other.

    Parameters
    ----------
    stream : binary file
        The blob; it is read in pieces.
    subject : str
        Its name, for errors.
    wanted : callable
        Which arrays to keep; the payload of the others is skipped.
    limits : Limits
        Bounds for the blob and its arrays.

    Yields
    ------
    record : Record
        In the order of the blob.

    Raises
    ------
    ModelError
        M1, M2 or M7, with the byte position of the record or field.
    """
    position = 0
    seen: set[str] = set()
    while header := _read(stream, HEADER_BYTES):
        if len(header) < HEADER_BYTES:
            raise ModelError("M1", "the blob ends inside a record header", subject=subject, position=position)
        name, kind, size, block = _parse_header(header, subject, position)
        if name in seen:
            raise ModelError("M7", f"array {name} occurs twice", subject=subject, position=position)
        seen.add(name)
        check_limit(position + HEADER_BYTES + block, limits.blob_bytes, "the blob size", subject)
        check_limit(size // TYPES[kind].itemsize, limits.array_values, f"the size of {name}", subject)
        array = _payload(
            stream,
            name,
            TYPES[kind],
            size=size,
            block=block,
            subject=subject,
            position=position,
            keep=wanted(name),
        )
        yield Record(name, array, position)
        position += HEADER_BYTES + block
    if position == 0:
        raise ModelError("M1", "the blob is empty", subject=subject, position=0)


def _parse_header(header: bytes, subject: str, position: int) -> tuple[str, int, int, int]:
    magic, version, kind, size, block, raw_name = HEADER.unpack(header)

    def fail(offset: int, message: str) -> ModelError:
        return ModelError("M7", message, subject=subject, position=position + offset)

    if magic != MAGIC:
        raise fail(0, f"the record starts with {magic!r}, not {MAGIC!r}")
    if version != 0:
        raise fail(4, f"record version {version}, not 0")
    if kind not in TYPES:
        raise fail(8, f"element type {kind} is not one of {sorted(TYPES)}")
    if size <= 0 or size % TYPES[kind].itemsize:
        raise fail(12, f"payload size {size} is not a positive multiple of {TYPES[kind].itemsize}")
    if block != -(-size // ALIGNMENT) * ALIGNMENT:
        raise fail(16, f"block size {block} is not {size} rounded up to a multiple of {ALIGNMENT}")
    name, _, fill = raw_name.partition(b"\0")
    text = name.decode("ascii", "replace")
    if len(name) >= NAME_BYTES or any(fill) or not text.isidentifier() or not text.isascii():
        raise fail(20, "the name is not a C identifier closed and filled with NUL bytes")
    return text, kind, size, block


def _payload(
    stream: BinaryIO,
    name: str,
    dtype: np.dtype[np.generic],
    *,
    size: int,
    block: int,
    subject: str,
    position: int,
    keep: bool,
) -> Array | None:
    data = bytearray()
    left = block
    while left:
        piece = stream.read(min(left, CHUNK))
        if not piece:
            raise ModelError(
                "M1",
                f"array {name}: {left} of {block} bytes are missing",
                subject=subject,
                position=position + HEADER_BYTES + block - left,
            )
        left -= len(piece)
        if keep:
            data += piece
    if not keep:
        return None
    if any(data[size:]):
        raise ModelError(
            "M7",
            f"array {name}: the fill after the payload is not zero",
            subject=subject,
            position=position + HEADER_BYTES + size,
        )
    return np.frombuffer(bytes(data[:size]), dtype=dtype)


def _read(stream: BinaryIO, size: int) -> bytes:
    data = b""
    while len(data) < size and (piece := stream.read(size - len(data))):
        data += piece
    return data
