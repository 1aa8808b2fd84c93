"""Why a stream cannot be written."""

__all__ = ["OutputError"]


class OutputError(Exception):
    """The container cannot be written here, or cannot hold the packets; the message says what to do."""
