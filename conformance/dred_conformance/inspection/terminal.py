"""Pieces of terminal output that the views share.

Names of files and what containers and packets say are foreign text: it never goes through Rich's markup, and
control characters in it are shown, not sent to the terminal.
"""

from rich.table import Table
from rich.text import Text

STYLES = {"error": "bold red", "must": "bold red", "should": "yellow", "warning": "yellow", "note": "cyan"}


def plain(text: str) -> str:
    """Return `text` with control characters made visible."""
    return "".join(
        character if character.isprintable() or character == "\n" else ascii(character)[1:-1]
        for character in text
    )


def styled(text: str, style: str = "") -> Text:
    """Return foreign text with a style."""
    return Text(plain(text), style=style)


def labelled(rows: list[tuple[str, Text]]) -> Table:
    """Return rows of a label and what it labels, aligned."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, text in rows:
        grid.add_row(label, text)
    return grid


def told(rows: list[tuple[str, str, str]]) -> Table:
    """Return findings as rows of severity, what it is, and the words."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    grid.add_column(style="dim", overflow="fold")
    for severity, text, clause in rows:
        grid.add_row(Text(severity, style=STYLES.get(severity, "")), styled(text), Text(clause))
    return grid
