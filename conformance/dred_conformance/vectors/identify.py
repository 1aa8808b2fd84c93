"""Gives the cases of a group their ids."""

from typing import Any

from dred_conformance.vectors.canonical import case_id

__all__ = ["identified"]


def identified(group: dict[str, Any]) -> dict[str, Any]:
    """Return the group with every case's id set from its input, first in the case's members."""
    cases = [
        {"id": case_id(group["group"], case["input"]), **{k: v for k, v in case.items() if k != "id"}}
        for case in group["cases"]
    ]
    return {**group, "cases": cases}
