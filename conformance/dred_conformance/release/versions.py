"""Versions of the vectors, and what a change asks of the next one."""

import enum
import re
from typing import NamedTuple

__all__ = ["Change", "Version"]

_FORM = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})")


class Change(enum.IntEnum):
    """How much a change means to those who use the vectors."""

    NONE = 0
    PATCH = 1  # words: no verdict of any decoder can change
    MINOR = 2  # more is judged: a decoder may fail what it was not asked before
    MAJOR = 3  # judged differently: a decoder that passed a case may fail it, or the other way round


class Version(NamedTuple):
    """A version of three numbers."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return ".".join(map(str, self))

    @classmethod
    def parse(cls, text: str) -> "Version | None":
        """Return the version that ``text`` is, or ``None``."""
        match = _FORM.fullmatch(text)
        return None if match is None else cls(*map(int, match.groups()))

    def after(self, change: Change) -> "Version":
        """Return the smallest version that may follow a change.

        Before 1.0.0 the middle number counts as the first, and the last as the other two.
        """
        if change is Change.NONE:
            return self
        if change is Change.MAJOR:
            return Version(0, self.minor + 1, 0) if self.major == 0 else Version(self.major + 1, 0, 0)
        if change is Change.MINOR and self.major > 0:
            return Version(self.major, self.minor + 1, 0)
        return Version(self.major, self.minor, self.patch + 1)
