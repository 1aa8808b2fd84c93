"""What the commands that write streams share: errors in words, the output file, figures on the terminal."""

import json
import math
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import typer
from rich.console import Console
from rich.progress import track

from dred_conformance.cli.files import write_bytes_whole
from dred_conformance.encoding.errors import StreamError
from dred_conformance.encoding.stream_files import SUFFIXES
from dred_conformance.inputs import InputError
from dred_conformance.outputs import OutputError
from dred_reference.errors import DredError

__all__ = ["check_output", "milliseconds", "refusals", "shown", "tell", "write_output"]

MALFORMED, USAGE_ERROR = 1, 2
_DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*(ms|s)")
_AT_FAULT = {"S2", "S3", "S5"}  # rules of `StreamError` that speak of the input, not of its user

Item = TypeVar("Item")


@contextmanager
def refusals() -> Iterator[None]:
    """Turn errors into their message and an exit code: 1 for a bad input, 2 for wrong usage."""
    try:
        yield
    except InputError as error:
        raise _exit(str(error), USAGE_ERROR if error.rule == "I5" else MALFORMED) from error
    except StreamError as error:
        raise _exit(str(error), MALFORMED if error.rule in _AT_FAULT else USAGE_ERROR) from error
    except OutputError as error:
        raise _exit(str(error), USAGE_ERROR) from error
    except DredError as error:
        raise _exit(str(error), MALFORMED) from error


def _exit(message: str, code: int) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(code)


def check_output(output: Path, source: str) -> str:
    """Return the suffix of an output that can be written, or raise S6 before any work is done."""
    suffix = output.suffix.lower()
    if suffix not in SUFFIXES:
        raise StreamError("S6", f"{output}: no container is known by this name", f"use {', '.join(SUFFIXES)}")
    if not output.absolute().parent.is_dir():
        raise StreamError("S6", f"{output}: the folder is missing", "make it first")
    if output.is_dir():
        raise StreamError("S6", f"{output} is a folder")
    try:
        is_same = output.exists() and Path(source).exists() and output.samefile(source)
    except OSError:  # packets in hexadecimal text may be longer than any name
        is_same = False
    if is_same:
        raise StreamError("S6", f"{output}: the output is the input", "write another file")
    return suffix


def write_output(output: Path, data: bytes) -> None:
    """Write the file whole, or raise S6."""
    try:
        write_bytes_whole(output, data)
    except OSError as error:
        raise StreamError("S6", f"{output}: cannot be written ({error.strerror})") from error


def milliseconds(text: str) -> int:
    """Return a duration such as ``1s``, ``0.5s`` or ``400ms``, rounded up to whole milliseconds."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise StreamError("S4", f"{text!r} is no duration", "such as 1s, 0.5s or 400ms")
    return min(math.ceil(float(match[1]) * (1000 if match[2] == "s" else 1)), 10**6)


def shown(items: Iterable[Item], total: int, what: str, wanted: bool | None) -> Iterator[Item]:
    """Yield `items`, with a bar on standard error if `wanted`, or if undecided and somebody looks."""
    if not (sys.stderr.isatty() if wanted is None else wanted):
        yield from items
        return
    yield from track(items, what, total, console=Console(stderr=True), transient=True)


def tell(figures: dict[str, Any], *, as_json: bool) -> None:
    """Print the figures of a stream."""
    if as_json:
        typer.echo(json.dumps(figures, indent=2))
        return
    size, bitrate, redundancy = figures["bytes"], figures["bitrate"], figures["redundancy_ms"]
    typer.echo(
        f"{figures['output']}: {figures['packets']} packets, {figures['seconds']:.2f} s, "
        f"{bitrate['total'] / 1000:.1f} kb/s "
        f"({bitrate['base'] / 1000:.1f} base, {bitrate['dred'] / 1000:.1f} DRED)"
    )
    typer.echo(
        f"  DRED in {figures['packets_with_dred']} packets ({100 * figures['share_with_dred']:.0f} %), "
        f"{size['mean_data']:.0f} bytes each; redundancy {redundancy['mean']:.0f} ms in the mean, "
        f"p10 {redundancy['p10']:.0f}, p50 {redundancy['p50']:.0f}, p90 {redundancy['p90']:.0f}"
    )
    spent = ", ".join(f"{name} {value:.1f}" for name, value in figures["ms_per_second_of_speech"].items())
    typer.echo(f"  ms per second of speech: {spent}")
