"""The ``dred`` command."""

from typing import Annotated

import typer

from dred_conformance import __version__
from dred_conformance.cli import (
    adapter,
    bench,
    cite,
    cite_drafts,
    compare,
    compare_profiles,
    conform,
    decode,
    inspect,
    model,
    model_bounds,
    report,
    selfcheck,
    upstream,
    vectors,
    vectors_release,
)

__all__ = ["app", "run"]

app = typer.Typer(
    name="dred",
    help="Opus DRED: inspect packets, validate decoders, manage vectors and models.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if not wanted:
        return
    import dred_native  # noqa: PLC0415 - the version must print even where the core is slow to load

    config = dred_native.build_config()
    details = ", ".join(f"{name} {value}" for name, value in config.items())
    typer.echo(f"opus-dred-reference {__version__}")
    typer.echo(f"dred_native: {details}")
    raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and which native build runs.", callback=_print_version
        ),
    ] = False,
) -> None:
    """Opus DRED: inspect packets, validate decoders, manage vectors and models."""


app.command("inspect")(inspect.inspect)
app.command("decode")(decode.decode)
compare.app.command("profiles")(compare_profiles.profiles)
app.add_typer(compare.app, name="compare")
app.command("conform")(conform.conform)
app.command("report")(report.report)
vectors.app.command("export")(vectors_release.export)
vectors.app.command("diff")(vectors_release.diff)
vectors.app.command("changelog")(vectors_release.changelog)
vectors.app.command("export-upstream")(upstream.export_upstream)
vectors.app.command("run-upstream")(upstream.run_upstream)
app.add_typer(vectors.app, name="vectors")
app.add_typer(model.app, name="model")
model.app.command("bounds")(model_bounds.bounds)
app.add_typer(adapter.app, name="adapter")
app.add_typer(bench.app, name="bench")
cite.app.command("check")(cite_drafts.check_draft)
cite.app.command("extract")(cite_drafts.extract)
app.add_typer(cite.app, name="cite")
app.command("selfcheck")(selfcheck.selfcheck)


def run() -> None:
    """Run the command line."""
    app()
