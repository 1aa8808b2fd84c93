"""What the page shows of the cases: details of failures, packed bit maps, and groups of the others."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from dred_conformance.report.case_entry import SHOWN_IN_FULL
from dred_conformance.report.document import group_of
from dred_conformance.report.values import json_text
from dred_conformance.report.wording import place_word
from dred_conformance.runner.verdict import Verdict

__all__ = ["CaseIndex", "compact_map", "detail_view", "groups_of", "in_turns"]

_LONGEST_TEXT = 1000  # characters of a request, an expected result or an answer
_LONGEST_VALUE = 240  # characters of the two values that differ
_SHOWN_BEFORE = 60  # of what is equal before they part


class CaseIndex:
    """The cases of a report, apart by whether they are shown in full; clauses become numbers to save room."""

    def __init__(self, report: Mapping[str, Any]) -> None:
        cited = dict.fromkeys(clause for case in report["cases"] for clause in case["clauses"])
        self.clause_ids = sorted(cited)
        numbers = {clause: str(number) for number, clause in enumerate(self.clause_ids)}
        cases = [
            {**case, "clause_numbers": " ".join(numbers[clause] for clause in case["clauses"])}
            for case in report["cases"]
        ]
        self.failures = [case for case in cases if Verdict(case["verdict"]) in SHOWN_IN_FULL]
        self.groups_with_maps = {group_of(case["id"]) for case in self.failures if "map" in case}
        self.others = [case for case in cases if Verdict(case["verdict"]) not in SHOWN_IN_FULL]


def in_turns(cases: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the order in which failures get their details: the first of every group, then the second, ..."""
    seen: Counter[str] = Counter()
    turns = []
    for number, case in enumerate(cases):
        group = group_of(case["id"])
        turns.append((seen[group], number))
        seen[group] += 1
    return [number for _, number in sorted(turns)]


def groups_of(cases: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the cases that did not fail by group of vectors, with their counts."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for case in cases:
        why = case["reason"] if case["verdict"] != Verdict.PASS else ""
        groups.setdefault((case["stage"], group_of(case["id"])), []).append({**case, "why": why})
    return [
        {"stage": stage, "name": name, "cases": found, "counts": Counter(case["verdict"] for case in found)}
        for (stage, name), found in groups.items()
    ]


def _parted(expected: Any, actual: Any) -> dict[str, Markup]:
    """Return the two values with the place marked where they part, if both are text."""
    texts = [value if isinstance(value, str) else json_text(value) for value in (expected, actual)]
    equal = 0
    if isinstance(expected, str) and isinstance(actual, str):
        pairs = enumerate(zip(expected, actual, strict=False))
        shorter = min(len(expected), len(actual))
        equal = next((index for index, (left, right) in pairs if left != right), shorter)
    return {name: _marked(text, equal) for name, text in zip(("expected", "actual"), texts, strict=True)}


def _marked(text: str, equal: int) -> Markup:
    start = max(0, equal - _SHOWN_BEFORE)
    before, rest = text[start:equal], text[equal : equal + _LONGEST_VALUE]
    head = "... " if start else ""
    more = f" ... ({len(text)} characters)" if len(text) > equal + _LONGEST_VALUE else ""
    if not rest:
        rest = "(nothing more)" if equal else "(empty)"
    if not equal:
        return escape(rest + more)
    return Markup("{}{}<mark>{}</mark>{}").format(head, before, rest, more)


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json_text(value)
    more = f"\n... ({len(text)} characters)"
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + more


def _figures(case: Mapping[str, Any]) -> list[dict[str, Any]]:
    expected = case.get("expected")
    limits = expected.get("tolerance", {}) if isinstance(expected, Mapping) else {}
    rows = []
    for name, value in case.get("figures", {}).items():
        limit = 0.0 if name == "wrong_values" else limits.get(name)
        over = value is not None and limit is not None and value > limit
        rows.append({"name": name, "value": value, "limit": limit, "over": over})
    return rows


def _under(case: Mapping[str, Any], clauses: Mapping[str, Any]) -> dict[str, Any] | None:
    found = case.get("map")
    if found is None or found["under"] is None:
        return None
    field = found["fields"][found["under"]]
    first, count = field["start_bit"], field["bits"]
    span = f"bits {first} to {first + count - 1}" if count > 1 else f"bit {first}"
    if count == 0:
        span = f"no whole bit of its own, at bit {first}"
    summary = clauses.get(field["clause"], {}).get("summary", "")
    shown = field["value"] if isinstance(field["value"], str) else json_text(field["value"])
    return {**field, "span": span, "summary": summary, "shown": shown}


def detail_view(case: Mapping[str, Any], clauses: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template of a failure needs beside the case itself."""
    difference = case.get("difference")
    return {
        "parted": None if difference is None else _parted(difference["expected"], difference["actual"]),
        "request": _text({"op": case["op"], **case.get("input", {})}),
        "expected": _text(case["expected"]) if "expected" in case else None,
        "answer": "(no answer that could be read)" if case.get("answer") is None else _text(case["answer"]),
        "figures": _figures(case),
        "under": _under(case, clauses),
        "place_word": place_word(case),
    }


def compact_map(case: Mapping[str, Any]) -> list[Any] | None:
    """Return the bit map as short as the script of the page takes it.

    A list of: the member, its size, the first byte shown, the bytes, the bit, the index of the field under
    it, how many fields were read, the sources, the clauses, the notes, and for each field its name, source,
    clause, first bit, number of bits, value and note; source, clause and note are indices.
    """
    found = case.get("map")
    if found is None or not found["hex"]:
        return None
    sources = list(dict.fromkeys(field["source"] for field in found["fields"]))
    clauses = list(dict.fromkeys(field["clause"] for field in found["fields"]))
    notes = list(dict.fromkeys(field.get("note", "") for field in found["fields"]))
    fields = [
        [
            *(field["name"], sources.index(field["source"]), clauses.index(field["clause"])),
            *(field["start_bit"], field["bits"], field["value"], notes.index(field.get("note", ""))),
        ]
        for field in found["fields"]
    ]
    head = [found[name] for name in ("of", "size", "first_byte", "hex", "bit", "under", "fields_read")]
    return [*head, sources, clauses, notes, fields]
