"""The error of the native core."""

__all__ = ["DredError"]


class DredError(Exception):
    """An input that must be rejected, or an argument that cannot be written.

    Parameters
    ----------
    rule
        The rule id, ``R1`` to ``W2``.
    stage
        The stage that found it.
    position
        Byte offset in the input, ``None`` for arguments.
    message
        What is wrong, in a sentence.
    extensions
        Of an extension error: what was found before it, as ``(id, frame, payload)``.
    """

    rule: str
    stage: str
    position: int | None
    message: str
    extensions: tuple[tuple[int, int, bytes], ...]

    def __init__(
        self,
        rule: str,
        stage: str,
        position: int | None,
        message: str,
        extensions: tuple[tuple[int, int, bytes], ...] = (),
    ) -> None:
        super().__init__(rule, stage, position, message, extensions)
        self.rule = rule
        self.stage = stage
        self.position = position
        self.message = message
        self.extensions = extensions

    def __str__(self) -> str:
        where = "" if self.position is None else f" at byte {self.position}"
        return f"{self.rule}{where}: {self.message}"
