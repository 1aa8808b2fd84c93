"""The five spans of age over which bits and errors are told."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dred_conformance.inspection.dred_section import LATENT_MS

__all__ = ["AGE_EDGES_MS", "age_spans", "latent_ages_ms", "span_of"]

AGE_EDGES_MS = (0, 100, 200, 400, 700, 1040)
"""Age is the time back from the end of the newest coded speech, where the levels depend on it."""


def age_spans() -> list[tuple[int, int]]:
    """Return the spans, youngest first."""
    return list(pairwise(AGE_EDGES_MS))


def span_of(ages_ms: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the number of the span for each age; that of what is older than all is the number of spans."""
    return np.searchsorted(np.array(AGE_EDGES_MS[1:]), ages_ms, side="right")


def latent_ages_ms(latents: Sequence[object]) -> NDArray[np.float64]:
    """Return the age of the middle of each latent."""
    ages: NDArray[np.float64] = LATENT_MS * (np.arange(len(latents), dtype=np.float64) + 0.5)
    return ages
