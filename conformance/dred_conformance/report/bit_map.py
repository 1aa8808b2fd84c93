"""The bit map of a case that did not pass: bytes and fields around the first difference."""

from pathlib import Path
from typing import Any

from dred_conformance.report.position import place_of
from dred_conformance.report.reading import MapField, Reading, read_case
from dred_conformance.runner.verdict import Difference
from dred_conformance.vectors.case import Case

__all__ = ["MOST_BYTES", "MOST_FIELDS", "bit_map"]

MOST_BYTES = 192
MOST_FIELDS = 400
_BYTES_BEFORE = 64  # of the window, before the first difference
_FIELDS_BEFORE = 150
_SHOWN_BYTES = 16


def _value(value: object) -> Any:
    if isinstance(value, bytes):
        more = "..." if len(value) > _SHOWN_BYTES else ""
        return value[:_SHOWN_BYTES].hex() + more
    return value if isinstance(value, bool | int | str) else None


def _field(field: MapField) -> dict[str, Any]:
    data: dict[str, Any] = {
        "name": field.name,
        "source": field.source,
        "clause": field.clause,
        "start_bit": field.start_bit,
        "bits": field.end_bit - field.start_bit,
        "value": _value(field.value),
    }
    if field.note:
        data["note"] = field.note
    return data


def _window(reading: Reading, bit: int | None) -> tuple[int, int]:
    """Return the first byte shown and the one behind the last."""
    size = len(reading.data)
    if size <= MOST_BYTES:
        return 0, size
    first = min(max(0, (bit or 0) // 8 - _BYTES_BEFORE), max(0, size - MOST_BYTES))
    return first, first + MOST_BYTES


def _shown(reading: Reading, window: tuple[int, int], under: int | None) -> list[int]:
    """Return which fields are shown: those that touch the window, and not too many of them."""
    first, last = 8 * window[0], 8 * window[1]
    touching = [
        index
        for index, field in enumerate(reading.fields)
        if index == under or (field.end_bit >= first and field.start_bit <= last)
    ]
    if len(touching) <= MOST_FIELDS:
        return touching
    middle = touching.index(under) if under is not None else 0
    start = min(max(0, middle - _FIELDS_BEFORE), len(touching) - MOST_FIELDS)
    return touching[start : start + MOST_FIELDS]


def _covered(fields: list[MapField], window: tuple[int, int], bit: int | None) -> tuple[int, int]:
    """Return the part of the window that the fields cover, where most fields had to be left out."""
    inside = [field for field in fields if 8 * window[0] <= field.start_bit <= 8 * window[1]]
    bits = [*(field.start_bit for field in inside), *(field.end_bit for field in inside)]
    bits += [] if bit is None else [bit, bit + 1]
    return max(window[0], min(bits) // 8), min(window[1], max(bits) // 8 + 1)


def bit_map(case: Case, difference: Difference | None, vectors: Path) -> dict[str, Any] | None:
    """Return the bit map; ``None`` where the case has no bytes.

    Parameters
    ----------
    case
        The case.
    difference
        Its first difference, if there is one.
    vectors
        The folder of the vectors, whose models are used.
    """
    reading = read_case(case, vectors)
    if reading is None:
        return None
    under, bit = place_of(case, reading, difference)
    first, last = window = _window(reading, bit)
    shown = _shown(reading, window, under)
    if len(shown) == MOST_FIELDS:
        first, last = _covered([reading.fields[index] for index in shown], window, bit)
    return {
        "of": reading.of,
        "size": len(reading.data),
        "first_byte": first,
        "hex": reading.data[first:last].hex(),
        "bit": bit,
        "under": None if under is None else shown.index(under),
        "fields_read": len(reading.fields),
        "fields": [_field(reading.fields[index]) for index in shown],
    }
