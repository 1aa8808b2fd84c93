"""The report on a terminal: the summary last, the tree of stages and clauses, no control characters."""

from typing import Any

from rich.console import Console

from dred_conformance.report.terminal import print_report

Report = dict[str, Any]


def shown(report: Report) -> str:
    console = Console(width=200, record=True, force_terminal=False, file=None, quiet=False)
    with console.capture() as capture:
        print_report(report, console)
    return capture.get()


def test_the_summary_comes_last(wrong: Report, right: Report) -> None:
    last = shown(wrong).rstrip().splitlines()[-2:]
    assert last[0].startswith("DOES NOT CONFORM: ")
    assert last[1].startswith("Begin with stage packet")
    assert shown(right).rstrip().splitlines()[-1].startswith("CONFORMS: ")


def test_the_tree_counts_the_bad_cases_of_every_clause(wrong: Report) -> None:
    text = shown(wrong)
    bad = [case for case in wrong["cases"] if case["verdict"] in ("fail", "non-strict", "error", "timeout")]
    of_stage = [case for case in bad if case["stage"] == "latent"]
    citing = [
        case for case in wrong["cases"] if case["stage"] == "latent" and "DRED-dequantise" in case["clauses"]
    ]
    count = sum("DRED-dequantise" in case["clauses"] for case in of_stage)
    assert f"DRED-dequantise  {count} of {len(citing)}" in text
    assert text.index("Stages and the clauses") < text.index("Verdicts by stage")


def test_a_hostile_adapter_cannot_steer_the_terminal(hostile: Report) -> None:
    text = shown(hostile)
    assert "\x1b[31m" not in text
    assert "\x00" not in text
    assert "\\u001b[31m" in text
    text.encode()
