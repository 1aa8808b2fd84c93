"""A picture of what was played when, and from which packets."""

import io
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from dred_conformance.encoding.optional import optional_package
from dred_conformance.receiving.log import SOURCES
from dred_reference.receiver import Decision

__all__ = ["timeline_picture"]

COLOURS = dict(zip(SOURCES, ("#b8c4d0", "#56b4e9", "#009e73", "#d55e00"), strict=True))  # Okabe and Ito
POINTS = 4000  # of the curve


def timeline_picture(
    envelope: NDArray[np.float64], decisions: Sequence[Decision], duration_48k: int, title: str
) -> bytes:
    """Return a PNG: the envelope of the output, where each piece comes from, how far ahead its packet is.

    Parameters
    ----------
    envelope : array of float64, shape (n,)
        Largest amplitude of equal parts of the output, full scale is 1.
    decisions : sequence of Decision
    duration_48k : int
    title : str

    Raises
    ------
    StreamError
        S1: matplotlib is not installed.
    """
    figures = optional_package("matplotlib.figure", "plot", "a picture")
    seconds = duration_48k / 48000
    picture = figures.Figure(figsize=(12, 5), layout="constrained")
    above, middle, below = picture.subplots(3, 1, sharex=True, height_ratios=(3, 1, 2))
    times = (np.arange(len(envelope)) + 0.5) * seconds / max(1, len(envelope))
    above.fill_between(times, -envelope, envelope, linewidth=0, color="#44546a")
    above.set_ylabel("amplitude")
    above.set_title(title)
    for source in SOURCES:
        own = [each for each in decisions if each.source == source]
        middle.broken_barh(_spans(own), (0, 1), facecolors=COLOURS[source], label=source)
        if source in {"dred", "lbrr"}:
            ahead = [((each.packet_48k or 0) - each.start_48k) / 48 for each in own]
            starts = [each.start_48k / 48000 for each in own]
            below.plot(starts, ahead, ".", color=COLOURS[source], markersize=4, label=source)
    middle.set_yticks([])
    middle.legend(loc="upper center", ncols=4, bbox_to_anchor=(0.5, -0.05), frameon=False)
    below.set_ylabel("repaired from\na packet so many\nms later")
    below.set_xlabel("seconds")
    below.grid(alpha=0.3)
    below.set_xlim(0, max(seconds, 1e-3))
    data = io.BytesIO()
    picture.savefig(data, format="png", dpi=110, metadata={"Software": ""})
    return data.getvalue()


def _spans(decisions: Iterable[Decision]) -> list[tuple[float, float]]:
    """Return start and length in seconds of what goes on without a break."""
    spans: list[tuple[int, int]] = []
    for each in decisions:
        if spans and spans[-1][1] == each.start_48k:
            spans[-1] = (spans[-1][0], each.end_48k)
        else:
            spans.append((each.start_48k, each.end_48k))
    return [(start / 48000, (end - start) / 48000) for start, end in spans]
