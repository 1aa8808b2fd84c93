"""A judged stream as cases of the report."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dred_conformance.encoder_conformance.judging import JudgedStream
from dred_conformance.encoder_conformance.record import Check, Finding
from dred_conformance.encoder_conformance.stream import EncodedStream
from dred_conformance.report.case_entry import SHOWN_IN_FULL, case_entry
from dred_conformance.runner.results import CaseResult
from dred_conformance.runner.verdict import CaseOutcome, Difference
from dred_conformance.vectors.case import Case

__all__ = ["case_result", "entry_of", "results_of"]

_LONGEST_PACKET_SHOWN = 2048  # bytes


def _input(check: Check, finding: Finding, judged: JudgedStream) -> dict[str, Any]:
    stream = judged.stream
    data: dict[str, Any] = {"check": check.name, "stream": str(stream.path)}
    if judged.source is not None:
        data["input"] = judged.source
    if finding.packet is not None:
        packet = next((each for each in stream.packets if each.index == finding.packet), None)
        data["packet_number"] = finding.packet
        if packet is not None and len(packet.data) <= _LONGEST_PACKET_SHOWN:
            data["packet"] = packet.data.hex()
    return data


def case_result(
    name: str, check: Check, finding: Finding, shown: dict[str, Any], stderr: str = ""
) -> CaseResult:
    """Return a finding as a case with its outcome.

    Parameters
    ----------
    name
        Of the stream.
    check, finding
    shown
        What the case is about, for the report.
    stderr
        What the encoder said at its end.
    """
    case = Case(
        f"{name}-{check.name}",
        check.title,
        check.clauses,
        (),
        check.stage,
        "encoder",
        shown,
        "valid",
        finding.expected or None,
        None,
        "should" if check.strength == "should" else "must",
        "agreed",
        (),
    )
    difference = None
    if finding.packet is not None and finding.expected:
        difference = Difference(f"packet {finding.packet}", finding.expected, finding.actual)
    answer = {"finding": finding.text, "figures": dict(finding.figures), "remarks": list(finding.remarks)}
    return CaseResult(
        case,
        CaseOutcome(
            finding.verdict, finding.text, difference, answer, figures=finding.figures, stderr=stderr
        ),
    )


def results_of(streams: Sequence[JudgedStream]) -> list[CaseResult]:
    """Return all cases, stream by stream."""
    return [
        case_result(judged.stream.name, check, finding, _input(check, finding, judged))
        for judged in streams
        for check, finding in judged.findings
    ]


def _reproduce(stream: EncodedStream | None, shown: dict[str, Any], again: str) -> str:
    if stream is None or not stream.path.exists() or stream.path.name == "-":
        return again
    file = shlex.quote(str(stream.path))
    packet = shown.get("packet_number")
    return f"dred inspect {file} --summary" if packet is None else f"dred inspect {file} --packet {packet}"


def entry_of(result: CaseResult, stream: EncodedStream | None, again: str) -> dict[str, Any]:
    """Return the report's entry of a case.

    Parameters
    ----------
    result
    stream
        Where the packets are.
    again
        The command that repeats the run, where there is no file of packets to look into.
    """
    entry = case_entry(result, again, Path(), with_map=False)
    if result.outcome.verdict in SHOWN_IN_FULL:
        entry["reproduce"] = _reproduce(stream, dict(result.case.input), again)
    return entry
