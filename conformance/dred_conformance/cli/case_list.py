"""The list of cases that a selection chooses."""

import json
from collections.abc import Sequence

import typer

from dred_conformance.vectors.case import Case

__all__ = ["print_cases"]


def print_cases(cases: Sequence[Case], *, as_json: bool) -> None:
    """Print one line for each case, or all as one JSON document."""
    if as_json:
        typer.echo(json.dumps({"selected": len(cases), "cases": [_entry(case) for case in cases]}))
        return
    width = max(len(case.id) for case in cases)
    for case in cases:
        typer.echo(f"{case.id:<{width}}  {case.comment}")
    typer.echo(f"{len(cases)} cases are selected", err=True)


def _entry(case: Case) -> dict[str, object]:
    return {
        "id": case.id,
        "stage": case.stage,
        "op": case.op,
        "clauses": list(case.clauses),
        "flags": list(case.flags),
        "strength": case.strength,
        "comment": case.comment,
    }
