"""The operations ``range_decode`` and ``range_encode``: the range coder step by step."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from request import MalformedRequestError

from dred_reference.errors import WriteError
from dred_reference.laplace import decode_laplace, encode_laplace
from dred_reference.payload import LARGEST_DATA, LARGEST_MAGNITUDE
from dred_reference.range_decoder import LARGEST_RAW_BITS, RangeDecoder
from dred_reference.range_encoder import RangeEncoder

__all__ = ["run_decoder", "run_encoder"]

LARGEST_TOTAL_BITS = 16
LARGEST_TOTAL = 1 << LARGEST_TOTAL_BITS
LARGEST_DECAY = 255 << 7  # the largest that a table of bytes can hold


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise WriteError("W1", "payload", message)


def _require_form(condition: bool, message: str) -> None:
    if not condition:
        raise MalformedRequestError(message)


def _total(total: int) -> int:
    _require(1 <= total <= LARGEST_TOTAL, f"a total of {total} is not 1 to {LARGEST_TOTAL}")
    return total


def _uint_total(total: int) -> int:
    _require(2 <= total <= 2**32 - 1, f"{total} values are not 2 to 2**32 - 1")
    return total


def _total_bits(bits: int) -> int:
    _require(1 <= bits <= LARGEST_TOTAL_BITS, f"{bits} is not 1 to {LARGEST_TOTAL_BITS}")
    return bits


def _raw_bits(bits: int) -> int:
    _require(0 <= bits <= LARGEST_RAW_BITS, f"{bits} raw bits are not 0 to {LARGEST_RAW_BITS}")
    return bits


def _interval(low: int, high: int, total: int) -> tuple[int, int]:
    _require(0 <= low < high <= total, f"an interval from {low} to {high} of {total}")
    return low, high


def _table(table: Any, bits: int) -> list[int]:
    is_table = isinstance(table, list) and all(type(entry) is int for entry in table)
    _require_form(is_table, "a table is a list of integers")
    falls = all(first >= second for first, second in pairwise(table))
    good = bool(table) and table[0] <= 1 << _total_bits(bits) and table[-1] == 0 and falls
    _require(good, "a table must fall to 0 from two to the power of its bits at most")
    return list(table)


def _laplace(p0: int, decay: int) -> tuple[int, int]:
    _require(0 <= p0 < 1 << 15 and 0 <= decay <= LARGEST_DECAY, f"Laplace parameters {p0} and {decay}")
    return p0, decay


def _arguments(step: Sequence[Any], count: int) -> list[Any]:
    """Return the arguments of a step: integers, but for the table of an icdf step."""
    arguments = list(step[1:])
    _require_form(len(arguments) == count, f"step {step[0]} takes {count} arguments")
    good = all(type(value) is int or (step[0] == "icdf" and type(value) is list) for value in arguments)
    _require_form(good, f"step {step[0]} takes integers")
    return arguments


def _decode_icdf(decoder: RangeDecoder, table: Any, bits: int) -> int:
    return decoder.decode_icdf(_table(table, bits), bits)


# Name of the step, number of its arguments, what it does. "decode", "decode_bin" and "update" come in pairs.
Decoding = tuple[int, Callable[..., int]]
DECODING: dict[str, Decoding] = {
    "bit_logp": (1, lambda decoder, logp: decoder.decode_bit_logp(_total_bits(logp))),
    "icdf": (2, _decode_icdf),
    "uint": (1, lambda decoder, total: decoder.decode_uint(_uint_total(total))),
    "bits": (1, lambda decoder, bits: decoder.decode_bits(_raw_bits(bits))),
    "laplace": (2, lambda decoder, p0, decay: decode_laplace(decoder, *_laplace(p0, decay))),
}


def _decode_step(decoder: RangeDecoder, step: Sequence[Any], due: tuple[int, int]) -> tuple[int, int]:
    """Run one step; return its value, and the total of the update that is due next (0: none is)."""
    name = step[0]
    open_value, open_total = due
    _require((name == "update") == (open_total > 0), "update follows decode or decode_bin, and only them")
    if name == "update":
        low, high, total = _arguments(step, 3)
        _require(total == open_total, f"update with a total of {total} after {open_total}")
        _require(low <= open_value < high, f"update to {low}..{high} after decoding {open_value}")
        decoder.update(*_interval(low, high, total), total)
        return 0, 0
    if name == "decode":
        total = _total(_arguments(step, 1)[0])
        return decoder.decode(total), total
    if name == "decode_bin":
        bits = _total_bits(_arguments(step, 1)[0])
        return decoder.decode_bin(bits), 1 << bits
    _require_form(name in DECODING, f"there is no step {name}")
    count, run = DECODING[name]
    return run(decoder, *_arguments(step, count)), 0


def run_decoder(data: bytes, steps: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Answer ``range_decode``."""
    _require(len(data) <= LARGEST_DATA, f"more than {LARGEST_DATA} bytes")
    decoder = RangeDecoder(data)
    values, tells, tell_fracs, ranges = [], [], [], []
    value, open_total = 0, 0
    for step in steps:
        value, open_total = _decode_step(decoder, step, (value, open_total))
        values.append(value)
        tells.append(decoder.tell())
        tell_fracs.append(decoder.tell_frac())
        ranges.append(decoder.range_size)
    _require(open_total == 0, "the last decode has no update")
    states = {"tells": tells, "tell_fracs": tell_fracs, "ranges": ranges}
    return {"values": values, **states, "uint_error": decoder.uint_error}


