"""What a receiver refuses."""

__all__ = ["ReceivingError"]


class ReceivingError(Exception):
    """Settings that do not go together, or a model or a library that is missing; the message says what to do.

    Attributes
    ----------
    rule : str
        S1: something that is needed is missing; S4: a setting is out of its range.
    """

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(f"{rule}: {message}")
        self.rule = rule
