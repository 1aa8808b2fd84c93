"""What can go wrong while vectors are generated."""

__all__ = ["GenerationError"]


class GenerationError(Exception):
    """The implementations disagree, or a case is not what it claims; nothing is written."""
