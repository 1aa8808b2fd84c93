"""The errors of the libopus binding."""

__all__ = ["OpusError", "OpusNotBuiltError"]


class OpusNotBuiltError(ImportError):
    """The package was built where pkg-config found no libopus."""


class OpusError(Exception):
    """A refusal of libopus, or an argument that libopus must not see.

    Parameters
    ----------
    code
        The error code of libopus: -1 wrong argument, -2 buffer too small, -3 internal error, -4 corrupt
        packet, -5 not implemented, -6 invalid state, -7 no memory.
    message
        What is wrong, in a sentence.
    """

    code: int
    message: str

    def __init__(self, code: int, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.message} ({self.code})"
