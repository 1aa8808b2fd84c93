"""Checks one file of cases: schema, protocol, ids, clauses, flags, rules, models, arrays, canonical form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dred_conformance.protocol.operations import INFORMATIVE_STAGES, OPERATIONS
from dred_conformance.protocol.validation import request_problem
from dred_conformance.vectors.array_checks import array_problems
from dred_conformance.vectors.canonical import canonical_json, case_id
from dred_conformance.vectors.errors import Problem, VectorError
from dred_conformance.vectors.schemas import GROUP_SCHEMA, schema_problem
from dred_conformance.vectors.strict_json import parse_json, read_bytes

__all__ = ["Known", "group_problems"]


@dataclass(frozen=True)
class Known:
    """What a case may name: clause ids, rules, flags, models, seeded bugs."""

    clauses: frozenset[str]
    rules: frozenset[str]
    flags: frozenset[str]
    models: frozenset[str]
    bugs: frozenset[str]


def group_problems(path: Path, name: str, count: int, known: Known, seen: set[str]) -> Iterator[Problem]:
    """Yield what is wrong with one file of cases.

    Parameters
    ----------
    path
        The file.
    name
        Its name in the manifest, ``STAGE/GROUP.json``.
    count
        The number of cases in the manifest.
    known
        What the cases may name.
    seen
        The ids of all cases so far; those of this file are added.
    """
    try:
        content = read_bytes(path)
        data = parse_json(content, name)
        misfit = schema_problem(GROUP_SCHEMA, data)
    except VectorError as error:
        yield Problem(name, str(error).removeprefix(f"{name}: "))
        return
    if misfit is not None:
        yield _misfit(name, data, *misfit)
        return
    if f"{data['stage']}/{data['group']}.json" != name:
        yield Problem(name, f"holds the group '{data['group']}' of the stage '{data['stage']}'")
    if len(data["cases"]) != count:
        yield Problem(name, f"has {len(data['cases'])} cases, the manifest says {count}")
    for case in data["cases"]:
        for message in _case_problems(data, case, known, seen):
            yield Problem(name, message, case["id"])
        seen.add(case["id"])
    yield from array_problems(path, name, data)
    if content != canonical_json(data).encode():
        yield Problem(name, "is not in canonical form; run 'dred vectors fmt'")


def _misfit(name: str, data: Any, where: list[str | int], message: str) -> Problem:
    """Return a misfit with the schema under the id of its case, where there is one."""
    case = None
    if len(where) >= 2 and where[0] == "cases":
        entry = data["cases"][where[1]]
        given = entry.get("id") if isinstance(entry, Mapping) else None
        case = given if isinstance(given, str) and given.isprintable() else f"case {where[1]}"
        where = where[2:]
    place = "/".join(ascii(part).strip("'") for part in where)
    return Problem(name, f"{place}: {message}" if place else message, case)


def _case_problems(
    data: Mapping[str, Any], case: Mapping[str, Any], known: Known, seen: set[str]
) -> Iterator[str]:
    request = case["input"]
    if case["id"] != case_id(data["group"], request):
        yield "the id is not the tool's; run 'dred vectors fmt'"
    if case["id"] in seen:
        yield "the id occurs twice"
    if not case["comment"].isprintable():
        yield "the comment has characters that cannot be printed"
    for what, names, allowed in (
        ("clause", case["clauses"], known.clauses),
        ("flag", case["flags"], known.flags),
        ("rule", case.get("error", {}).get("rules", ()), known.rules),
        ("model", [request["model"]] if "model" in request else (), known.models),
        ("seeded bug", case["kills"], known.bugs),
    ):
        for unknown in (name for name in names if not isinstance(name, str) or name not in allowed):
            yield f"the {what} {ascii(unknown)[:80]} is unknown{_ADVICE[what]}"
    if (case.get("strength") == "informative") != (data["stage"] in INFORMATIVE_STAGES):
        yield f"all cases of {' and '.join(INFORMATIVE_STAGES)} are informative, and no others"
    operation = OPERATIONS.get(request["op"])
    if operation is None or operation.stage != data["stage"]:
        yield f"the operation {ascii(request['op'])[:80]} is not of this stage"
        return
    problem = request_problem(request)
    if problem is not None:
        yield f"input: {problem}"


_ADVICE = {
    "clause": "; the registry is spec-notes/clauses",
    "flag": "; flags.json explains every flag",
    "rule": "; the rules are in spec-notes/rules.toml",
    "model": "; the manifest lists the models",
    "seeded bug": "; 'dred vectors kills --write' computes the kills",
}
