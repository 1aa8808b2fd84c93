"""What can be wrong with a release."""

__all__ = ["ReleaseError"]


class ReleaseError(Exception):
    """A release cannot be made, opened or checked; nothing is written."""
