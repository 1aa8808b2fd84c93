"""What can be wrong with a folder of vectors."""

from dataclasses import dataclass

__all__ = ["Problem", "VectorError"]


class VectorError(Exception):
    """A vector file is missing, damaged or not in its published form."""


@dataclass(frozen=True)
class Problem:
    """One thing that is not as published.

    Attributes
    ----------
    file
        Name of the file, relative to the folder of vectors.
    message
        What is wrong, and what to do.
    case
        The case, where it is one case's problem.
    """

    file: str
    message: str
    case: str | None = None

    def __str__(self) -> str:
        where = self.file if self.case is None else f"{self.file}: {self.case}"
        return f"{where}: {self.message}"

    def to_json(self) -> dict[str, str | None]:
        """Return it as JSON."""
        return {"file": self.file, "case": self.case, "message": self.message}
