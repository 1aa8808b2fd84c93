"""One packet in the terminal."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dred_conformance.inspection.record import DredReport, Node, PacketReport, Rejection
from dred_conformance.inspection.terminal import labelled, plain, styled, told
from dred_conformance.inspection.wording import count, moment, period

_DUMP_BYTES = 16
_COLUMNS_WITH_CLAUSES = 100


def _frames_text(report: PacketReport) -> str:
    toc = report.toc
    if toc is None:
        return ""
    frames = count(len(report.frame_bytes), "frame")
    channels = "stereo" if toc.stereo else "mono"
    return f"{toc.mode} {toc.bandwidth} {channels}, {frames} of {toc.frame_ms:g} ms, code {toc.code}"


def _levels_text(dred: DredReport) -> str:
    header = f"q0 {dred.q0}, dQ {dred.dq}, qmax {dred.qmax}"
    if not dred.latents:
        return header
    levels = [latent.level for latent in dred.latents]
    return f"{levels[0]} (newest) to {levels[-1]} (oldest); {header}"


def _dred_rows(report: PacketReport, dred: DredReport) -> Iterator[tuple[str, Text]]:
    share = 100 * dred.payload_bytes / report.size_bytes
    model = f"model {dred.model}" if dred.model else "no model at hand: header only"
    size = f"{count(dred.payload_bytes, 'byte')} of {report.size_bytes} ({share:.0f} %)"
    yield "DRED", styled(f"{dred.wire}, {model}, frame {dred.frame}, {size}", "bold green")
    if dred.coverage is not None and dred.latents:
        span = period(dred.coverage.oldest_ms, dred.coverage.newest_ms)
        text = f"{dred.coverage.duration_ms:g} ms in {count(len(dred.latents), 'latent')}, {span}"
        yield "covers", styled(text, "bold")
    elif dred.model:
        yield "covers", styled("nothing: no latent", "bold")
    yield (
        "offset",
        styled(f"{dred.offset_2p5ms} units of 2.5 ms: newest speech ends {moment(dred.offset_ms)}"),
    )
    yield "levels", styled(_levels_text(dred))


def _rows(report: PacketReport) -> Iterator[tuple[str, Text]]:
    offset = "" if report.byte_offset is None else f", byte {report.byte_offset} of the input"
    yield "from", styled(report.place + offset)
    if report.time_ms is not None or report.timestamp is not None:
        times = [] if report.time_ms is None else [f"captured {report.time_ms:.1f} ms after the first"]
        times += [] if report.timestamp is None else [f"RTP timestamp {report.timestamp}"]
        yield "time", styled(", ".join(times))
    if report.final_range is not None and not report.lost:
        yield "range", styled(f"{report.final_range:#010x}, final range of the main decoder as the file says")
    if report.toc is not None:
        yield "audio", styled(_frames_text(report))
    if report.dred is not None:
        yield from _dred_rows(report, report.dred)
    if report.absence is not None:
        yield "no DRED", styled(report.absence.text, "bold yellow")


def _dump(data: bytes, rejection: Rejection) -> Text:
    """Return the bytes around the fault, the one at fault marked."""
    position = rejection.position or 0
    start = max(0, position - _DUMP_BYTES // 2)
    text = Text("  ")
    for offset in range(start, min(len(data), start + _DUMP_BYTES)):
        style = "bold white on red" if offset == position else "dim" if offset < position else ""
        text.append(f"{data[offset]:02x}", style=style).append(" ")
    if position >= len(data):
        text.append("end", style="bold white on red")
    marker = " " * (2 + 3 * (min(position, len(data)) - start)) + f"^^ byte {position}, bit {8 * position}"
    return text.append("\n" + marker, style="red")


def _tree_rows(nodes: tuple[Node, ...], depth: int) -> Iterator[tuple[Text, Text, Text, Text, Text]]:
    for node in nodes:
        bits = ""
        if node.start_bit is not None and node.end_bit is not None:
            last = node.end_bit - 1
            bits = f"{node.start_bit}..{last}" if last > node.start_bit else f"{node.start_bit}"
            bits = "-" if last < node.start_bit else bits
        value = (
            "" if node.value is None else str(int(node.value) if isinstance(node.value, bool) else node.value)
        )
        yield (
            Text(bits, style="cyan"),
            Text("  " * depth + plain(node.name), style="bold" if node.children else ""),
            Text(plain(value)),
            Text(plain(node.text)),
            Text(node.clause, style="dim"),
        )
        yield from _tree_rows(node.children, depth + 1)


def tree_table(nodes: tuple[Node, ...], columns: int) -> Table:
    """Return the tree as a table: bits, field, value, meaning and, where there is room, clause."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
    table.add_column("bits", justify="right", no_wrap=True)
    table.add_column("field", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("meaning", overflow="fold")
    shown = 4
    if columns >= _COLUMNS_WITH_CLAUSES:
        table.add_column("clause", no_wrap=True)
        shown = 5
    for row in _tree_rows(nodes, 0):
        table.add_row(*row[:shown])
    return table


def print_packet(console: Console, report: PacketReport, data: bytes) -> None:
    """Print everything about one packet.

    Parameters
    ----------
    data
        The packet, of which the place of an error is shown.
    """
    duration = "" if report.duration_ms is None else f", {report.duration_ms:g} ms"
    title = Text(f"packet {report.index}: {count(report.size_bytes, 'byte')}{duration}", style="bold")
    if report.lost:
        title.append(", lost", style="bold red")
    console.print(title)
    console.print(labelled(list(_rows(report))))
    for rejection in (report.fault, report.rejection):
        if rejection is not None:
            where = "" if rejection.position is None else f" at byte {rejection.position}"
            console.print(
                styled(f"rejected: rule {rejection.rule}, stage {rejection.stage}{where}: ", "bold red"),
                end="",
            )
            console.print(styled(rejection.message))
            if rejection.stage != "input" and data:
                console.print(_dump(data, rejection))
    rows = [("note", note, "") for note in report.source_notes]
    rows += [(finding.severity, finding.text, finding.clause) for finding in report.findings]
    if rows:
        console.print(told(rows))
    if report.tree:
        console.print()
        console.print(tree_table(report.tree, console.width))
