"""``dred conform-encoder``: judge what a DRED encoder sends."""

import json
import shlex
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

import dred_opus
from dred_conformance.cli.model_options import DEFAULT_MODEL, WIRE_OF_STREAM
from dred_conformance.cli.progress import shown_progress
from dred_conformance.cli.report_files import report_problem, write_reports
from dred_conformance.cli.stream_output import milliseconds
from dred_conformance.comparison.errors import MissingPackageError, SignalError
from dred_conformance.comparison.plot_frame import check_plot_path
from dred_conformance.encoder_conformance.clips import Clip, clips_of, signal_clips, speech_files
from dred_conformance.encoder_conformance.document import encoder_document
from dred_conformance.encoder_conformance.plot import plot_curves
from dred_conformance.encoder_conformance.reading import StreamReader
from dred_conformance.encoder_conformance.session import EncoderSession, StreamFile
from dred_conformance.encoder_conformance.signals import SIGNALS
from dred_conformance.encoder_conformance.sound import RATES, read_sound
from dred_conformance.encoder_conformance.template import PLACEHOLDERS, CommandTemplate, TemplateError
from dred_conformance.encoding.errors import StreamError
from dred_conformance.inputs import FORMATS
from dred_conformance.model_choice import ChoiceError, Reading, choose_reading, wire_to_read
from dred_conformance.report.terminal import print_report
from dred_conformance.runner.stopping import stopped_by_signals
from dred_model import ModelError
from dred_reference.errors import DredError
from dred_reference.wire import WireProfile

__all__ = ["conform_encoder"]

USAGE_ERROR = 2
_FILES = "Files of packets"
_EXECUTABLE = "An executable"
_SET_UP_ERRORS = (
    *(SignalError, MissingPackageError, TemplateError, StreamError, ModelError, ChoiceError, DredError),
    *(dred_opus.OpusNotBuiltError, OSError),
)


class _UsageError(Exception):
    """What the options ask for cannot be done."""


