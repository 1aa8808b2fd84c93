"""The name and revision of a draft or RFC."""

import re

__all__ = ["month_number", "split_name"]

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


def month_number(name: str) -> int:
    """Return 1 to 12 for an English month name or its number, 0 for anything else."""
    name = name.strip().lower()
    if name in _MONTHS:
        return _MONTHS.index(name) + 1
    return int(name) if re.fullmatch(r"0?[1-9]|1[0-2]", name) else 0


def split_name(document: str) -> tuple[str, str]:
    """Split ``draft-name-07`` into its name and its revision."""
    match = re.fullmatch(r"(draft-[a-z0-9-]{1,200}?)(?:-(\d\d|latest))?", document.strip())
    return (match[1], match[2] or "") if match else ("", "")
