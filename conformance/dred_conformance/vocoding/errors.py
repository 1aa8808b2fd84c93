"""Why there is no speech."""

__all__ = ["VocodingError"]


class VocodingError(Exception):
    """A file of features that cannot be spoken; the message says why and what to do.

    Attributes
    ----------
    is_usage : bool
        The file is not at fault: it is not there, or a package is missing, or something else was asked for
        that does not exist.
    """

    def __init__(self, message: str, *, is_usage: bool = False) -> None:
        super().__init__(message)
        self.is_usage = is_usage
