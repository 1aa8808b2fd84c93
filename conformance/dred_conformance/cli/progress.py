"""How far a run is, on a terminal's standard error."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from dred_conformance.runner.results import CaseResult

__all__ = ["shown_cases", "shown_frames", "shown_progress"]

_INTERVAL_S = 0.05  # a bar that moves with every case would cost more than the case
_FRAMES_PER_UPDATE = 50


@contextmanager
def shown_progress(total: int) -> Iterator[Callable[[CaseResult], None]]:
    """Give a function to be called after each case; it shows nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    columns = (
        *(TextColumn("judging"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()),
        TextColumn("{task.fields[bad]}", style="bold red"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("cases", total=total, bad="")
        done, bad, shown_at = 0, 0, 0.0

        def advance(result: CaseResult) -> None:
            nonlocal done, bad, shown_at
            done += 1
            bad += result.is_new_failure
            now = time.monotonic()
            if now - shown_at > _INTERVAL_S:
                shown_at = now
                progress.update(task, completed=done, bad=f"{bad} bad" if bad else "")

        yield advance


@contextmanager
def shown_frames(verb: str, total: int) -> Iterator[Callable[[], None]]:
    """Give a function to be called after each frame of 10 ms; it shows nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    columns = (TextColumn(verb), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("frames", total=total)
        done = 0

        def advance() -> None:
            nonlocal done
            done += 1
            if done % _FRAMES_PER_UPDATE == 0:
                progress.update(task, completed=done)

        yield advance


@contextmanager
def shown_cases(verb: str, total: int) -> Iterator[Callable[[int], None]]:
    """Give a function to be told how many cases are done; it shows nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    columns = (
        TextColumn(verb),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("cases", total=total)
        yield lambda done: progress.update(task, completed=done)
