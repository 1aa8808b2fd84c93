"""Models side by side as a picture: error against bits, and by age along a ramp."""

import io
from typing import Any

import numpy as np

from dred_conformance.comparison.packages import new_figure

__all__ = ["plot_models"]

_SHOWN_RAMP = "6+3"
_LATENT_S = 0.04


def plot_models(outcomes: list[Any], suffix: str) -> bytes:
    """Draw outcomes of `dred train evaluate`, all models in one picture.

    Parameters
    ----------
    outcomes
        Of all models.
    suffix
        ``png``, ``svg`` or ``pdf``.

    Raises
    ------
    MissingPackageError
        matplotlib is not installed.
    """
    figure = new_figure(13, 8)
    grid = figure.subplots(2, 3)
    named = (("total", "total of the working group's metric"), ("pitch", "pitch error (octaves)"))
    for axes, (name, label) in zip(grid[0], (*named, ("voicing", "wrong voicing")), strict=True):
        for model in dict.fromkeys(each.model for each in outcomes):
            points = [each for each in outcomes if each.model == model and not each.ramp.dq]
            errors = [float(np.mean(getattr(each, name))) for each in points]
            axes.plot([each.bits_per_second for each in points], errors, "o-", label=model, markersize=3)
        axes.set_xlabel("bits of latents per second, levels 0 to 15")
        axes.set_ylabel(label)
        axes.set_xscale("log", base=2)
        axes.xaxis.set_major_formatter("{x:.0f}")
        axes.grid(alpha=0.25)
    grid[0][0].legend(fontsize=9)
    by_age = (("bits", "bits per latent"), ("cepstrum", "error of the cepstrum"), ("pitch", "pitch error"))
    for axes, (name, label) in zip(grid[1], by_age, strict=True):
        for each in outcomes:
            if each.ramp.name == _SHOWN_RAMP:
                values = getattr(each, name)
                axes.plot((np.arange(len(values)) + 0.5) * _LATENT_S, values, label=each.model)
        axes.set_xlabel(f"age (s), levels {_SHOWN_RAMP}")
        axes.set_ylabel(label)
        axes.grid(alpha=0.25)
    buffer = io.BytesIO()
    figure.savefig(buffer, format=suffix, dpi=80)
    return buffer.getvalue()
