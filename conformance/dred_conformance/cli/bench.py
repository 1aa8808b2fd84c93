"""``dred bench``: how long the stages take here."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

import dred_native
from dred_conformance.bench.feature import bench_feature
from dred_conformance.bench.payload import NoPayloadsError, PayloadBench, bench_payload
from dred_conformance.differential.real_payloads import real_packets, real_payloads
from dred_conformance.inputs import InputError
from dred_model import ModelBundle, ModelError, find_model, named_synthetic_model
from dred_reference.errors import DredError

__all__ = ["app"]

LIBOPUS_US = 11.0
LIBOPUS_FEATURE_US = {"avx2": 6.5, "scalar": 31.0}  # per latent

app = typer.Typer(help="Measure how long the stages take here.", no_args_is_help=True)


@app.callback()
def bench() -> None:
    """Measure how long the stages take here."""


def _model(name: str | None, fallback: str = "synthetic-1") -> ModelBundle:
    if name is None:
        return find_model("libopus-1.6") or named_synthetic_model(fallback)
    bundle = find_model(name)
    if bundle is None:
        raise typer.BadParameter(f"no model '{name}'; 'dred model list' shows what there is")
    return bundle


@app.command()
def payload(
    model: Annotated[str | None, typer.Option(help="Model; the official one if imported.")] = None,
    latents: Annotated[int, typer.Option(min=1, max=1000, help="Latents per payload.")] = 18,
    streams: Annotated[Path | None, typer.Option(help="Folder of .bit streams with payloads.")] = None,
    payloads: Annotated[
        int, typer.Option(min=1, help="How many payloads the native core decodes.")
    ] = 1_000_000,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Time the decoding of payloads to symbols, native and Python, and watch the memory.

    Example: dred bench payload --latents 18
    """
    try:
        real = None if streams is None else real_payloads(streams)
        result = bench_payload(_model(model), latents, payloads, real)
    except (ModelError, InputError, NoPayloadsError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps(asdict(result)))
    else:
        _print(result)


@app.command()
def feature(
    model: Annotated[str | None, typer.Option(help="Model; the official one if imported.")] = None,
    streams: Annotated[
        Path | None, typer.Option(help="Folder of .bit streams for the chain from the packet on.")
    ] = None,
    latents: Annotated[
        int, typer.Option(min=100, help="About how many latents each path of the core decodes.")
    ] = 100_000,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Time the decoding of latents to features on every path of the core, and of whole packets.

    Example: dred bench feature --streams ./streams
    """
    try:
        packets = None if streams is None else real_packets(streams)
        bundle = _model(model, "synthetic-9-net128x96x64x32")
        result = bench_feature(bundle, latents, packets)
    except (ModelError, InputError, DredError, dred_native.DredError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps(asdict(result)))
        return
    typer.echo(f"{result.model}, payloads of {result.latents:g} latents; times in us, the best of 5 rounds")
    for each in result.paths:
        mark = LIBOPUS_FEATURE_US.get(each.path)
        said = "" if mark is None else f"   (libopus on such a machine: {mark:g})"
        typer.echo(f"{each.path}: {each.network_us:.2f} per latent{said}")
        typer.echo(f"  with its symbols {each.latent_us:.2f}")
        typer.echo(
            f"  the newest latent alone {each.first_latent_us:.2f}, each after it {each.next_latent_us:.2f}"
        )
        typer.echo(f"  26 latents {each.second_us:.1f}")
        typer.echo(f"  packet to features {each.packet_us:.1f} for {each.packet_latents:.1f} latents")
        typer.echo(
            f"  {each.decoder_bytes} bytes a decoder, {each.network_bytes} bytes the network all share"
        )
    typer.echo(f"reference: {result.reference_latent_us:.0f} per latent")


def _print(result: PayloadBench) -> None:
    console = Console(highlight=False)
    console.print(f"{result.model}: {result.latents:.1f} latents, {result.bytes:.1f} bytes per payload")
    console.print(f"native:    {result.native_us:9.2f} us per payload over {result.native_payloads} payloads")
    console.print(f"reference: {result.reference_us:9.2f} us per payload")
    console.print(f"ratio:     {result.reference_us / result.native_us:9.0f}")
    console.print(f"memory:    {result.memory_growth_kib} KiB more at the peak after the native run")
    console.print(f"mark:      libopus takes about {LIBOPUS_US:g} us for 18 latents on the machine of facts")