@dataclass(frozen=True)
class _Run:
    """What an executable is asked for."""

    template: CommandTemplate
    speech: tuple[Path, ...]
    rate: int
    channels: int
    bitrate: int
    redundancy_ms: int
    loss: int
    suffix: str
    timeout_s: float
    keep: Path | None

    @property
    def values(self) -> dict[str, str]:
        """What stands in the places of the command, but for the files."""
        return {
            "rate": str(self.rate),
            "channels": str(self.channels),
            "bitrate": str(self.bitrate),
            "kilobits": f"{self.bitrate / 1000:g}",
            "loss": str(self.loss),
            "dred_10ms": str(self.redundancy_ms // 10),
            "dred_ms": str(self.redundancy_ms),
        }


def _reader(wire: WireProfile | None, model: str | None) -> StreamReader:
    """Return a reader with what was named; without a word the first stream with DRED says what it needs."""

    def chosen(carried: WireProfile | None) -> Reading:
        reading = choose_reading(carried, wire, model)
        if reading.missing:
            typer.echo(f"{reading.missing}; without it only headers of payloads are read", err=True)
        return reading

    first = chosen(None)
    return StreamReader(first.wire, first.bundle, chosen if wire is None and model is None else None)


def _stream_files(packets: list[Path], inputs: list[Path], rate: int, channels: int) -> list[StreamFile]:
    if inputs and len(inputs) != len(packets):
        raise _UsageError(
            f"{len(packets)} --packets and {len(inputs)} --input: give one to each, in the same "
            "order, or none"
        )
    missing = next((path for path in packets if not path.is_file()), None)
    if missing is not None:
        raise _UsageError(f"{missing}: there is no such file")
    if not inputs:
        return [StreamFile(path, None, None) for path in packets]
    return [
        StreamFile(path, source, read_sound(source, rate, channels))
        for path, source in zip(packets, inputs, strict=True)
    ]


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Give the folder for the files of a run, which are gone afterwards unless they are kept."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="dred-encoder-") as name:
        yield Path(name)


def _judge_clips(session: EncoderSession, run: _Run, folder: Path) -> None:
    paths = speech_files(run.speech) if run.speech else []
    clips: Iterator[Clip] = (
        clips_of(paths, run.rate, run.channels) if paths else signal_clips(run.rate, run.channels)
    )
    with stopped_by_signals(session.stop), shown_progress(len(paths) or len(SIGNALS)) as progress:
        session.progress = progress
        for clip in clips:
            session.judge_clip(run.template, clip, run.values, folder, run.suffix, run.timeout_s)


def _judge_files(session: EncoderSession, files: list[StreamFile], container: str | None) -> None:
    with stopped_by_signals(session.stop), shown_progress(len(files)) as progress:
        session.progress = progress
        for file in files:
            session.judge_file(file, container)


def _checked_choice(value: str, choices: tuple[str, ...], what: str) -> str:
    if value not in choices:
        raise _UsageError(f"there is no {what} {value!r}; there are {', '.join(choices)}")
    return value


def conform_encoder(
    packets: Annotated[
        list[Path] | None,
        typer.Option(help="opus_demo .bit or Ogg .opus (repeatable).", rich_help_panel=_FILES),
    ] = None,
    inputs: Annotated[
        list[Path] | None,
        typer.Option(
            "--input", help="What each was made from: WAV, FLAC, raw int16.", rich_help_panel=_FILES
        ),
    ] = None,
    decoded: Annotated[
        bool,
        typer.Option(
            "--decoded",
            help="Without an input, compare with the decoded main stream (needs libopus).",
            rich_help_panel=_FILES,
        ),
    ] = False,
    container: Annotated[
        str | None,
        typer.Option("--format", help="Format of the files; found out if left out.", rich_help_panel=_FILES),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option(
            help=f"Command with places: {', '.join('{' + name + '}' for name in PLACEHOLDERS)}.",
            rich_help_panel=_EXECUTABLE,
        ),
    ] = None,
    speech: Annotated[
        list[Path] | None,
        typer.Option(
            help="Folder or file of speech (repeatable); test signals if left out.",
            rich_help_panel=_EXECUTABLE,
        ),
    ] = None,
    rate: Annotated[
        int,
        typer.Option(help="Sampling rate of {input}, or of raw --input, in Hz.", rich_help_panel=_EXECUTABLE),
    ] = 48000,
    channels: Annotated[
        int, typer.Option(min=1, max=2, help="Its channels.", rich_help_panel=_EXECUTABLE)
    ] = 1,
    bitrate: Annotated[
        int, typer.Option(min=500, help="bit/s, for {bitrate}.", rich_help_panel=_EXECUTABLE)
    ] = 40000,
    redundancy: Annotated[
        str | None,
        typer.Option(
            help="Asked for, such as 1s or 400ms: for {dred_10ms} (1s), and to compare with.",
            rich_help_panel=_EXECUTABLE,
        ),
    ] = None,
    loss: Annotated[
        int, typer.Option(min=0, max=100, help="Percent, for {loss}.", rich_help_panel=_EXECUTABLE)
    ] = 20,
    output_format: Annotated[
        str, typer.Option(help="What {output} is: bit or opus.", rich_help_panel=_EXECUTABLE)
    ] = "bit",
    timeout: Annotated[
        float,
        typer.Option(
            min=0.01, max=86400.0, help="Longest run over a clip, in s.", rich_help_panel=_EXECUTABLE
        ),
    ] = 120.0,
    keep: Annotated[
        Path | None,
        typer.Option(help="Keep clips and packets in this folder, to inspect.", rich_help_panel=_EXECUTABLE),
    ] = None,
    lookahead: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=1000.0,
            help="How much earlier than its input the decoded stream starts, in ms; "
            "unless given, the pre-skip of an Ogg file, else 6.5.",
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            help="Model whose tables and networks are used; unless given, what DRED says; else "
            f"{DEFAULT_MODEL}."
        ),
    ] = None,
    wire: Annotated[str | None, typer.Option(help=WIRE_OF_STREAM)] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(help="Write a report (repeatable): .html, .json, .xml (JUnit) or .md by its suffix."),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Draw errors and bits by age: .png, .svg or .pdf.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Judge what a DRED encoder sends: files of packets, or an executable.

    Example: dred conform-encoder --packets out.bit --input in.wav --report report.html

    Example: dred conform-encoder --encoder './opus_demo -e voip {rate} {channels} {bitrate} -loss {loss}
    -dred {dred_10ms} {input} {output}' --speech speech/ --redundancy 1s

    Example: dred conform-encoder --encoder 'dred encode {wav} {output} --bitrate {kilobits}'

    Exit code 0: every MUST that was judged is kept; 1: something failed; 2: wrong usage or nothing judged;
    130: interrupted by Ctrl-C, 143: by SIGTERM, both with a report of what was judged so far.
    """
    started = time.monotonic()
    reports = report or []
    problem = report_problem(reports)
    try:
        if problem is not None:
            raise _UsageError(problem)
        if plot is not None:
            check_plot_path(plot)
        if (encoder is None) == (not packets):
            raise _UsageError("give --packets FILE (with --input FILE), or --encoder COMMAND")
        reader = _reader(wire_to_read(wire), model)
        if container is not None:
            _checked_choice(container, FORMATS, "format")
        asked_ms = None if redundancy is None else milliseconds(redundancy)
        if decoded:
            dred_opus.version()
        session = EncoderSession(reader, lookahead, asked_ms, decoded)
        command: list[str] = []
        if encoder is None:
            files = _stream_files(packets or [], inputs or [], rate, channels)
            _judge_files(session, files, container)
        else:
            if inputs or container is not None:
                raise _UsageError("--input and --format go with --packets; an executable gets --speech")
            if rate not in RATES:
                raise _UsageError(f"Opus knows no rate of {rate} Hz; there are {', '.join(map(str, RATES))}")
            template = CommandTemplate.parse(encoder)
            command = list(template.words)
            suffix = f".{_checked_choice(output_format, ('bit', 'opus'), 'output format')}"
            wanted_ms = 1000 if asked_ms is None else asked_ms
            run = _Run(
                template, tuple(speech or ()), rate, channels, bitrate, wanted_ms, loss, suffix, timeout, keep
            )
            session.asked_ms = float(wanted_ms)
            with _folder(keep) as folder:
                _judge_clips(session, run, folder)
        again = ["dred", *sys.argv[1:], *(["--keep", "FOLDER"] if command and keep is None else [])]
        _finish(session, command, shlex.join(again), started, reports, plot, as_json=as_json)
    except (_UsageError, *_SET_UP_ERRORS) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(USAGE_ERROR) from error


def _finish(
    session: EncoderSession,
    command: list[str],
    again: str,
    started: float,
    reports: list[Path],
    plot: Path | None,
    *,
    as_json: bool,
) -> None:
    """Write and print everything; leaves with the exit code."""
    bundle = session.reader.bundle
    document = encoder_document(
        session.judged,
        session.runs,
        command=command,
        again=again,
        wire=session.reader.wire.name,
        model=None if bundle is None else bundle.name,
        seconds=time.monotonic() - started,
        by_signal=session.stop.signal,
    )
    all_written = write_reports(document, reports)
    if plot is not None:
        plot_curves(document, plot)
    if as_json:
        typer.echo(json.dumps(document))
    else:
        _print(document)
        written = [*reports, *([] if plot is None else [plot])]
        if all_written and written:
            typer.echo(f"written: {', '.join(str(path) for path in written)}")
    raise typer.Exit(document["summary"]["exit_code"] if all_written else USAGE_ERROR)


def _print(document: dict[str, Any]) -> None:
    print_report(document, Console())
