"""Why two signals cannot be compared."""

__all__ = ["ComparisonError", "MissingPackageError", "SignalError", "ThresholdError", "TruncatedError"]


class ComparisonError(Exception):
    """No figures can be given; the message says why and what to do."""


class SignalError(ComparisonError):
    """A file cannot be read, or a signal is no input for this metric."""


class ThresholdError(ComparisonError):
    """A threshold is negative or no number."""


class MissingPackageError(ComparisonError):
    """Something optional is asked for, and its package is not installed."""


class TruncatedError(ComparisonError):
    """The candidate is shorter than the reference: a failure of the candidate, not of its user.

    Attributes
    ----------
    unit : str
        What is counted: ``frames`` or ``samples``.
    reference_count, candidate_count : int
        How many there are.
    """

    def __init__(self, unit: str, reference_count: int, candidate_count: int) -> None:
        super().__init__(
            f"the candidate is truncated: {candidate_count} {unit}, the reference has {reference_count}"
        )
        self.unit = unit
        self.reference_count = reference_count
        self.candidate_count = candidate_count
