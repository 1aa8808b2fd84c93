"""``dred bench``: how long the stages take here."""

import json
import resource
import time
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from dred_conformance.bench.payload import PayloadBench, make_payloads, time_native, time_reference
from dred_model import find_model, synthetic_model

__all__ = ["app"]

app = typer.Typer(help="Measure how long the stages take here.", no_args_is_help=True)


@app.callback()
def bench() -> None:
    """Measure how long the stages take here."""
