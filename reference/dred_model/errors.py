"""
Errors of models.

A model comes from outside: an archive, a download, a folder somebody edited. Whatever is wrong with it is
told by one typed error that names the rule, the file or array at fault, and what to do next. No error of a
model ever leaves a half-imported model behind.
"""

from __future__ import annotations

RULES: dict[str, str] = {
    "M1": "truncated or unreadable",
    "M2": "larger than the limits allow",
    "M3": "unsafe path, link or special file",
    "M4": "array or file missing",
    "M5": "wrong shape or size",
    "M6": "hash mismatch",
    "M7": "bad format or value",
    "M8": "unknown model",
    "M9": "network failure",
}


class ModelError(Exception):
    """
    A model was refused.

    Parameters
    ----------
    rule : str
        ``M1`` to ``M9``, see `RULES`.
    message : str
        What is wrong, for a person.
    subject : str, optional
        The file, archive member, layer or array at fault.
    position : int, optional
        Byte offset in the file or member named by `subject`.
    advice : str, optional
        What to do next.
    """

    def __init__(
        self,
        rule: str,
        message: str,
        *,
        subject: str | None = None,
        position: int | None = None,
        advice: str | None = None,
    ) -> None:
        if rule not in RULES:
            raise ValueError(f"no such rule: {rule}")
        self.rule = rule
        self.message = message
        self.subject = subject
        self.position = position
        self.advice = advice
        super().__init__(str(self))

    def __str__(self) -> str:
        where = f" {self.subject}" if self.subject else ""
        if self.position is not None:
            where += f" (byte {self.position})"
        advice = f" {self.advice}" if self.advice else ""
        return f"{self.rule}{where}: {self.message}.{advice}"

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.rule, self.message, self.subject, self.position, self.advice))

    def as_dict(self) -> dict[str, object]:
        """Return the fields as the JSON outputs of the command line show them."""
        fields: dict[str, object] = {"rule": self.rule, "message": self.message}
        for key in ("subject", "position", "advice"):
            value = getattr(self, key)
            if value is not None:
                fields[key] = value
        return fields


def _rebuild(
    rule: str, message: str, subject: str | None, position: int | None, advice: str | None
) -> ModelError:
    return ModelError(rule, message, subject=subject, position=position, advice=advice)
