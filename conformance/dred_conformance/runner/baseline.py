"""Known failures: a list of cases that may only shrink.

A text file with one case id per line. What follows ``#`` is a comment, and empty lines are allowed::

    # the decoder of our product 2.1
    packet-padding-1f0c92aa   # PROD-113: length byte 255 followed by 0
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Baseline", "BaselineError"]

_HEADING = """\
# Known failures of 'dred conform': one case id per line, a comment behind '#'.
# The list may only shrink: 'dred conform --baseline FILE --baseline-update' takes out what fails no more.
"""


class BaselineError(Exception):
    """A file of known failures cannot be read, or is not one."""


@dataclass(frozen=True)
class Baseline:
    """A list of known failures.

    Attributes
    ----------
    lines
        The file's lines.
    ids
        The ids in them.
    """

    lines: tuple[str, ...]
    ids: frozenset[str]

    @classmethod
    def of(cls, ids: Iterable[str]) -> "Baseline":
        """Return a new list of the given ids."""
        wanted = tuple(ids)
        return cls((*_HEADING.splitlines(), *wanted), frozenset(wanted))

    @classmethod
    def read(cls, path: Path) -> "Baseline":
        """Read a file.

        Raises
        ------
        BaselineError
            It cannot be read, a line holds more than one id, or an id stands there twice.
        """
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise BaselineError(f"{path}: is missing; --baseline-create makes it from this run") from error
        except (OSError, ValueError) as error:
            raise BaselineError(f"{path}: cannot be read as text ({error})") from error
        lines = tuple(text.splitlines())
        seen: dict[str, int] = {}
        for number, line in enumerate(lines, 1):
            words = _id_part(line).split()
            if len(words) > 1:
                raise BaselineError(
                    f"{path}:{number}: more than one word; one case id per line, then '# why'"
                )
            if words and words[0] in seen:
                raise BaselineError(f"{path}:{number}: {words[0]} stands in line {seen[words[0]]} already")
            seen.update((word, number) for word in words)
        return cls(lines, frozenset(seen))

    def without(self, ids: Collection[str]) -> "Baseline":
        """Return the list with the given ids taken out; all other lines stay as they are."""
        kept = tuple(line for line in self.lines if _id_part(line).strip() not in ids)
        return Baseline(kept, self.ids.difference(ids))

    @property
    def text(self) -> str:
        """The content of the file."""
        return "".join(f"{line}\n" for line in self.lines)


def _id_part(line: str) -> str:
    return line.partition("#")[0]
