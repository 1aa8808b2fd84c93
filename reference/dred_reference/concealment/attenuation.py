"""How concealed speech that nobody described falls silent."""

from dred_reference.clauses import clause
from dred_reference.vocoder.sizes import FloatArray

__all__ = ["attenuated"]

ATTENUATION = (0.0, 0.0, -0.2, -0.2, -0.4, -0.4, -0.8, -0.8, -1.6, -1.6)
"""What is added to coefficient 0 of the n-th predicted frame in a row; 1 is 2.4 dB."""

LATER_ATTENUATION = -2.0  # more for each frame after these
LOWEST_LEVEL = -15.0  # of coefficient 0; that of silence is -12.5


@clause("PLC-attenuation")
def attenuated(features: FloatArray, predicted: int) -> FloatArray:
    """Return features that are softer the longer nothing was known; coefficient 0 is -15 at least.

    Parameters
    ----------
    features : array of float64, shape (20,)
    predicted : int
        How many frames in a row were predicted, with this one; 0 where the features are known  # loss_count
    """
    last = len(ATTENUATION) - 1
    change = ATTENUATION[min(predicted, last)] + LATER_ATTENUATION * max(0, predicted - last)
    softer = features.copy()
    softer[0] = max(LOWEST_LEVEL, softer[0] + change)
    return softer
