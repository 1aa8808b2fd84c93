"""The one error of this package."""


class InputError(Exception):
    """An input that cannot be read.

    Parameters
    ----------
    rule
        ``I1`` to ``I6``; the table stands in the docstring of the package.
    message
        What is wrong, in words.
    position
        Byte offset in the input, where there is one.
    advice
        What the user can do about it, or an empty string.
    """

    def __init__(self, rule: str, message: str, *, position: int | None = None, advice: str = "") -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.position = position
        self.advice = advice

    def __str__(self) -> str:
        where = "" if self.position is None else f" at byte {self.position}"
        advice = f" ({self.advice})" if self.advice else ""
        return f"{self.rule}{where}: {self.message}{advice}"
