"""What can go wrong between a request and its answer."""

__all__ = [
    "AdapterDiedError",
    "AdapterFaultError",
    "AdapterTimeoutError",
    "LineTooLongError",
    "RunStoppedError",
    "UnaskedOutputError",
]


class AdapterFaultError(Exception):
    """The adapter did not answer one request with one line."""


class AdapterDiedError(AdapterFaultError):
    """The adapter ended, or closed its output, instead of answering."""


class AdapterTimeoutError(AdapterFaultError):
    """The adapter did not answer in time."""


class LineTooLongError(AdapterFaultError):
    """The adapter sent more than the largest line without a line feed."""


class UnaskedOutputError(AdapterFaultError):
    """The adapter wrote something that nobody had asked for yet."""


class RunStoppedError(Exception):
    """The run shall end; nobody waits for the answer any more."""
