"""Markdown: tables that are tables, text that stays text, small enough for a comment."""

from typing import Any

import pytest
from markdown_it import MarkdownIt

from dred_conformance.report.markdown import markdown_report

Report = dict[str, Any]


def parsed(text: str) -> list[Any]:
    return MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)


@pytest.mark.parametrize("name", ["wrong", "hostile", "right"])
def test_every_row_of_a_table_has_as_many_cells_as_its_header(
    name: str, request: pytest.FixtureRequest
) -> None:
    tokens = parsed(markdown_report(request.getfixturevalue(name)))
    rows: list[int] = []
    tables = 0
    for token in tokens:
        if token.type == "table_open":
            rows, tables = [], tables + 1
        elif token.type == "tr_open":
            rows.append(0)
        elif token.type in ("td_open", "th_open"):
            rows[-1] += 1
        elif token.type == "table_close":
            assert len(set(rows)) == 1
            assert len(rows) > 1
    lines = markdown_report(request.getfixturevalue(name)).splitlines()
    assert tables == sum(line.startswith("| :--") for line in lines) >= 1
    assert all(line.count("|") - line.count("\\|") >= 3 for line in lines if line.startswith("|"))


def test_the_stage_table_has_the_counts_of_the_report(wrong: Report) -> None:
    lines = markdown_report(wrong).splitlines()
    header = [
        cell.strip() for cell in next(line for line in lines if line.startswith("| stage")).split("|")[2:-1]
    ]
    last = [
        cell.strip() for cell in next(line for line in lines if line.startswith("| all")).split("|")[2:-1]
    ]
    assert {name: int(count) for name, count in zip(header, last, strict=True)} == wrong["summary"][
        "verdicts"
    ]


def test_the_verdict_comes_first(wrong: Report, right: Report) -> None:
    assert markdown_report(wrong).startswith("## DRED conformance: Does not conform\n")
    assert markdown_report(right).startswith("## DRED conformance: Conforms\n")
    assert "<details>" not in markdown_report(right)


def test_hostile_answers_stay_text(hostile: Report) -> None:
    text = markdown_report(hostile)
    inline = [child for token in parsed(text) if token.children for child in token.children]
    html = [token.content for token in inline if token.type == "html_inline"]
    blocks = [token.content for token in parsed(text) if token.type == "html_block"]
    assert html == []
    for block in blocks:
        assert block.startswith(("<details><summary>", "</details>"))
        assert "<script" not in block
        assert "<b " not in block
    assert "\x1b" not in text
    text.encode()


def test_it_fits_into_a_comment(wrong: Report, hostile: Report) -> None:
    for report in (wrong, hostile):
        text = markdown_report(report)
        assert len(text) < 60_000
        assert "more are in the HTML and JSON reports." in text
