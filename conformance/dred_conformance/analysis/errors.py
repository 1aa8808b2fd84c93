"""Why a file has no features."""

__all__ = ["AnalysisError"]


class AnalysisError(Exception):
    """A file of speech that cannot be analysed; the message says why and what to do.

    Attributes
    ----------
    is_usage : bool
        The file is not at fault: it is not there, or a package is missing, or something else was asked for
        that does not exist.
    """

    def __init__(self, message: str, *, is_usage: bool = False) -> None:
        super().__init__(message)
        self.is_usage = is_usage
