"""``dred adapter``: start an adapter that comes with the suite."""

import json
import subprocess
from typing import Annotated

import typer

from dred_conformance.data import DataNotFoundError, data_folder
from dred_conformance.runner.builtin import (
    BUILTIN_ADAPTERS,
    AdapterNotFoundError,
    builtin_command,
    model_folders,
)
from dred_model import ModelError

__all__ = ["app"]

app = typer.Typer(help="Start an adapter that comes with the suite.", no_args_is_help=True)


def _start(name: str) -> None:
    try:
        with model_folders(data_folder("vectors")) as models:
            code = subprocess.run(builtin_command(name, models), check=False).returncode  # noqa: S603
    except (AdapterNotFoundError, DataNotFoundError, ModelError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    raise typer.Exit(code if code >= 0 else 128 - code)


@app.command()
def native() -> None:
    """Speak the adapter protocol with the fixed-point C++ core on stdin and stdout.

    Example: echo '{"seq":0,"op":"hello","protocol":1}' | dred adapter native
    """
    _start("native")


@app.command()
def reference() -> None:
    """Speak the adapter protocol with the literal Python implementation on stdin and stdout.

    Example: echo '{"seq":0,"op":"hello","protocol":1}' | dred adapter reference
    """
    _start("reference")


@app.command()
def node() -> None:
    """Speak the adapter protocol with the example in Node.js, for packets and extensions.

    Example: echo '{"seq":0,"op":"hello","protocol":1}' | dred adapter node
    """
    _start("node")


@app.command()
def libopus() -> None:
    """Speak the adapter protocol with the libopus that the adapter was built for.

    Example: echo '{"seq":0,"op":"hello","protocol":1}' | dred adapter libopus
    """
    _start("libopus")


@app.command("list")
def list_adapters(as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """List the adapters that come with the suite.

    Example: dred adapter list
    """
    typer.echo(json.dumps(list(BUILTIN_ADAPTERS)) if as_json else "\n".join(BUILTIN_ADAPTERS))
