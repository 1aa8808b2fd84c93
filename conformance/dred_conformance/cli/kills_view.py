"""Tables of the kill matrix and of a survey of mechanical changes."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from dred_conformance.mutants.account import Account

__all__ = ["print_matrix", "print_survey"]

_SHOWN = 20


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title)
    for column in columns:
        table.add_column(column)
    return table


def print_matrix(document: Mapping[str, Any], console: Console) -> None:
    """Print the seeded bugs by stage and what is wrong."""
    table = _table(
        "seeded bugs", "stage", "bugs", "caught", "by cases: least", "median", "most", "equivalent"
    )
    for stage, entry in document["stages"].items():
        counts = (entry["mutants"], entry["killed"], *entry["by_cases"], entry["equivalent"])
        table.add_row(stage, *(f"{count:g}" for count in counts))
    console.print(table)
    console.print(
        f"{document['cases_that_kill']} of {document['cases']} cases catch a bug; "
        f"{document['official_cases']} cases of the official model were asked",
        highlight=False,
    )
    for stage, entry in document["stages"].items():
        for name in entry["survivors"]:
            console.print(f"not caught without the official model: {stage} {name}", highlight=False)
        for name in entry["unmasked"]:
            console.print(f"argued to be no bug, but caught: {stage} {name}", highlight=False)
    for name in document["not_tried"]:
        console.print(f"not tried, for want of AVX2: {name}", highlight=False)
    for case in document["differing"][:_SHOWN]:
        console.print(f"other kills are written: {case}", highlight=False)
    if len(document["differing"]) > _SHOWN:
        console.print(f"and of {len(document['differing']) - _SHOWN} more cases", highlight=False)


def print_survey(account: Account, console: Console) -> None:
    """Print the changes by rule and by file, and every survivor."""
    for member in ("operator", "file"):
        table = _table(f"mechanical changes by {member}", member, "caught", "of")
        for name, (killed, total) in account.by(member).items():
            table.add_row(name, str(killed), str(total))
        console.print(table)
    for fate, said in (*account.equivalent, *account.unkilled):
        console.print(f"{said.verdict}: {fate.mutation.key}\n    {said.why}", highlight=False, markup=False)
    for fate in account.unexplained:
        place = f"{fate.mutation.file}:{fate.mutation.line}"
        console.print(f"UNEXPLAINED {place} {fate.mutation.key}", highlight=False, markup=False)
    console.print(
        f"{len(account.killed)} of {account.compiled - len(account.equivalent)} changes caught "
        f"({100 * account.rate:.1f} %), {len(account.equivalent)} equivalent, "
        f"{account.uncompiled} did not compile",
        highlight=False,
    )
