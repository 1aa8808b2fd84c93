"""``dred bench rates``: what the levels of quantisation buy, by rule and by budget."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dred_conformance.cli.files import write_bytes_whole
from dred_conformance.cli.model_options import DEFAULT_MODEL
from dred_conformance.comparison.errors import MissingPackageError
from dred_conformance.differential.built_payloads import native_model
from dred_conformance.encoding import StreamError
from dred_conformance.encoding.model import encoder_model
from dred_conformance.encoding.rate_models import rate_model
from dred_conformance.rate_study.clips import analysed_clips
from dred_conformance.rate_study.contest import FAMILIES, Contest, Standing
from dred_conformance.rate_study.errors_by_age import AGES_MS
from dred_model import ModelError, model_or_default
from dred_reference.errors import DredError
from dred_reference.redundancy.rate_model import ALL_AGES

__all__ = ["rates"]

SUFFIXES = (".wav", ".flac")
PLOT_SUFFIXES = (".png", ".svg", ".pdf")
USAGE_ERROR = 2


def _fail(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(USAGE_ERROR)


def _files(sources: list[Path]) -> list[Path]:
    found: list[Path] = []
    for source in sources:
        if source.is_dir():
            found += sorted(path for path in source.iterdir() if path.suffix.lower() in SUFFIXES)
        elif source.is_file():
            found.append(source)
        else:
            raise _fail(f"{source}: there is no such file or folder")
    if not found:
        raise _fail("there is no WAV or FLAC file in what was named")
    return found


def _budgets(text: str) -> list[float]:
    try:
        budgets = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise _fail(f"--budgets {text!r}: numbers with commas between them, such as 70,100") from error
    if not all(1 <= budget <= 1000 for budget in budgets):
        raise _fail("a budget is 1 to 1000 bytes")
    return budgets


def rates(
    speech: Annotated[list[Path], typer.Argument(help="WAV or FLAC files, or folders of them.")],
    budgets: Annotated[
        str, typer.Option(help="Bytes of range-coded data per packet, with commas.")
    ] = "70,100,140,180",
    model: Annotated[
        str | None, typer.Option(help=f"Model with encoder and decoder; {DEFAULT_MODEL}.")
    ] = None,
    every: Annotated[int, typer.Option(min=1, help="Judge one packet of so many.")] = 5,
    plot: Annotated[Path | None, typer.Option(help="Draw error and bits by age: .png, .svg or .pdf.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Compare the deployed ramp of quantiser levels, others, and our rate rule at the same budgets.

    Every packet carries 1.04 s. Errors are those of the decoded features against the features that were
    encoded; a clip counts from 1.04 s on.

    Example: dred bench rates ../shared/speech/eval --plot rates.png

    Exit code 0: measured; 2: wrong usage, or a clip or the model is missing or cannot be used.
    """
    files, wanted = _files(speech), _budgets(budgets)
    if plot is not None and (plot.suffix.lower() not in PLOT_SUFFIXES or not plot.absolute().parent.is_dir()):
        raise _fail(f"{plot}: the plot needs a folder that exists and one of {', '.join(PLOT_SUFFIXES)}")
    columns = (
        *(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()),
        TimeElapsedColumn(),
    )
    try:
        bundle = model_or_default(model)
        encoder = encoder_model(bundle)
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("analysing clips", total=len(files))
            clips = list(analysed_clips(files, encoder, lambda: progress.advance(task)))
            runs = progress.add_task("runs", total=None)
            contest = Contest(
                clips,
                native_model(bundle),
                encoder.tables,
                rate_model(bundle.name),
                every=every,
                advance=lambda: progress.advance(runs),
            )
            if not contest.packets:
                raise _fail("no clip is longer than 1.04 s")
            standings = [
                standing
                for budget in wanted
                for standing in (
                    *(contest.family(family, budget) for family in FAMILIES),
                    contest.chosen("even", budget, ALL_AGES),
                )
            ]
    except (ModelError, DredError, StreamError) as error:
        raise _fail(str(error)) from error
    said = f"{len(clips)} clips, {contest.packets} packets of 1.04 s, model {bundle.name}"
    if plot is not None:
        _draw(standings, said, plot)
    typer.echo(json.dumps([_in_json(each) for each in standings]) if as_json else _table(standings, said))


def _draw(standings: list[Standing], said: str, plot: Path) -> None:
    from dred_conformance.rate_study.plot import plot_contest  # noqa: PLC0415 - only who draws needs it

    try:
        write_bytes_whole(plot, plot_contest(standings, said, plot.suffix.lower().lstrip(".")))
    except (MissingPackageError, OSError) as error:
        raise _fail(str(error)) from error


def _in_json(standing: Standing) -> dict[str, Any]:
    outcome = standing.outcome
    return {
        "rule": standing.rule,
        "budget_bytes": standing.budget,
        "means": standing.means,
        "spends_budget": standing.is_spent,
        "bytes": outcome.mean_size,
        "total": outcome.total,
        "ages_ms": list(AGES_MS),
        "total_by_age": outcome.by_age(outcome.squares),
        "cepstral_rms_by_age": outcome.by_age(outcome.cepstral),
        "pitch_octaves_by_age": outcome.pitch_by_age,
        "pitch_octaves_from_400_ms": outcome.old_pitch,
        "start_bits": outcome.start_bits / outcome.packets,
        "bits_by_latent": (outcome.bits / outcome.packets).tolist(),
    }


def _table(standings: list[Standing], said: str) -> str:
    intervals = [f"{start}-{stop}" for start, stop in pairwise(AGES_MS)]
    header = [
        "budget",
        "rule",
        "with",
        "bytes",
        "total",
        "pitch 400+",
        *(f"total {each}" for each in intervals),
    ]
    header += [f"pitch {each}" for each in intervals]
    rows = [header, ["---"] * len(header)]
    for each in standings:
        outcome = each.outcome
        rows.append(
            [
                f"{each.budget:g}",
                each.rule,
                each.means,
                f"{outcome.mean_size:.1f}" + ("" if each.is_spent else " (!)"),
                f"{outcome.total:.3f}",
                f"{outcome.old_pitch:.3f}",
                *(f"{value:.2f}" for value in outcome.by_age(outcome.squares)),
                *(f"{value:.3f}" for value in outcome.pitch_by_age),
            ]
        )
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(
        [said, "", *lines, "", "(!) the rule cannot spend the budget with 1.04 s in every packet"]
    )
