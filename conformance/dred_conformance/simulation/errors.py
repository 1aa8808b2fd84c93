"""The one error of this package."""

__all__ = ["SimulationError"]


class SimulationError(Exception):
    """A simulation that cannot be run, or not in this way.

    Parameters
    ----------
    rule
        ``L1`` to ``L5``; the table stands in the docstring of the package.
    message
        What is wrong, in words.
    advice
        What the user can do about it, or an empty string.
    """

    def __init__(self, rule: str, message: str, advice: str = "") -> None:
        super().__init__(rule, message, advice)  # all of them, so that the error survives another process
        self.rule = rule
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}" + (f" ({self.advice})" if self.advice else "")
