"""Which field of the input, and which bit, lies under the first difference of a case that did not pass."""

import re

from dred_conformance.report.reading import MapField, Reading
from dred_conformance.runner.verdict import Difference
from dred_conformance.vectors.case import Case

__all__ = ["Place", "place_of"]

Place = tuple[int | None, int | None]  # index of the field, bit; each may be unknown

# Members of a result that stand in the trace under another name.
_FIELDS = {
    "config": "toc.config",
    "stereo": "toc.stereo",
    "code": "toc.code",
    "consumed": "padding.length",
    "offset": "offset.low",
    "dred_end": "offset.low",
    "latents": "unread",
    "latent_count": "unread",
    "feature_count": "unread",
    "tell": "unread",
    "range": "unread",
    "samples": "unread",
}
_INDEX = re.compile(r"\[(\d+)\]")
_FRAME = re.compile(r"features, frame (\d+)")
_COUNT = " (number of"
_FRAMES_PER_LATENT = 4
_STEPS = ("values", "tells", "tell_fracs", "ranges")


def place_of(case: Case, reading: Reading, difference: Difference | None) -> Place:
    """Return the index of the field under the first difference, and its bit.

    Parameters
    ----------
    case
        The case.
    reading
        What the literal decoder read.
    difference
        The first difference; ``None`` if the case failed as a whole, such as by being accepted.

    Returns
    -------
    index, bit
        Bit 0 is the most significant bit of the first byte. Without a field the bit may still be known.
    """
    if difference is None or case.result == "invalid":
        return _at_fault(case, reading)
    if reading.of.startswith("expected."):
        return _in_written(reading, difference)
    path = difference.path.partition(" (")[0]
    if case.op == "extension":
        return _in_padding(reading, difference, path)
    if case.op == "range_decode":
        return _in_steps(reading, path)
    if case.op in ("latent", "feature"):
        return _in_values(reading, difference, path)
    return _in_symbols(reading, difference, path)


def _at_bit(reading: Reading, bit: int) -> Place:
    """Return the innermost field that covers a bit, or begins there without taking any."""
    covering = [
        index
        for index, field in enumerate(reading.fields)
        if field.start_bit <= bit < field.end_bit or field.start_bit == bit == field.end_bit
    ]
    return (covering[-1] if covering else None), bit


def _at_fault(case: Case, reading: Reading) -> Place:
    if case.error is not None and case.error.position is not None:
        return _at_bit(reading, 8 * case.error.position)
    return (None, None) if reading.fault_bit is None else _at_bit(reading, reading.fault_bit)


def _named(reading: Reading, name: str) -> Place:
    for index, field in enumerate(reading.fields):
        if field.name == name:
            return index, field.start_bit
    return None, None


def _first_named(reading: Reading, *names: str) -> Place:
    """Return the first of the names that was read."""
    places = (_named(reading, name) for name in names)
    return next((place for place in places if place[0] is not None), (None, None))


def _in_symbols(reading: Reading, difference: Difference, path: str) -> Place:
    """Return the place of a member of ``packet``, ``payload``, ``availability`` or of a header."""
    if path == "frame":  # of the extension that carries the DRED: told by its header
        return _before_payload(reading)
    if path == "frames":  # their number: the count byte of code 3, else the code
        return _first_named(reading, "count.frames", "toc.code")
    if path == "consumed":
        return _first_named(reading, "padding.length", "toc.code")
    if path == "latents" and _COUNT in difference.path and _is_smaller(difference):
        return _named(reading, f"latents[{difference.actual}][0]")
    return _named(reading, _FIELDS.get(path, path))


def _in_values(reading: Reading, difference: Difference, path: str) -> Place:
    """Return the symbol behind a dequantised value, or the latent behind a frame of features."""
    frame, index = _FRAME.match(difference.path), _INDEX.search(path)
    if frame is not None:
        return _named(reading, f"latents[{int(frame.group(1)) // _FRAMES_PER_LATENT}][0]")
    if index is None or not path.startswith("latents["):
        return _in_symbols(reading, difference, path)
    dimensions = sum(field.name.startswith("latents[0][") for field in reading.fields)
    latent, dimension = divmod(int(index.group(1)), dimensions + 1)  # the last value, the level, has none
    return _named(reading, f"latents[{latent}][{min(dimension, max(0, dimensions - 1))}]")


def _is_smaller(difference: Difference) -> bool:
    numbers = difference.actual, difference.expected
    return all(type(number) is int for number in numbers) and numbers[0] < numbers[1]


def _before_payload(reading: Reading) -> Place:
    payload = next((field.start_bit for field in reading.fields if field.source == "payload"), None)
    if payload is None:
        return None, None
    headers = [
        index
        for index, field in enumerate(reading.fields)
        if field.source == "padding" and field.name == "id" and field.start_bit < payload
    ]
    return (headers[-1], reading.fields[headers[-1]].start_bit) if headers else (None, None)


def _in_steps(reading: Reading, path: str) -> Place:
    member, index = path.partition("[")[0], _INDEX.search(path)
    if member not in _STEPS or index is None:
        return None, None
    step = f"steps[{index.group(1)}]"
    return _first_named(reading, step, f"{step}.raw")


def _in_padding(reading: Reading, difference: Difference, path: str) -> Place:
    bits = reading.extension_bits
    index = _INDEX.search(path)
    if index is not None:
        number = int(index.group(1))
    elif _COUNT in difference.path and _is_smaller(difference):
        number = int(difference.actual)  # the first extension that is missing
    else:
        return None, None
    if number >= len(bits):
        return None, None
    member = path.rpartition(".")[2]
    header = _header_of(reading.fields, bits[number])
    if member in ("id", "frame") and header is not None:
        return header, reading.fields[header].start_bit
    payload = [n for n, field in enumerate(reading.fields) if field.start_bit == bits[number]]
    found = payload[0] if payload else header
    return found, bits[number]


def _header_of(fields: tuple[MapField, ...], payload_bit: int) -> int | None:
    """Return the header byte of an extension; a repeated extension has none of its own."""
    for index, field in enumerate(fields):
        if field.name == "id" and field.note.partition(" extension")[0] in ("short", "long"):
            lacing = next((f for f in fields[index + 1 : index + 3] if f.name == "lacing"), None)
            end = field.start_bit + 8 if lacing is None else lacing.end_bit
            if end == payload_bit:
                return index
    return None


def _in_written(reading: Reading, difference: Difference) -> Place:
    """Return where two written strings of bytes part."""
    if difference.path != reading.of.removeprefix("expected."):
        return None, None
    try:
        actual = bytes.fromhex(difference.actual)
    except (TypeError, ValueError):
        return None, None
    for index, expected in enumerate(reading.data):
        other = actual[index] if index < len(actual) else None
        if other != expected:
            inside = 0 if other is None else 8 - (expected ^ other).bit_length()
            return _at_bit(reading, 8 * index + inside)
    return None, 8 * len(reading.data)
