"""A whole stream in the terminal."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dred_conformance.inspection.summary import Bin, Spread, StreamSummary, Tally, Told
from dred_conformance.inspection.terminal import STYLES, labelled, styled
from dred_conformance.inspection.wording import count, extension_name

_MOST_TALLIES = 4
_MOST_BARS = 16
_BAR_CHARACTERS = 40


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "0 %"


def _kilobits(bits_per_s: float) -> str:
    return f"{bits_per_s / 1000:.1f} kb/s"


def _spread(spread: Spread, unit: str, digits: int = 0) -> str:
    low, mean, high = (f"{value:.{digits}f}" for value in (spread.smallest, spread.mean, spread.largest))
    return f"mean {mean}{unit}, from {low} to {high}{unit}"


def _tallies(tallies: Sequence[Tally], separator: str = "; ") -> str:
    shown = [f"{tally.value}: {tally.count}" for tally in tallies[:_MOST_TALLIES]]
    more = len(tallies) - _MOST_TALLIES
    return separator.join([*shown, f"and {more} more"] if more > 0 else shown)


def _packet_rows(summary: StreamSummary) -> Iterator[tuple[str, Text]]:
    parts = [count(summary.packets, "packet")]
    if summary.lost:
        parts.append(f"{summary.lost} lost ({summary.lost_covered} within the DRED of the next packet)")
    parts += [f"{summary.total_bytes} bytes", f"{summary.duration_ms / 1000:.2f} s of audio"]
    yield "packets", styled(", ".join(parts))
    if summary.configurations:
        yield "audio", styled(_tallies(summary.configurations, "\n"))
        yield "duration", styled("packets of " + _tallies(summary.packet_durations))
    if summary.extensions:
        names = [Tally(extension_name(int(tally.value)), tally.count) for tally in summary.extensions]
        yield "extensions", styled(_tallies(names))
    if summary.duration_ms:
        rates = (
            f"{_kilobits(summary.base_bits_per_s)} audio, {_kilobits(summary.dred_bits_per_s)} DRED, "
            f"{_kilobits(summary.padding_bits_per_s)} other padding"
        )
        yield "bit rate", styled(rates)
    if summary.rejections:
        yield "rejected", styled(_tallies(summary.rejections), "bold red")


def _dred_rows(summary: StreamSummary) -> Iterator[tuple[str, Text]]:
    arrived = summary.packets - summary.lost
    style = "bold green" if summary.with_dred else "bold yellow"
    text = f"in {summary.with_dred} of {count(arrived, 'packet')} ({_percent(summary.with_dred, arrived)})"
    yield "DRED", styled(text, style)
    if summary.dred_share is not None:
        share = summary.dred_share
        yield (
            "size",
            styled(
                f"{summary.dred_bytes} bytes, {100 * share.mean:.0f} % of a packet that has it "
                f"(from {100 * share.smallest:.0f} to {100 * share.largest:.0f} %)"
            ),
        )
    if summary.coverage_ms is not None and summary.latents is not None:
        latents = _spread(summary.latents, "", 1)
        yield "covers", styled(f"{_spread(summary.coverage_ms, ' ms')}; latents: {latents}")
    if summary.offset_ms is not None:
        below = f"; {summary.offsets_negative} negative, {summary.offsets_zero} zero"
        yield "offset", styled(_spread(summary.offset_ms, " ms", 1) + below)
    if summary.levels:
        yield "levels", styled(_tallies(summary.levels))


def _rebinned(bins: Sequence[Bin]) -> list[Bin]:
    """Join bars when there are too many, with the rest above the last in one."""
    if len(bins) <= _MOST_BARS:
        return list(bins)
    rest = bins[_MOST_BARS - 1 :]
    return [*bins[: _MOST_BARS - 1], Bin(rest[0].from_ms, rest[-1].to_ms, sum(each.count for each in rest))]


def _histogram(console: Console, bins: Sequence[Bin]) -> Table:
    character = "#" if console.options.ascii_only else "█"
    shown = _rebinned(bins)
    largest = max(each.count for each in shown)
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", style="dim", no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(justify="right", no_wrap=True)
    for each in shown:
        length = -(-_BAR_CHARACTERS * each.count // largest)
        grid.add_row(
            f"{each.from_ms} to {each.to_ms} ms", Text(character * length, style="green"), str(each.count)
        )
    return grid


def _told(told: Sequence[Told]) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    for each in told:
        first = Text(f"first in packet {each.first_packet}: ", style="dim").append_text(styled(each.text))
        grid.add_row(str(each.count), Text(each.code, style=STYLES[each.severity]), first)
    return grid


def print_summary(console: Console, name: str, summary: StreamSummary, notes: Sequence[str]) -> None:
    """Print what was added up over a stream.

    Parameters
    ----------
    notes
        What the container has to say about the whole input.
    """
    console.print(styled(name, "bold"))
    console.print(labelled([*_packet_rows(summary), *_dred_rows(summary)]))
    for note in (*notes, *summary.remarks):
        console.print(Text("note  ", style="cyan").append_text(styled(note)))
    if summary.coverage_histogram:
        console.print("\n[bold]Coverage of a packet[/bold]")
        console.print(_histogram(console, summary.coverage_histogram))
    if summary.reasons:
        console.print("\n[bold]Why packets have no DRED[/bold]")
        console.print(_told(summary.reasons))
    if summary.findings:
        console.print("\n[bold]Findings[/bold]")
        console.print(_told(summary.findings))
