"""The fields of operation ``range_decode``: one for every step, and one for the raw bits that it takes."""

from collections.abc import Callable, Sequence
from typing import Any

from dred_reference.laplace import decode_laplace
from dred_reference.range_decoder import RangeDecoder
from dred_reference.trace import Trace

__all__ = ["trace_steps"]

_CLAUSES = {
    "decode": "RFC6716-4.1.2-symbol",
    "update": "RFC6716-4.1.2-symbol",
    "decode_bin": "RFC6716-4.1.3.1-bin",
    "bit_logp": "RFC6716-4.1.3.2-logp",
    "icdf": "RFC6716-4.1.3.3-icdf",
    "uint": "RFC6716-4.1.5-uint",
    "bits": "RFC6716-4.1.4-raw",
    "laplace": "DRED-laplace-sign",
}
_CODED_BITS_OF_UINT = 8


def _update(decoder: RangeDecoder, low: int, high: int, total: int) -> int:
    decoder.update(low, high, total)
    return 0


_STEPS: dict[str, Callable[..., Any]] = {
    "decode": RangeDecoder.decode,
    "decode_bin": RangeDecoder.decode_bin,
    "update": _update,
    "bit_logp": RangeDecoder.decode_bit_logp,
    "icdf": RangeDecoder.decode_icdf,
    "uint": RangeDecoder.decode_uint,
    "bits": RangeDecoder.decode_bits,
    "laplace": decode_laplace,
}


def _raw_bits(name: str, arguments: Sequence[Any]) -> int:
    """Return how many of a step's bits are read from the end of the data."""
    if name == "bits":
        return int(arguments[0])
    if name == "uint":
        return max(0, (int(arguments[0]) - 1).bit_length() - _CODED_BITS_OF_UINT)
    return 0


def trace_steps(data: bytes, steps: Sequence[Sequence[Any]], trace: Trace) -> None:
    """Decode step by step and record each as ``steps[i]``, its raw bits as ``steps[i].raw``.

    Raw bits are read from the last byte on, least significant bit first, so the first of them is the last
    bit of the data.

    Parameters
    ----------
    data
        The range-coded data.
    steps
        The steps of a request that the protocol allows.
    trace
        Records the fields.
    """
    decoder = RangeDecoder(data)
    raw = 0
    for index, (name, *arguments) in enumerate(steps):
        start = decoder.tell() - 1 - raw
        value = _STEPS[name](decoder, *arguments)
        taken = _raw_bits(name, arguments)
        end = decoder.tell() - 1 - raw - taken
        label, clause = f"steps[{index}]", _CLAUSES[name]
        if name != "bits":
            trace.add(label, clause, start, max(start, end), value, name)
        if taken:
            high = 8 * len(data) - raw
            trace.add(f"{label}.raw", "RFC6716-4.1.4-raw", max(0, high - taken), max(0, high), value, name)
        raw += taken
