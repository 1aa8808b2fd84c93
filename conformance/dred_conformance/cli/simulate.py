"""``dred simulate``: schemes against packet loss, on clips, judged."""

import json
import math
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from dred_conformance.cli.model_options import DEFAULT_MODEL
from dred_conformance.cli.progress import shown_cases
from dred_conformance.cli.stream_output import milliseconds
from dred_conformance.encoding import StreamError
from dred_conformance.encoding.optional import system_opus
from dred_conformance.receiving import ReceivingError
from dred_conformance.runner.cluster import ClusterError
from dred_conformance.runner.faults import RunStoppedError
from dred_conformance.runner.stopping import Stop, stopped_by_signals
from dred_conformance.simulation.campaign import Plan, run_plan
from dred_conformance.simulation.clips import found_clips
from dred_conformance.simulation.conditions import Condition, from_file, from_gilbert, from_loss_model
from dred_conformance.simulation.errors import SimulationError
from dred_conformance.simulation.output_folder import OutputFolder
from dred_conformance.simulation.quality import METRICS, loaded_judges
from dred_conformance.simulation.report import write_report
from dred_conformance.simulation.schemes import SCHEMES, chosen_schemes, wire_between
from dred_conformance.simulation.settings import RunSettings
from dred_conformance.simulation.summary import summarised
from dred_conformance.simulation.tables import printed
from dred_model import ModelBundle, ModelError, default_model, find_model
from dred_reference.errors import DredError

__all__ = ["simulate"]

FAILED, USAGE_ERROR = 1, 2
DEFAULT_LOSSES = "5,10,20,30,40"
_NETWORKS = "Networks; all three may be given"
_RUN = "Run"


