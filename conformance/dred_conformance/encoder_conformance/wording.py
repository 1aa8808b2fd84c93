"""Packet numbers and shares in the words of a finding."""

from collections.abc import Sequence

from dred_conformance.inspection.wording import count

__all__ = ["count", "packets", "share"]

_SHOWN = 5


def packets(numbers: Sequence[int]) -> str:
    """Return packet numbers as people read them, the first few of many."""
    shown = ", ".join(str(number) for number in numbers[:_SHOWN])
    more = f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else ""
    return f"packet {shown}" if len(numbers) == 1 else f"packets {shown}{more}"


def share(part: int, whole: int) -> str:
    """Return a share in percent."""
    return f"{100 * part / whole:.1f} %" if whole else "0 %"
