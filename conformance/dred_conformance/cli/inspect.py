"""``dred inspect``: what is in a packet, and why there is (or is no) DRED in it."""

import re
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain, islice
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn

from dred_conformance.cli.inspect_output import JsonOutput, Output, TextOutput, terminal
from dred_conformance.cli.model_options import DEFAULT_MODEL, WIRE_OF_STREAM
from dred_conformance.inputs import FORMATS, InputError, PacketInput, RtpSelection, SourcePacket
from dred_conformance.inspection.dred_section import NamedTables
from dred_conformance.inspection.inspector import Inspector
from dred_conformance.inspection.summary import StreamStatistics
from dred_conformance.inspection.terminal import styled
from dred_conformance.model_choice import ChoiceError, choose_reading, open_with_profile, wire_to_read
from dred_model import ModelError
from dred_reference.wire import WIRE_PROFILES, WireProfile

__all__ = ["inspect"]

MALFORMED, USAGE_ERROR = 1, 2
_WIRE = "experimental-12"  # looked for without any model and any DRED
_HINT = "--list shows a line per packet, --packet N everything about one, --packets A-B about some"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which packets to show, and whether to add them up."""

    first: int | None
    last: int | None
    summary: bool
    one_line: bool

    def shows(self, index: int) -> bool:
        return self.first is not None and self.first <= index and (self.last is None or index <= self.last)

    def ends_before(self, index: int) -> bool:
        return not self.summary and self.last is not None and index > self.last


def _usage(message: str) -> typer.Exit:
    terminal(stderr=True).print(styled(message, "bold red"), soft_wrap=True)
    return typer.Exit(USAGE_ERROR)


def _range(packet: int | None, packets: str | None) -> tuple[int | None, int | None]:
    if packet is not None and packets is not None:
        raise _usage("--packet and --packets exclude each other")
    if packets is None:
        return packet, packet
    match = re.fullmatch(r"(\d{1,12})(?:(-)(\d{1,12})?)?", packets)
    if match is None:
        raise _usage(f"--packets {packets!r} is no range; write 3, 3-9 or 3- (to the end)")
    first = int(match[1])
    last = None if match[2] and not match[3] else int(match[3] or first)
    if last is not None and last < first:
        raise _usage(f"--packets {packets!r} ends before it starts")
    return first, last


def _number(name: str, text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return int(text, 0)
    except ValueError:
        raise _usage(f"{name} {text!r} is no number; write 1234 or 0x4d2") from None


def _reading(
    carried: WireProfile | None, wire: str | None, model: str | None
) -> tuple[WireProfile, NamedTables | None, str]:
    """Return wire profile and tables, and what to say if there are none."""
    try:
        if model == "none":
            return wire_to_read(wire) or carried or WIRE_PROFILES[_WIRE], None, ""
        reading = choose_reading(carried, wire_to_read(wire), model)
    except (ChoiceError, ModelError) as error:
        raise _usage(str(error)) from error
    if reading.bundle is None:
        return reading.wire, None, f"{reading.missing}; without it only headers of payloads are read"
    return reading.wire, NamedTables(reading.bundle.name, reading.bundle.tables.to_reference_tables()), ""


def _one_or_many(packets: Iterator[SourcePacket]) -> tuple[Iterator[SourcePacket], bool]:
    """Look at the first two packets; an error after the first one comes again when it is its turn."""
    head: list[SourcePacket] = []
    try:
        head.extend(islice(packets, 2))
    except InputError as error:
        return _raising(iter(head), error), False
    return chain(head, packets), len(head) > 1


def _raising(packets: Iterator[SourcePacket], error: InputError) -> Iterator[SourcePacket]:
    yield from packets
    raise error


def _run(
    packets: Iterator[SourcePacket], wanted: _Wanted, inspector: Inspector, output: Output, hint: str
) -> int:
    statistics = StreamStatistics()
    malformed, count, shown = False, 0, 0
    failure: InputError | None = None
    waits = sys.stderr.isatty() and wanted.first is None
    columns = (SpinnerColumn(), TextColumn("{task.completed:.0f} packets"))
    progress = Progress(*columns, console=terminal(stderr=True), transient=True) if waits else None
    with progress or nullcontext():
        task = progress.add_task("packets") if progress is not None else None
        try:
            for source in packets:
                if wanted.ends_before(source.index):
                    break
                count += 1
                # the packet before the first one shown is needed to see what contradicts it
                if not wanted.summary and wanted.first is not None and source.index < wanted.first - 1:
                    continue
                shows = wanted.shows(source.index)
                report = inspector.inspect(source, tree=shows and not wanted.one_line)
                if wanted.summary:
                    statistics.add(report)
                if shows:
                    output.packet(report, source)
                    shown += 1
                if wanted.summary or shows:
                    malformed |= report.rejection is not None or report.fault is not None
                if progress is not None and task is not None:
                    progress.advance(task)
        except InputError as error:
            failure = error
    output.end(statistics.summary() if wanted.summary else None, failure, hint)
    if failure is not None:
        return USAGE_ERROR if failure.rule == "I5" else MALFORMED
    if not count:
        terminal(stderr=True).print(styled("the input holds no packet", "bold red"))
        return MALFORMED
    if wanted.first is not None and not shown:
        raise _usage(f"there is no packet {wanted.first}: the input has {count}, counted from 0")
    return MALFORMED if malformed else 0


def _inspect(
    opened: PacketInput, wanted: _Wanted, inspector: Inspector, *, as_json: bool, missing: str
) -> int:
    output: Output = (
        JsonOutput(opened, inspector.wire.name, inspector.model.name if inspector.model else None)
        if as_json
        else TextOutput(opened, terminal(), one_line=wanted.one_line)
    )
    if missing:
        opened.notes.append(missing)
    packets, many, hint = opened.packets, True, ""
    if wanted.first is None and not wanted.summary:
        packets, many = _one_or_many(packets)
        wanted = _Wanted(None, None, True, False) if many else _Wanted(0, None, False, False)
        hint = _HINT if many else ""
    if not wanted.summary:
        hint = missing
    return _run(packets, wanted, inspector, output, hint)


def inspect(
    source: Annotated[
        str, typer.Argument(metavar="INPUT", help="A file, a packet in hex, or - for standard input.")
    ],
    packet: Annotated[int | None, typer.Option(min=0, help="Show packet N, counted from 0.")] = None,
    packets: Annotated[
        str | None, typer.Option(metavar="A-B", help="Show packets A to B; A- to the end.")
    ] = None,
    one_line: Annotated[bool, typer.Option("--list", help="A line per packet.")] = False,
    summary: Annotated[bool, typer.Option("--summary", help="Add up the whole stream.")] = False,
    symbols: Annotated[
        bool, typer.Option("--symbols", help="Show every symbol of state and latents with its bits.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON (schema inspect-1).")] = False,
    wire: Annotated[str | None, typer.Option(help=WIRE_OF_STREAM)] = None,
    model: Annotated[
        str | None,
        typer.Option(
            help="Model whose tables read the symbols, none: header only; unless given, what DRED says; else "
            f"{DEFAULT_MODEL}."
        ),
    ] = None,
    container: Annotated[
        str | None, typer.Option("--format", help=f"Format of the input: {', '.join(FORMATS)}.")
    ] = None,
    payload_type: Annotated[
        int | None, typer.Option(min=0, max=127, help="Captures: RTP payload type.")
    ] = None,
    ssrc: Annotated[str | None, typer.Option(help="Captures: RTP source, 1234 or 0x4d2.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Captures: UDP port of either side.")
    ] = None,
    red: Annotated[
        bool | None,
        typer.Option("--red/--no-red", help="Captures: payloads are RED (RFC 2198); found out if left out."),
    ] = None,
) -> None:
    """Show what is in Opus packets, bit by bit, and why there is (or is no) DRED in them.

    INPUT is hex text, opus_demo .bit, Ogg Opus, or a pcap/pcapng capture with RTP.
    One packet is shown with all its fields; of several, a summary.

    For example:

    dred inspect call.pcapng --port 5004

    dred inspect speech.opus --packet 40 --symbols

    dred inspect stream.bit --list

    dred inspect "7b 41 02 01 02 03 00 00"

    Exit code 0: all packets are valid; 1: some are malformed, or the input is;
    2: wrong usage, or the stream must be chosen.
    """
    if container is not None and container not in FORMATS:
        raise _usage(f"there is no format {container!r}; there are {', '.join(FORMATS)}")
    first, last = _range(packet, packets)
    if one_line and first is None:
        first = 0
    wanted = _Wanted(first, last, summary, one_line)
    selection = RtpSelection(payload_type, _number("--ssrc", ssrc), port, red)
    try:
        with open_with_profile(source, container=container, selection=selection) as (opened, carried):
            profile, tables, missing = _reading(carried, wire, model)
            inspector = Inspector(profile, tables, symbols=symbols)
            code = _inspect(opened, wanted, inspector, as_json=as_json, missing=missing)
    except InputError as error:
        terminal(stderr=True).print(styled(str(error), "bold red"), soft_wrap=True)
        raise typer.Exit(USAGE_ERROR if error.rule == "I5" else MALFORMED) from error
    raise typer.Exit(code)