def simulate(
    clips: Annotated[
        list[Path], typer.Argument(metavar="CLIPS...", help="Speech: files (WAV, FLAC) or folders.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder of the results; a run goes on in it.")
    ],
    loss: Annotated[
        str | None,
        typer.Option(
            help="Lost packets in percent, by the loss model of the official model; without any network "
            f"{DEFAULT_LOSSES}.",
            rich_help_panel=_NETWORKS,
        ),
    ] = None,
    gilbert: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LOSS:BURST",
            help="Lost packets in percent and their mean number in a row (repeatable).",
            rich_help_panel=_NETWORKS,
        ),
    ] = None,
    trace: Annotated[
        list[Path] | None,
        typer.Option(
            help="A trace, a line per packet: 1 lost, 0 not; in NAME.arrival_ms.txt its delay in ms, "
            "-1 lost (repeatable).",
            rich_help_panel=_NETWORKS,
        ),
    ] = None,
    schemes: Annotated[
        str | None, typer.Option(help=f"Of {', '.join(SCHEMES)}; unless given all but the last.")
    ] = None,
    metrics: Annotated[
        str | None, typer.Option(help=f"Of {', '.join(METRICS)}; unless given those that are installed.")
    ] = None,
    bitrate: Annotated[float, typer.Option(help="Everything in the packets, in kb/s.")] = 40.0,
    frame: Annotated[float, typer.Option(help="Duration of a packet in ms.")] = 20.0,
    rate: Annotated[int, typer.Option(help="Of encoder and receiver in Hz: 16000, 24000, 48000.")] = 48000,
    redundancy: Annotated[str, typer.Option(help="Most speech that DRED repeats, up to 1.04s.")] = "1s",
    delay: Annotated[
        float | None, typer.Option(help="Of the receiver in ms; unless given it waits for redundancy.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of losses and intervals.")] = 0,
    model: Annotated[
        str | None, typer.Option(help=f"Model of DRED, concealment and losses; {DEFAULT_MODEL}.")
    ] = None,
    audio: Annotated[str, typer.Option(help="What was heard, as wav or flac.")] = "wav",
    no_audio: Annotated[bool, typer.Option("--no-audio", help="Keep no sound.")] = False,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=1, max=1024, help="Processes.", rich_help_panel=_RUN)
    ] = 1,
    scheduler: Annotated[
        str,
        typer.Option(
            help="Address of a Dask scheduler, such as tcp://host:8786, whose workers run the cases; they "
            "need this package in the same version with libopus, metrics and model.",
            rich_help_panel=_RUN,
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Simulate calls over networks that lose packets; compare schemes at equal total bitrate.

    Every clip is sent over every network with every scheme; all schemes meet the same losses. The folder gets
    a journal, what was heard, results.csv, summary.json, pictures and a page, index.html. A run that was
    stopped, or killed, goes on with the same command.

    For example:

    dred simulate speech/ -o out --loss 5,10,20 -j 4

    dred simulate a.wav b.flac -o out --gilbert 20:3 --schemes neural,dred --metrics plcmos --no-audio

    Exit code 0: all cases are done; 1: a clip or trace cannot be used, or a case failed; 2: wrong usage, or
    something is missing here; 130: interrupted by Ctrl-C, 143: by SIGTERM, both with a report of
    what is there.
    """
    if scheduler and jobs > 1:
        _fail("--jobs is for runs on this machine, without --scheduler")
    stop = Stop()
    with _refusals():
        bundle = default_model() if model is None else find_model(model)
        chosen, left_out = chosen_schemes(_names(schemes), bundle)
        for name, reason in left_out.items():
            _notice(f"left out: {name} needs {reason}")
        redundant = [scheme.name for scheme in chosen if scheme.receiving.dred]
        if redundant and bundle is not None and "fargan" not in bundle.networks:
            _notice(
                f"{', '.join(redundant)}: {bundle.name} has no vocoder, signal processing fills the holes"
            )
        judges = loaded_judges(_names(metrics), lambda reason: _notice(f"left out: {reason}"))
        settings = RunSettings(
            _bits_per_second(bitrate), frame, rate, milliseconds(redundancy), delay, seed,
            model or (bundle.name if bundle else ""), wire_between(bundle),
            metrics=tuple(judges), audio="none" if no_audio else audio,
        )  # fmt: skip
        system_opus()
        conditions = list(_conditions(loss, gilbert or [], trace or [], bundle))
        identity = "" if bundle is None else f"{bundle.name} {bundle.model_sha256[:16]}"
        plan = Plan(settings, found_clips(clips, settings.sampling_rate), conditions, chosen, identity)
        folder = OutputFolder(output, settings.audio)
        with stopped_by_signals(stop), shown_cases("simulating", plan.cases) as advance:
            campaign = run_plan(plan, folder, stop, advance, jobs=jobs, scheduler=scheduler)
        if campaign.results:
            summary = summarised(campaign)
            write_report(campaign, summary, plan.identity(), chosen, folder, _notice)
            if as_json:
                typer.echo(json.dumps({**plan.identity(), **summary}))
            else:
                printed(campaign, summary, Console())
                typer.echo(f"page: {output / 'index.html'}")
    if stop.reason:
        _notice(f"stopped after {len(campaign.results)} of {plan.cases} cases; the same command goes on")
        raise typer.Exit(128 + (stop.signal or signal.SIGINT))


def _conditions(
    loss: str | None, gilbert: list[str], traces: list[Path], bundle: ModelBundle | None
) -> Iterator[Condition]:
    if loss is None and not gilbert and not traces:
        loss = DEFAULT_LOSSES
    for text in _names(loss) or ():
        yield from_loss_model(_number(text, "--loss"), bundle)
    for text in gilbert:
        share, separator, burst = text.partition(":")
        yield from_gilbert(_number(share, "--gilbert"), _number(burst, "--gilbert") if separator else 1.0)
    for path in traces:
        yield from_file(path)


def _bits_per_second(kilobits: float) -> int:
    if not math.isfinite(kilobits):
        raise SimulationError("L3", f"--bitrate: {kilobits} kb/s")
    return round(1000 * kilobits)


def _names(text: str | None) -> list[str] | None:
    return None if text is None else [name for each in text.split(",") if (name := each.strip())]


def _number(text: str, option: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise SimulationError("L3", f"{option}: {text!r} is no number") from None


def _notice(message: str) -> None:
    typer.echo(message, err=True)


def _fail(message: str, code: int = USAGE_ERROR) -> NoReturn:
    _notice(message)
    raise typer.Exit(code)


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn errors into their message and an exit code."""
    try:
        yield
    except SimulationError as error:
        _fail(str(error), FAILED if error.rule in {"L2", "L5"} else USAGE_ERROR)
    except StreamError as error:
        _fail(str(error), FAILED if error.rule in {"S2", "S3"} else USAGE_ERROR)
    except RunStoppedError as error:
        _fail(f"{error}: nothing was run yet", 128 + signal.SIGINT)
    except (ReceivingError, ClusterError, ModelError, DredError, OSError) as error:
        _fail(str(error))
