"""DNNw blobs: what is written, what is refused, and where."""

import contextlib
import io
import struct
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dred_model import Limits, ModelBundle, ModelError
from dred_model.dnnw import Record, read_blob, write_blob

ARRAYS = [
    ("first_bias", np.array([1.5, -0.0, 3e38], dtype=np.float32)),
    ("second_weights_idx", np.array([0, -(1 << 31), 7], dtype=np.int32)),
    ("third_weights_int8", np.arange(-64, 64, dtype=np.int8)),
]


def read(blob: bytes, limits: Limits = Limits()) -> list[Record]:  # noqa: B008
    return list(read_blob(io.BytesIO(blob), "blob", limits=limits))


def refusal(blob: bytes, limits: Limits = Limits()) -> ModelError:  # noqa: B008
    with pytest.raises(ModelError) as caught:
        read(blob, limits)
    assert caught.value.subject == "blob"
    return caught.value


def record(
    *,
    magic: bytes = b"DNNw",
    version: int = 0,
    kind: int = 3,
    size: int = 32,
    block: int = 64,
    name: bytes = b"x",
    payload: bytes = bytes(64),
) -> bytes:
    return magic + struct.pack("<iiii", version, kind, size, block) + name.ljust(44, b"\0") + payload


def test_the_writer_writes_what_the_format_says(forms: SimpleNamespace) -> None:
    assert write_blob(ARRAYS) == forms.dnnw(ARRAYS)


def test_the_reader_gives_back_what_was_written(forms: SimpleNamespace) -> None:
    records = read(forms.dnnw(ARRAYS))
    assert [found.name for found in records] == [name for name, _ in ARRAYS]
    assert [found.position for found in records] == [0, 128, 256]
    for found, (_, array) in zip(records, ARRAYS, strict=True):
        assert found.array is not None
        assert found.array.dtype == array.dtype
        assert found.array.tobytes() == array.tobytes()


def test_unwanted_arrays_are_skipped(forms: SimpleNamespace) -> None:
    stream = io.BytesIO(forms.dnnw(ARRAYS))
    records = list(read_blob(stream, "blob", wanted=lambda name: name.startswith("second")))
    assert [found.array is None for found in records] == [True, False, True]


@pytest.mark.parametrize(
    ("blob", "rule", "position"),
    [
        (b"", "M1", 0),
        (record()[:63], "M1", 0),
        (record() + record(name=b"y")[:-1], "M1", 128 + 64 + 63),
        (record() + b"DNNw", "M1", 128),
        (record(magic=b"DNNW"), "M7", 0),
        (record(version=1), "M7", 4),
        (record(kind=2), "M7", 8),
        (record(kind=-1), "M7", 8),
        (record(size=0, block=0, payload=b""), "M7", 12),
        (record(size=-4), "M7", 12),
        (record(kind=0, size=30), "M7", 12),
        (record(size=65), "M7", 16),
        (record(size=64, block=128, payload=bytes(128)), "M7", 16),
        (record(block=-64), "M7", 16),
        (record(name=b"x" * 44), "M7", 20),
        (record(name=b"x\0y"), "M7", 20),
        (record(name=b"\xff"), "M7", 20),
        (record(name=b"9x"), "M7", 20),
        (record(name=b""), "M7", 20),
        (record(payload=bytes(32) + b"\1" + bytes(31)), "M7", 96),
        (record() + record(), "M7", 128),
    ],
)
def test_records_that_break_the_format(blob: bytes, rule: str, position: int) -> None:
    error = refusal(blob)
    assert (error.rule, error.position) == (rule, position)


def test_a_size_that_is_announced_is_not_believed() -> None:
    huge = record(size=(1 << 31) - 64, block=(1 << 31) - 64, payload=b"")
    assert refusal(huge).rule == "M2"
    assert refusal(record(), Limits(array_values=31)).rule == "M2"
    assert refusal(record(), Limits(blob_bytes=100)).rule == "M2"


@pytest.mark.parametrize(
    ("name", "array", "rule"),
    [
        ("x" * 44, np.zeros(1, np.int8), "M7"),
        ("a b", np.zeros(1, np.int8), "M7"),
        ("µ", np.zeros(1, np.int8), "M7"),
        ("x", np.zeros(1, np.float64), "M7"),
        ("x", np.zeros(0, np.int8), "M5"),
    ],
)
def test_what_cannot_be_written(name: str, array: np.ndarray, rule: str) -> None:
    with pytest.raises(ModelError) as caught:
        write_blob([(name, array)])
    assert caught.value.rule == rule


@given(data=st.data())
def test_no_changed_bytes_raise_anything_else(data: st.DataObject, small: ModelBundle) -> None:
    assert small.weights_blob is not None
    blob = bytearray(small.weights_blob[:4096])
    for _ in range(data.draw(st.integers(1, 8))):
        blob[data.draw(st.integers(0, len(blob) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(blob)))
    with contextlib.suppress(ModelError):
        read(bytes(blob[:cut]))
