"""``dred strip``: DRED out of a stream, everything else as it was."""

import json
from pathlib import Path
from typing import Annotated

import typer

from dred_conformance.cli.stream_output import check_output, refusals, write_output
from dred_conformance.encoding.stream_files import read_streams, write_streams
from dred_conformance.encoding.stripping import strip_dred
from dred_conformance.inputs import FORMATS
from dred_reference.errors import DredError

__all__ = ["strip"]


def strip(
    source: Annotated[
        str, typer.Argument(metavar="INPUT", help="Packets in any container; - is standard input.")
    ],
    output: Annotated[
        Path, typer.Argument(metavar="OUTPUT", help="An Ogg file (.opus) or opus_demo's .bit.")
    ],
    keep_size: Annotated[
        bool, typer.Option("--keep-size", help="Fill up with padding, so that packets keep their size.")
    ] = False,
    container: Annotated[
        str | None, typer.Option("--format", help=f"Format of the input: {', '.join(FORMATS)}.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Take the DRED out of packets; frames and other extensions stay.

    A packet that holds nothing else in its padding takes its shortest form, one without DRED is not touched.

    For example:

    dred strip call.opus plain.opus

    Exit code 0: written; 1: the input cannot be read; 2: wrong usage.
    """
    with refusals():
        suffix = check_output(output, source)
        streams = read_streams(source, container)
        results, unreadable = [], 0
        for stream in streams:
            stripped = []
            for packet in stream.packets:
                try:
                    stripped.append(strip_dred(packet.data, keep_size=keep_size) if packet.data else b"")
                except DredError:
                    unreadable += 1
                    stripped.append(packet.data)
            results.append(stream.with_packets(stripped))
        write_output(output, write_streams(results, suffix))
    before = [packet.data for stream in streams for packet in stream.packets]
    after = [packet.data for stream in results for packet in stream.packets]
    figures = {
        "output": str(output),
        "packets": len(before),
        "packets_with_dred": sum(old != new for old, new in zip(before, after, strict=True)),
        "packets_left_as_they_were": unreadable,
        "bytes": {"before": sum(map(len, before)), "after": sum(map(len, after))},
    }
    if as_json:
        typer.echo(json.dumps(figures, indent=2))
        return
    typer.echo(
        f"{output}: DRED taken out of {figures['packets_with_dred']} of {len(before)} packets, "
        f"{sum(map(len, before))} bytes became {sum(map(len, after))}"
    )
    if unreadable:
        typer.echo(f"  {unreadable} packets could not be read and were left as they were")
