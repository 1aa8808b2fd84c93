"""What is wrong with a vector file of the working group, and where."""

__all__ = ["UpstreamError"]


class UpstreamError(Exception):
    """A vector file that cannot be read, or a record that cannot exist.

    Attributes
    ----------
    message : str
        What is wrong, in words.
    position : int or None
        Byte of the file where the field at fault begins; ``None`` for what comes from no file.
    record : int or None
        Number of the record, from 0.
    """

    def __init__(self, message: str, position: int | None = None, record: int | None = None) -> None:
        where = "" if record is None else f"record {record}: "
        at = "" if position is None else f" (byte {position})"
        super().__init__(f"{where}{message}{at}")
        self.message = message
        self.position = position
        self.record = record