def _encode(encoder: RangeEncoder, low: int, high: int, total: int) -> None:
    encoder.encode(*_interval(low, high, _total(total)), total)


def _encode_bin(encoder: RangeEncoder, low: int, high: int, bits: int) -> None:
    encoder.encode_bin(*_interval(low, high, 1 << _total_bits(bits)), bits)


def _encode_bit_logp(encoder: RangeEncoder, bit: int, logp: int) -> None:
    _require(bit in (0, 1), f"a bit of {bit}")
    encoder.encode_bit_logp(bit, _total_bits(logp))


def _encode_icdf(encoder: RangeEncoder, symbol: int, table: Any, bits: int) -> None:
    checked = _table(table, bits)
    _require_form(type(symbol) is int, "a symbol is an integer")
    _require(0 <= symbol < len(checked), f"the table has no symbol {symbol}")
    encoder.encode_icdf(symbol, checked, bits)


def _encode_uint(encoder: RangeEncoder, value: int, total: int) -> None:
    _require(0 <= value < _uint_total(total), f"{value} is not 0 to {total - 1}")
    encoder.encode_uint(value, total)


def _encode_bits(encoder: RangeEncoder, value: int, bits: int) -> None:
    _require(0 <= value < 1 << _raw_bits(bits), f"{value} does not fit in {bits} bits")
    encoder.encode_bits(value, bits)


def _encode_laplace(encoder: RangeEncoder, value: int, p0: int, decay: int) -> None:
    _require(abs(value) <= LARGEST_MAGNITUDE, f"{value} is beyond {LARGEST_MAGNITUDE}")
    encode_laplace(encoder, value, *_laplace(p0, decay))


ENCODING: dict[str, tuple[int, Callable[..., None]]] = {
    "encode": (3, _encode),
    "encode_bin": (3, _encode_bin),
    "bit_logp": (2, _encode_bit_logp),
    "icdf": (3, _encode_icdf),
    "uint": (2, _encode_uint),
    "bits": (2, _encode_bits),
    "laplace": (3, _encode_laplace),
    "shrink": (1, RangeEncoder.shrink),
}


def run_encoder(size: int, steps: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Answer ``range_encode``."""
    _require(0 <= size <= LARGEST_DATA, f"a buffer of {size} bytes is not 0 to {LARGEST_DATA}")
    encoder = RangeEncoder(size)
    tells, tell_fracs, ranges = [], [], []
    for step in steps:
        _require_form(step[0] in ENCODING, f"there is no step {step[0]}")
        count, run = ENCODING[step[0]]
        run(encoder, *_arguments(step, count))
        tells.append(encoder.tell())
        tell_fracs.append(encoder.tell_frac())
        ranges.append(encoder.range_size)
    data = encoder.finish().hex()
    states = {"tells": tells, "tell_fracs": tell_fracs, "ranges": ranges}
    return {"data": data, **states, "overflow": encoder.overflow}
