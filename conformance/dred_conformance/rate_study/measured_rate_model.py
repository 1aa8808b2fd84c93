"""What an evaluation tells a rate rule about a model."""

from dred_reference.redundancy.rate_model import ANY_MODEL, MIDDLE_LEVEL, RateModel
from dred_training.outcomes import Outcome
from dred_training.ramps import CONSTANT

__all__ = ["measured_rate_model"]


def measured_rate_model(outcomes: list[Outcome], model: str) -> RateModel:
    """Return errors and bits of a model at its constant levels; there is no barrier.

    Parameters
    ----------
    outcomes
        At least those of the constant levels.
    model
        What the model is called there.
    """
    constant = {each.ramp: each for each in outcomes if each.model == model}
    levels = [constant[ramp] for ramp in CONSTANT]
    return RateModel(
        errors=tuple(level.total**2 for level in levels),
        unknown_error=ANY_MODEL.unknown_error,
        middle_bits=float(levels[MIDDLE_LEVEL].bits.mean()),
        barrier=None,
    )
