"""The annotation that joins code to the clauses it implements."""

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["clause"]

Annotated = TypeVar("Annotated", bound=Callable[..., Any])


def clause(*ids: str) -> Callable[[Annotated], Annotated]:
    """Mark a function or class as the implementation of clauses.

    Parameters
    ----------
    *ids : str
        Identifiers of the clause registry, such as ``"RFC6716-3.2.5-R5"``.

    Returns
    -------
    callable
        A decorator that sets ``__clauses__`` to the tuple of ids and changes nothing else.
    """

    def annotate(target: Annotated) -> Annotated:
        target.__clauses__ = ids  # type: ignore[attr-defined]
        return target

    return annotate
