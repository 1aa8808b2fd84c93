"""The one error of this package."""

__all__ = ["StreamError"]


class StreamError(Exception):
    """A stream that cannot be made.

    Parameters
    ----------
    rule
        ``S1`` to ``S6``; the table stands in the docstring of the package.
    message
        What is wrong, in words.
    advice
        What the user can do about it, or an empty string.
    """

    def __init__(self, rule: str, message: str, advice: str = "") -> None:
        super().__init__(f"{rule}: {message}" + (f" ({advice})" if advice else ""))
        self.rule = rule
        self.message = message
        self.advice = advice
