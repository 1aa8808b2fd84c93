"""Decisions as a log that can be read by eye, by a spreadsheet and by a plot."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from dred_reference.receiver import Decision

__all__ = ["SOURCES", "decision_rows", "log_csv", "log_json", "log_summary"]

SOURCES = ("regular", "lbrr", "dred", "concealment")
_COLUMNS = ("start_ms", "duration_ms", "source", "packet_ms", "feature")


def decision_rows(decisions: Iterable[Decision]) -> Iterator[dict[str, Any]]:
    """Yield a row for each decision; times are in milliseconds from the start of the stream."""
    for each in decisions:
        yield {
            "start_ms": each.start_48k / 48,
            "duration_ms": each.duration_48k / 48,
            "source": each.source,
            "packet_ms": None if each.packet_48k is None else each.packet_48k / 48,
            "feature": each.feature,
        }


def log_csv(decisions: Iterable[Decision]) -> str:
    """Return the log as comma-separated values, a line for each decision."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(decision_rows(decisions))
    return text.getvalue()


def log_json(decisions: Iterable[Decision]) -> str:
    """Return the log as a JSON array, a line for each decision."""
    return "[\n" + ",\n".join(json.dumps(row) for row in decision_rows(decisions)) + "\n]\n"


def log_summary(decisions: Iterable[Decision]) -> dict[str, float]:
    """Return how many milliseconds come from each source, and how long the longest hole is."""
    totals = dict.fromkeys(SOURCES, 0.0)
    longest = 0.0
    for is_hole, row in groupby(decisions, key=lambda each: each.source != "regular"):
        length = 0.0
        for each in row:
            totals[each.source] += each.duration_48k / 48
            length += each.duration_48k / 48
        if is_hole:
            longest = max(longest, length)
    return {f"{source}_ms": totals[source] for source in SOURCES} | {"longest_hole_ms": longest}
