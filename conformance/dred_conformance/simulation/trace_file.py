"""Traces from text files: a line per packet, 0 or 1, or a delay in milliseconds."""

import math
from pathlib import Path

import numpy as np

from dred_conformance.simulation.errors import SimulationError
from dred_conformance.simulation.trace import LossTrace

__all__ = ["LARGEST_TRACE_FILE", "LONGEST_DELAY_MS", "read_trace"]

LARGEST_TRACE_FILE = 1 << 26  # bytes
LONGEST_DELAY_MS = 60_000.0
ARRIVAL_MARK = ".arrival_ms"
LOST_DELAY = -1.0
_SHOWN = 40  # characters of a line at fault


def read_trace(path: Path) -> LossTrace:
    """Read a trace.

    Parameters
    ----------
    path
        Text with a number per line and packet; blank lines, and what follows a ``#``, are left out. Files
        with ``.arrival_ms`` in their names hold how much later than the fastest packet each arrived, in
        milliseconds, and -1 for lost ones; others 1 for lost packets and 0 for the rest.

    Raises
    ------
    SimulationError
        L2: unreadable, too large, no packet, another number or text.
    """
    lines = _text(path).splitlines()
    holds_delays = ARRIVAL_MARK in path.name
    read = _delay if holds_delays else _flag
    values = [
        read(content, f"{path}, line {number}")
        for number, line in enumerate(lines, 1)
        if (content := line.partition("#")[0].strip())
    ]
    if not values:
        raise SimulationError("L2", f"{path}: there is no packet in the file")
    found = np.array(values)
    if not holds_delays:
        return LossTrace.of_losses(found.astype(np.bool_))
    is_lost = found == LOST_DELAY
    return LossTrace(is_lost, np.where(is_lost, 0.0, found))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_TRACE_FILE + 1)
    except OSError as error:
        raise SimulationError("L2", f"{path}: cannot be read ({error.strerror})") from error
    if len(data) > LARGEST_TRACE_FILE:
        raise SimulationError(
            "L2", f"{path}: larger than {LARGEST_TRACE_FILE} bytes", "no trace is that long"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SimulationError("L2", f"{path}: no text, byte {error.start} is at fault") from error


def _flag(content: str, place: str) -> float:
    if content not in {"0", "1"}:
        raise SimulationError(
            "L2", f"{place}: {content[:_SHOWN]!r} is neither 0 nor 1",
            f"delays in milliseconds belong into files named NAME{ARRIVAL_MARK}.txt",
        )  # fmt: skip
    return float(content)


def _delay(content: str, place: str) -> float:
    try:
        value = float(content)
    except ValueError:
        value = math.nan
    if value != LOST_DELAY and not 0 <= value <= LONGEST_DELAY_MS:
        raise SimulationError(
            "L2", f"{place}: {content[:_SHOWN]!r} is no delay",
            f"there are 0 to {LONGEST_DELAY_MS:g} ms, and -1 for lost packets",
        )  # fmt: skip
    return value
