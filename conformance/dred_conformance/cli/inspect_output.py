"""The forms in which ``dred inspect`` prints: for people, and as JSON. Both print packets as they come."""

import json
import sys
from typing import Protocol

from rich.console import Console

from dred_conformance.inputs import InputError, PacketInput, SourcePacket
from dred_conformance.inspection.json_form import FORMAT, as_json
from dred_conformance.inspection.list_view import HEADER, packet_line
from dred_conformance.inspection.packet_view import print_packet
from dred_conformance.inspection.record import PacketReport
from dred_conformance.inspection.summary import StreamSummary
from dred_conformance.inspection.summary_view import print_summary
from dred_conformance.inspection.terminal import styled

__all__ = ["JsonOutput", "Output", "TextOutput", "terminal"]

_PIPE_COLUMNS = 120


def terminal(*, stderr: bool = False) -> Console:
    """Return a console; what goes to a file or pipe is as wide as its columns need."""
    is_terminal = (sys.stderr if stderr else sys.stdout).isatty()
    return Console(stderr=stderr, highlight=False, width=None if is_terminal else _PIPE_COLUMNS)


class Output(Protocol):
    """Where reports go."""

    def packet(self, report: PacketReport, source: SourcePacket) -> None:
        """Take one packet."""

    def end(self, summary: StreamSummary | None, error: InputError | None, hint: str) -> None:
        """Take what comes last."""


class TextOutput:
    """For people.

    Parameters
    ----------
    one_line
        Each packet in one line instead of all about it.
    """

    def __init__(self, opened: PacketInput, console: Console, *, one_line: bool) -> None:
        self._opened = opened
        self._console = console
        self._one_line = one_line
        self._printed = 0

    def packet(self, report: PacketReport, source: SourcePacket) -> None:
        """Print one packet."""
        if self._one_line:
            if not self._printed:
                self._console.print(HEADER, style="dim", soft_wrap=True)
            self._console.print(packet_line(report), soft_wrap=True)
        else:
            if self._printed:
                self._console.rule(style="dim")
            print_packet(self._console, report, source.data)
        self._printed += 1

    def end(self, summary: StreamSummary | None, error: InputError | None, hint: str) -> None:
        """Print the summary and what remains to be said; errors go to standard error."""
        if summary is not None:
            if self._printed:
                self._console.rule(style="dim")
            print_summary(self._console, self._opened.name, summary, self._opened.notes)
        if hint:
            self._console.print(styled("\n" + hint, "dim"))
        if error is not None:
            terminal(stderr=True).print(styled(str(error), "bold red"), soft_wrap=True)


class JsonOutput:
    """One JSON document, written piece by piece so that a long stream needs no memory."""

    def __init__(self, opened: PacketInput, wire: str, model: str | None) -> None:
        self._opened = opened
        self._printed = 0
        head = {
            "format": FORMAT,
            "input": opened.name,
            "container": opened.container,
            "wire": wire,
            "model": model,
        }
        self._write(json.dumps(head)[:-1] + ', "packets": [')

    def _write(self, text: str) -> None:
        sys.stdout.write(text)

    def packet(self, report: PacketReport, source: SourcePacket) -> None:
        """Write one packet."""
        del source  # the report has all that the document has
        self._write((",\n" if self._printed else "\n") + json.dumps(as_json(report)))
        self._printed += 1

    def end(self, summary: StreamSummary | None, error: InputError | None, hint: str) -> None:
        """Close the document."""
        del hint
        tail = {"notes": self._opened.notes, "summary": as_json(summary), "error": None}
        if error is not None:
            names = ("rule", "message", "position", "advice")
            tail["error"] = {name: getattr(error, name) for name in names}
        self._write("], " + json.dumps(tail)[1:] + "\n")
        sys.stdout.flush()
