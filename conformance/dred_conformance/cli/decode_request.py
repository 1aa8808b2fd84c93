"""What is asked for with ``dred decode -o FILE.wav``, and whether it can be done, before any work."""

from dataclasses import dataclass
from pathlib import Path

from dred_conformance.encoding.optional import optional_package
from dred_conformance.receiving import ReceiverSettings, ReceivingError
from dred_reference.wire import WireProfile

__all__ = ["LOG_SUFFIXES", "AudioRequest", "check_length", "check_request"]

LOG_SUFFIXES = (".csv", ".json")
LARGEST_WAV = (1 << 32) - 4096  # bytes; its header counts in 32 bits


@dataclass(frozen=True)
class AudioRequest:
    """What was asked for, see `dred decode --help`; the wire of `settings` is not set yet."""

    source: str
    output: Path
    container: str | None
    loss: Path | None
    model: str | None
    wire: WireProfile | None
    settings: ReceiverSettings
    channels: int | None
    log: Path | None
    timeline: Path | None
    as_json: bool


def check_request(request: AudioRequest) -> None:
    """See whether files and packages are what they have to be.

    Raises
    ------
    ReceivingError
        S4: a folder that is missing, a wrong suffix, or two files that are one.
    StreamError
        S1: a package is missing.
    """
    written = [path for path in (request.output, request.log, request.timeline) if path is not None]
    for path in written:
        if not path.absolute().parent.is_dir():
            raise ReceivingError("S4", f"{path}: the folder is missing; make it first")
        if path.is_dir():
            raise ReceivingError("S4", f"{path} is a folder; name a file")
    read = [path for path in (Path(request.source), request.loss) if path is not None]
    places = [path.absolute() for path in written]
    for number, place in enumerate(places):
        if place in places[:number] or place in {path.absolute() for path in read}:
            raise ReceivingError("S4", f"{written[number]} is named twice; give every file its own name")
    if request.log is not None and request.log.suffix.lower() not in LOG_SUFFIXES:
        raise ReceivingError("S4", f"{request.log}: a log is written as {' or '.join(LOG_SUFFIXES)}")
    if request.timeline is not None:
        if request.timeline.suffix.lower() != ".png":
            raise ReceivingError("S4", f"{request.timeline}: the picture is written as .png")
        optional_package("matplotlib.figure", "plot", "a picture")


def check_length(request: AudioRequest, samples: int, channels: int) -> None:
    """See whether so much audio has a place in the file.

    Raises
    ------
    ReceivingError
        S4: it has not.
    """
    if request.output.suffix.lower() == ".wav" and 2 * channels * samples > LARGEST_WAV:
        raise ReceivingError("S4", f"{request.output}: WAV ends at 4 GiB; write .flac or .sw")
