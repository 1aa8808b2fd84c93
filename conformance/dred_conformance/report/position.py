"""Which bit of the input lies under the first difference of a failed case."""

from dred_conformance.vectors.case import Case

__all__ = ["locate"]


def locate(case: Case, path: str) -> int | None:
    """Return the bit at which the reading of the member ``path`` begins, or ``None`` if it is not known.

    For packets and padding the bit counts from the start of the input; for payloads it is the range decoder's
    position (``tell``) before the symbol, counted from the first byte after the prefix.
    """
    del case, path
    return None
