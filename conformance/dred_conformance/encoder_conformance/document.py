"""The report of an encoder as one JSON document, of the same form as a decoder's.

In place of the vectors it names the streams, each with its curves by age.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from dred_conformance import __version__
from dred_conformance.encoder_conformance.ages import age_spans
from dred_conformance.encoder_conformance.cases import entry_of, results_of
from dred_conformance.encoder_conformance.checks.bits_by_age import bits_by_age
from dred_conformance.encoder_conformance.judging import JudgedStream
from dred_conformance.report.catalogue import documents_and_rules
from dred_conformance.report.document import (
    counts_by_clause,
    counts_by_stage,
    measured_distances,
    verdict_counts,
)
from dred_conformance.runner.declaration import Declaration
from dred_conformance.runner.results import Campaign, CaseResult

__all__ = ["encoder_document"]

_DISTANCES = ("delay_2p5ms", "largest_error_2p5ms", "lost_packets", "packets_in_breach")


def _ages(judged: JudgedStream) -> list[dict[str, Any]]:
    curves = judged.curves
    rows = []
    for index, ((first, last), (latents, bits)) in enumerate(
        zip(age_spans(), bits_by_age(judged.stream), strict=True)
    ):
        row: dict[str, Any] = {"from_ms": first, "to_ms": last, "latents": latents, "bits": bits}
        if curves is not None:
            row["decoded"] = asdict(curves.decoded[index])
            for name, spans in (("own", curves.own), ("unquantised", curves.unquantised)):
                row[name] = None if spans is None else asdict(spans[index])
        rows.append(row)
    return rows


def _stream(judged: JudgedStream) -> dict[str, Any]:
    stream = judged.stream
    return {
        "name": stream.name,
        "file": str(stream.path),
        "container": stream.container,
        "input": judged.source,
        "packets": len(stream.packets),
        "with_dred": sum(1 for _ in stream.with_dred),
        "duration_ms": stream.duration_ms,
        "analysed": judged.analysed,
        "ages": _ages(judged),
        "remarks": [remark for _, finding in judged.findings for remark in finding.remarks],
    }


def encoder_document(
    streams: Sequence[JudgedStream],
    runs: Sequence[CaseResult],
    *,
    command: Sequence[str],
    again: str,
    wire: str,
    model: str | None,
    seconds: float,
    by_signal: int | None = None,
) -> dict[str, Any]:
    """Return the report.

    Parameters
    ----------
    streams
        What was judged.
    runs
        Cases about the runs of the executable, if there is one.
    command
        The encoder as the user named it; empty for files.
    again
        The command that repeats the run.
    wire
        Name of the wire profile.
    model
        Name of the model, if one was at hand.
    seconds
        How long it took.
    by_signal
        The signal that ended the run early, if one did.
    """
    of_streams = results_of(streams)
    results = (*runs, *of_streams)
    name = "encoder" if command else ", ".join(judged.stream.name for judged in streams[:3])
    declaration = Declaration(
        name if len(streams) <= 3 or command else f"{name} and {len(streams) - 3} more",
        "",
        frozenset(),
        frozenset({wire}),
        frozenset() if model is None else frozenset({model}),
        None,
        frozenset(),
        None,
    )
    campaign = Campaign(tuple(command), declaration, results, seconds, by_signal)
    documents, rules = documents_and_rules()
    by_name = {judged.stream.name: judged.stream for judged in streams}
    entries = [entry_of(result, None, again) for result in runs]
    entries += [entry_of(result, by_name[result.case.id.rpartition("-")[0]], again) for result in of_streams]
    distances = measured_distances(results)
    return {
        "format": "dred-report/1",
        "tool": {"name": "opus-dred-reference", "version": __version__},
        "adapter": {
            "command": list(command),
            "name": declaration.name,
            "version": declaration.version,
            "stages": [],
            "wire": sorted(declaration.wire),
            "models": sorted(declaration.models),
            "operations": None,
        },
        "streams": [_stream(judged) for judged in streams],
        "summary": {
            "verdicts": verdict_counts(results),
            "executed": campaign.executed,
            "exit_code": campaign.exit_code,
            "seconds": round(seconds, 3),
        },
        "stages": counts_by_stage(results),
        "clauses": counts_by_clause(list(results)),
        "distances": {each: distances[each] for each in _DISTANCES if each in distances},
        "cases": entries,
        "rules": rules,
        "documents": documents,
    }
