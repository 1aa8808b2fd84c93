"""Errors of reading a draft. Each says what is wrong with the file and what to give instead."""

__all__ = ["DraftError", "DraftFormatError", "DraftSizeError"]


class DraftError(Exception):
    """A draft cannot be read."""


class DraftFormatError(DraftError):
    """The file is neither RFCXML nor the text form of a draft or RFC."""


class DraftSizeError(DraftError):
    """The file is larger, deeper or fuller than any draft."""
