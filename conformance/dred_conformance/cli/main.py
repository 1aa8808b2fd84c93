"""The ``dred`` command."""

from typing import Annotated

import typer

from dred_conformance import __version__
from dred_conformance.cli.deferred import Deferred, deferring_group

__all__ = ["COMMANDS", "app", "run"]

COMMANDS = {
    "inspect": Deferred(
        "Show what is in Opus packets, bit by bit, and why there is (or is no) DRED in them.",
        "inspect:inspect",
    ),
    "decode": Deferred(
        "Decode packets: to the acoustic features of their DRED, or to audio with holes filled.",
        "decode:decode",
    ),
    "encode": Deferred(
        "Encode speech to Opus packets with DRED; the base codec is the libopus of the system.",
        "encode:encode",
    ),
    "add": Deferred(
        "Put DRED into the packets of a stream: they are decoded, and what is heard is coded again.",
        "add:add",
    ),
    "strip": Deferred("Take the DRED out of packets; frames and other extensions stay.", "strip:strip"),
    "features": Deferred(
        "Extract acoustic features from speech, 20 numbers per 10 ms, as a DRED encoder does.",
        "features:features",
    ),
    "vocode": Deferred("Synthesise speech from acoustic features, as a DRED decoder does.", "vocode:vocode"),
    "simulate": Deferred(
        "Simulate calls over networks that lose packets; compare schemes at equal total bitrate.",
        "simulate:simulate",
    ),
    "compare": Deferred(
        "Compare features or speech with the working group's metrics: reference first, candidate second.",
        "compare:app",
        {"profiles": "compare_profiles:profiles"},
    ),
    "conform": Deferred("Validate a decoder against the published vectors.", "conform:conform"),
    "conform-encoder": Deferred(
        "Judge what a DRED encoder sends: files of packets, or an executable.",
        "conform_encoder:conform_encoder",
    ),
    "report": Deferred("Turn a saved report into another form, or show it.", "report:report"),
    "vectors": Deferred(
        "List, verify, format, generate and release the test vectors.",
        "vectors:app",
        {
            "export": "vectors_release:export",
            "diff": "vectors_release:diff",
            "changelog": "vectors_release:changelog",
            "export-upstream": "upstream:export_upstream",
            "kills": "kills:kills",
            "mutate": "kills:mutate",
            "regenerate": "vectors_regeneration:regenerate",
            "run-upstream": "upstream:run_upstream",
            "speech-symbols": "vectors_regeneration:speech_symbols",
        },
    ),
    "model": Deferred(
        "Models: the tables and networks that decoding DRED needs. Import, fetch, verify, make.",
        "model:app",
        {"bounds": "model_bounds:bounds"},
    ),
    "train": Deferred(
        "Train a model: features of a corpus, the RDO-VAE, a bundle.",
        "train:app",
        {
            "curve": "train_curve:curve",
            "evaluate": "train_evaluate:evaluate",
            "publish": "train_publish:publish",
        },
    ),
    "adapter": Deferred("Start an adapter that comes with the suite.", "adapter:app"),
    "bench": Deferred(
        "Measure how long the stages take here, and what rates buy.",
        "bench:app",
        {"rates": "bench_rates:rates", "vocoder": "bench_vocoder:vocoder"},
    ),
    "cite": Deferred(
        "Clauses: what they say, what answers to them, and drafts against them.",
        "cite:app",
        {"check": "cite_drafts:check_draft", "extract": "cite_drafts:extract"},
    ),
    "selfcheck": Deferred(
        "Put random inputs to both implementations and compare every answer.", "selfcheck:selfcheck"
    ),
}

app = typer.Typer(
    name="dred",
    cls=deferring_group(COMMANDS),
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


def run() -> None:
    """Run the command line."""
    app()
