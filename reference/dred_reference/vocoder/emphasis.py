"""Pre-emphasis of speech that is given, and de-emphasis of speech that was made."""

import numpy as np

from dred_reference.analysis.spectrum import PRE_EMPHASIS
from dred_reference.clauses import clause
from dred_reference.vocoder.sizes import FloatArray

__all__ = ["DeEmphasis", "pre_emphasised"]


@clause("VOC-continuation")
def pre_emphasised(samples: FloatArray) -> FloatArray:
    """Return x(n) - 0.85 x(n - 1); the first one, whose past is not known, is 0."""
    return np.concatenate([[0.0], samples[1:] - PRE_EMPHASIS * samples[:-1]])


class DeEmphasis:
    """The inverse of pre-emphasis.

    Attributes
    ----------
    last : float
        The last sample that came out  # deemph_mem
    """

    def __init__(self) -> None:
        self.last = 0.0

    @clause("VOC-output")
    def process(self, samples: FloatArray) -> FloatArray:
        """Return y(n) + 0.85 times the output before."""
        output = []
        for sample in samples.tolist():
            self.last = sample + PRE_EMPHASIS * self.last
            output.append(self.last)
        return np.array(output)
