"""The log of a training run as a picture."""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_conformance.comparison.packages import new_figure

__all__ = ["LOG_PARTS", "plot_training"]

LOG_PARTS = {
    "rate": "loss: rate",
    "distortion": "loss: distortion",
    "latent_bits": "bits per latent",
    "state_bits": "bits per state",
    "cepstrum": "error of the cepstrum",
    "pitch": "pitch error (octaves)",
    "correlation": "error of the correlation",
    "gradient": "norm of the gradient",
}
_LEVELS_SHOWN = (0, 4, 8, 12, 15)
_POINTS = 400  # of a smoothed line
_DPI = 70


def plot_training(entries: list[dict[str, Any]], suffix: str, *, title: str = "") -> bytes:
    """Draw a log: each part of the loss, smoothed over the raw line, and how many dimensions are coded.

    Parameters
    ----------
    entries
        Of `dred_training.rdovae.run_log.read_log`; what an entry lacks is left out.
    suffix
        ``png``, ``svg`` or ``pdf``.

    Raises
    ------
    MissingPackageError
        matplotlib is not installed.
    """
    figure = new_figure(12, 9)
    grid = figure.subplots(3, 3)
    for axes, (name, label) in zip(grid.flat, LOG_PARTS.items(), strict=False):
        steps, values = _series(entries, name)
        axes.plot(steps, values, color="tab:blue", alpha=0.25, linewidth=0.6)
        axes.plot(*_smoothed(steps, values), color="tab:blue", linewidth=1.4)
        if values.size and (values > 0).all():
            axes.set_yscale("log")
        axes.set_title(label, fontsize=10)
    axes = grid.flat[len(LOG_PARTS)]
    for level in _LEVELS_SHOWN:
        alive = [(each["step"], each["alive"][level]) for each in entries if _has_levels(each)]
        axes.plot([step for step, _ in alive], [count for _, count in alive], label=f"level {level}")
    axes.set_title("latent dimensions coded", fontsize=10)
    axes.legend(fontsize=8)
    for each in grid.flat:
        each.grid(alpha=0.25)
        each.set_xlabel("step", fontsize=8)
        each.tick_params(labelsize=8)
    if title:
        figure.suptitle(title, fontsize=11)
    buffer = io.BytesIO()
    figure.savefig(buffer, format=suffix, dpi=_DPI, metadata={"Date": None} if suffix == "svg" else None)
    return buffer.getvalue()


def _has_levels(entry: dict[str, Any]) -> bool:
    alive = entry.get("alive")
    return isinstance(alive, list) and len(alive) > max(_LEVELS_SHOWN)


def _series(entries: list[dict[str, Any]], name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    pairs = [
        (float(each["step"]), float(each[name]))
        for each in entries
        if isinstance(each.get(name), int | float) and np.isfinite(each[name])
    ]
    array = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    return array[:, 0], array[:, 1]


def _smoothed(
    steps: NDArray[np.float64], values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return means of neighbours, about a hundredth of the run at a time."""
    width = max(1, len(values) // 100)
    if len(values) < 2 * width:
        return steps, values
    kernel = np.full(width, 1 / width)
    smooth = np.convolve(values, kernel, mode="valid")
    middle = np.convolve(steps, kernel, mode="valid")
    chosen = np.unique(np.linspace(0, len(smooth) - 1, _POINTS).astype(int))
    return middle[chosen], smooth[chosen]
