"""``dred decode -o FILE.wav``: what a receiver plays."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from dred_conformance.cli.decode_request import AudioRequest, check_length, check_request
from dred_conformance.cli.files import write_bytes_whole, write_text_whole
from dred_conformance.encoding.errors import StreamError
from dred_conformance.inputs import InputError
from dred_conformance.model_choice import ChoiceError, Reading, choose_reading, dred_profile
from dred_conformance.receiving import ReceiverModel, ReceiverSettings, ReceivingError, receive_pieces
from dred_conformance.receiving.arrivals import TimedStream, read_timed_stream
from dred_conformance.receiving.audio_output import AUDIO_SUFFIXES, audio_output
from dred_conformance.receiving.log import log_csv, log_json, log_summary
from dred_conformance.receiving.timeline import POINTS, timeline_picture
from dred_conformance.simulation.errors import SimulationError
from dred_conformance.simulation.trace_file import read_trace
from dred_model import ModelError, default_model
from dred_reference.errors import DredError
from dred_reference.receiver import Decision

__all__ = ["AUDIO_SUFFIXES", "AudioRequest", "decode_audio"]

MALFORMED, USAGE_ERROR = 1, 2
FORMAT = "dred-reception/1"
LONGEST_NAME = 60  # in the title of a picture; the source may be a packet in hex


def decode_audio(request: AudioRequest) -> None:
    """Play a stream into a file, and tell what was played from where."""
    try:
        check_request(request)
        trace = None if request.loss is None else read_trace(request.loss)
        stream = read_timed_stream(request.source, request.container, trace)
        reading = _reading(request, stream)
        # Features mean the same in every model: who names none hears them by the best networks that are here.
        is_named = request.model is not None
        others = None if is_named or reading.bundle is None else default_model
        model = ReceiverModel.of(reading.bundle, others)
        document = _play(request, stream, reading, model)
    except InputError as error:
        raise _fail(str(error), USAGE_ERROR if error.rule == "I5" else MALFORMED) from error
    except (SimulationError, ReceivingError, StreamError, ModelError, ChoiceError, DredError) as error:
        raise _fail(str(error)) from error
    typer.echo(json.dumps(document) if request.as_json else _text(document))
    if document["malformed"]:
        raise typer.Exit(MALFORMED)


def _fail(message: str, code: int = USAGE_ERROR) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(code)


def _reading(request: AudioRequest, stream: TimedStream) -> Reading:
    """Choose by what came in; without the model that the stream needs there is still something to hear."""
    profiles = (dred_profile(arrival.packet) for arrival in stream.arrivals)
    carried = next((profile for profile in profiles if profile is not None), None)
    reading = choose_reading(carried, request.wire, request.model)
    if reading.missing and request.settings.dred and request.settings.concealment == "neural":
        typer.echo(f"{reading.missing}; without it DRED is not used", err=True)
    return reading


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _fail(f"{path}: cannot be written ({error.strerror or error})") from error


class _Envelope:
    """The largest amplitudes of the output, in parts of equal length."""

    def __init__(self, samples: int) -> None:
        self._peaks = np.zeros(min(POINTS, max(1, samples)))
        self._samples = max(1, samples)
        self._seen = 0

    def add(self, piece: NDArray[np.int16]) -> None:
        places = (self._seen + np.arange(len(piece))) * len(self._peaks) // self._samples
        self._seen += len(piece)
        np.maximum.at(
            self._peaks,
            np.minimum(places, len(self._peaks) - 1),
            np.abs(piece.astype(np.float64)).max(axis=1) / 32768,
        )

    @property
    def peaks(self) -> NDArray[np.float64]:
        return self._peaks


@contextmanager
def _shown_time(duration_48k: int) -> Iterator[Any]:
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    columns = (TextColumn("receiving"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("time", total=duration_48k)
        yield lambda end_48k: progress.update(task, completed=end_48k)


def _play(
    request: AudioRequest, stream: TimedStream, reading: Reading, model: ReceiverModel
) -> dict[str, Any]:
    channels = request.channels or stream.channels
    settings = replace(request.settings, channels=channels, wire=reading.wire.name)
    decisions: list[Decision] = []
    to_skip = settings.samples(stream.skip_48k)
    total = settings.samples(stream.duration_48k)
    check_length(request, total, channels)
    envelope, written = _Envelope(total), 0
    with _shown_time(stream.duration_48k) as advance:

        def note(decision: Decision) -> None:
            decisions.append(decision)
            advance(decision.start_48k)

        with (
            _writing(request.output),
            audio_output(request.output, settings.sampling_rate, channels) as writer,
        ):
            pieces = receive_pieces(stream.arrivals, stream.duration_48k, settings, model, note)
            for piece in pieces:
                envelope.add(piece)
                heard, to_skip = piece[to_skip:], max(0, to_skip - len(piece))
                writer.write(heard)
                written += len(heard)
    if request.log is not None:
        is_json = request.log.suffix.lower() == ".json"
        with _writing(request.log):
            write_text_whole(request.log, log_json(decisions) if is_json else log_csv(decisions))
    if request.timeline is not None:
        title = f"{_title(request.source)}: {stream.lost} of {stream.sent} packets lost"
        picture = timeline_picture(envelope.peaks, decisions, stream.duration_48k, title)
        with _writing(request.timeline):
            write_bytes_whole(request.timeline, picture)
    return {
        "format": FORMAT,
        "output": str(request.output),
        "sampling_rate": settings.sampling_rate,
        "channels": channels,
        "samples": written,
        "packets": stream.sent,
        "lost": stream.lost,
        "malformed": stream.malformed,
        "skipped_ms": stream.skip_48k / 48,
        "delay_ms": settings.delay_ms,
        "wire": settings.wire,
        "model": None if reading.bundle is None else reading.bundle.name,
        "dred": settings.dred and settings.concealment == "neural" and model.decoder is not None,
        "concealment": _concealment(settings, model),
        "filling_model": model.filling_name or None,
        **log_summary(decisions),
    }


def _title(source: str) -> str:
    name = Path(source).name
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}..."


def _concealment(settings: ReceiverSettings, model: ReceiverModel) -> str:
    if settings.concealment == "classic":
        return "classic"
    return "neural" if model.vocoder is not None and model.concealment is not None else "without model"


def _text(document: dict[str, Any]) -> str:
    seconds = document["samples"] / document["sampling_rate"]
    lines = [
        f"{document['output']}: {seconds:.2f} s at {document['sampling_rate']} Hz, "
        f"{document['channels']} channel(s); {document['lost']} of {document['packets']} packets lost",
        "  " + ", ".join(f"{name} {document[f'{name}_ms']:.0f} ms" for name in _SHOWN)
        + f"; longest hole {document['longest_hole_ms']:.0f} ms",
    ]  # fmt: skip
    if document["malformed"]:
        lines.append(f"  {document['malformed']} of the packets that came in are malformed: not played")
    if document["model"] is None and document["concealment"] == "without model":
        lines.append(
            "  the model is missing: holes are filled without a neural network, and DRED is not used"
        )
    elif document["concealment"] == "without model":
        lines.append(f"  the model {document['model']} has no network to fill holes; they are filled without")
    return "\n".join(lines)


_SHOWN = ("regular", "lbrr", "dred", "concealment")
