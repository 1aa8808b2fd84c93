"""All that is written when a run ends: results.csv, summary.json, pictures, the page."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_conformance.cli.files import write_bytes_whole, write_text_whole
from dred_conformance.simulation.errors import SimulationError
from dred_conformance.simulation.examples import Example, chosen_examples, longest_hole_s
from dred_conformance.simulation.html import ExamplePictures, html_page
from dred_conformance.simulation.output_folder import OutputFolder
from dred_conformance.simulation.packages import needed_package
from dred_conformance.simulation.plots import quality_plot, spectrogram_plot, timeline_plot
from dred_conformance.simulation.schemes import Scheme
from dred_conformance.simulation.summary import Campaign
from dred_conformance.simulation.tables import results_csv

__all__ = ["write_report"]

_PICTURED = (
    "clean",
    "classic",
    "neural",
    "dred",
    "dred+lbrr",
)  # schemes in spectrograms, as far as they were run


def write_report(
    campaign: Campaign,
    summary: Mapping[str, Any],
    identity: Mapping[str, Any],
    schemes: Sequence[Scheme],
    folder: OutputFolder,
    notice: Callable[[str], object],
) -> None:
    """Write the files.

    Parameters
    ----------
    notice
        Told what is left out for want of a package.

    Raises
    ------
    SimulationError
        L4: a file cannot be written.
    """
    try:
        write_text_whole(folder.root / "results.csv", results_csv(campaign))
        document = {**identity, **summary}
        write_text_whole(folder.root / "summary.json", json.dumps(document, indent=1, allow_nan=False) + "\n")
        plots, examples = _pictures(campaign, summary, identity, folder, notice)
        page = html_page(campaign, summary, identity, schemes, folder, plots, examples)
        write_text_whole(folder.root / "index.html", page)
    except OSError as error:
        raise SimulationError("L4", f"{folder.root}: cannot be written ({error.strerror})") from error


def _pictures(
    campaign: Campaign,
    summary: Mapping[str, Any],
    identity: Mapping[str, Any],
    folder: OutputFolder,
    notice: Callable[[str], object],
) -> tuple[dict[str, bytes], list[ExamplePictures]]:
    examples = chosen_examples(campaign)
    try:
        needed_package("matplotlib", "plot", "pictures")
    except SimulationError as error:
        notice(f"{error}: no pictures")
        return {}, [ExamplePictures(example, b"", b"") for example in examples]
    folder.make("plots")
    plots = {figure.name: quality_plot(summary, figure, campaign.conditions) for figure in campaign.figures}
    for name, picture in plots.items():
        write_bytes_whole(folder.root / folder.plot(f"quality-{name}"), picture)
    pictured = []
    frame_ms = identity["settings"]["frame_ms"]
    for number, example in enumerate(examples, 1):
        timeline = timeline_plot(example.results, frame_ms)
        spectrogram = _spectrogram(example, identity["settings"], folder)
        for kind, picture in (("timeline", timeline), ("spectrogram", spectrogram)):
            if picture:
                write_bytes_whole(folder.root / folder.plot(f"{kind}-{number}"), picture)
        pictured.append(ExamplePictures(example, timeline, spectrogram))
    return plots, pictured


def _spectrogram(example: Example, settings: Mapping[str, Any], folder: OutputFolder) -> bytes:
    first = next(iter(example.results.values()))
    hole = longest_hole_s(first["lost"], settings["frame_ms"])
    if hole is None or not folder.has_audio:
        return b""
    places = {
        scheme: folder.root / folder.heard(example.clip, example.condition, scheme)
        for scheme in _PICTURED
        if scheme in example.results
    }
    signals = {scheme: _sound(place.read_bytes()) for scheme, place in places.items() if place.is_file()}
    delay_s = first["delay_ms"] / 1000  # of the codec, which the files are without
    shown = (hole[0] - delay_s, hole[1] - delay_s)
    return spectrogram_plot(signals, settings["sampling_rate"], shown) if signals else b""


def _sound(data: bytes) -> NDArray[np.float64]:
    soundfile = needed_package("soundfile", "audio", "spectrograms")
    samples, _ = soundfile.read(io.BytesIO(data), dtype="float64")
    return np.asarray(samples)
