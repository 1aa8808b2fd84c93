"""``dred bench``: how long the stages take here, and what rates buy."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

import dred_native
from dred_conformance.bench.feature import bench_feature
from dred_conformance.bench.payload import NoPayloadsError, PayloadBench, bench_payload
from dred_conformance.bench.runner import NothingToTimeError, bench_runner
from dred_conformance.cli.model_options import DEFAULT_MODEL
from dred_conformance.data import DataNotFoundError, data_folder
from dred_conformance.differential.real_payloads import real_packets, real_payloads
from dred_conformance.inputs import InputError
from dred_conformance.runner.builtin import AdapterNotFoundError, adapter_command
from dred_conformance.runner.selection import Selection, SelectionError
from dred_conformance.runner.session import AdapterStartError
from dred_conformance.vectors.store import VectorError, VectorStore
from dred_model import (
    ModelBundle,
    ModelError,
    find_model,
    model_or_default,
    named_synthetic_model,
    official,
)
from dred_reference.errors import DredError

__all__ = ["app"]

LIBOPUS_US = 11.0
LIBOPUS_FEATURE_US = {"avx2": 6.5, "scalar": 31.0}  # per latent
_AS_LARGE_AS_OFFICIAL = "synthetic-9-net128x96x64x32"
_SET_UP_ERRORS = (
    *(VectorError, DataNotFoundError, SelectionError),
    *(AdapterStartError, AdapterNotFoundError, ModelError),
)

app = typer.Typer(help="Measure how long the stages take here, and what rates buy.", no_args_is_help=True)


@app.callback()
def bench() -> None:
    """Measure how long the stages take here, and what rates buy."""


def _model(name: str | None) -> ModelBundle:
    try:
        return model_or_default(name)
    except ModelError as error:
        if error.rule != "M8":
            raise
        raise typer.BadParameter(f"no model '{name}'; 'dred model list' shows what there is") from error


def _feature_model(name: str | None) -> ModelBundle:
    """Return a model; instead of the official one another of its size, as the marks are of that size."""
    if name is None:
        return find_model(official.NAME) or named_synthetic_model(_AS_LARGE_AS_OFFICIAL)
    return _model(name)


@app.command()
def payload(
    model: Annotated[str | None, typer.Option(help=f"Model; {DEFAULT_MODEL}.")] = None,
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
    model: Annotated[
        str | None,
        typer.Option(help="Model; the official one if it is here, else a synthetic one of its size."),
    ] = None,
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
        bundle = _feature_model(model)
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


@app.command()
def runner(
    adapter: Annotated[
        str, typer.Option("--adapter", "-a", help="A built-in adapter or a command line.")
    ] = "native",
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=2, max=1024, help="Processes to compare with one.")
    ] = 2,
    rounds: Annotated[int, typer.Option(min=1, help="How often everything is timed.")] = 5,
    stage: Annotated[list[str] | None, typer.Option(help="Only cases of this stage (repeatable).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Time the runner of 'dred conform': cases per second, and what it adds to an adapter's own time.

    Example: dred bench runner --adapter native -j 2
    """
    try:
        store = VectorStore(data_folder("vectors"))
        published = [case for group in store.groups() for case in group.cases]
        cases = Selection(stages=tuple(stage or ())).among(published)
        with adapter_command(adapter, store.folder) as command:
            result = bench_runner(command, cases, jobs, rounds)
    except _SET_UP_ERRORS as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    except NothingToTimeError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps(asdict(result)))
        return
    ratio = result.cases_per_second_jobs / result.cases_per_second
    typer.echo(f"{result.adapter}: {result.cases} cases, the best of {rounds} rounds; times in us per case")
    typer.echo(f"-j 1: {result.cases_per_second:.0f} cases per second")
    typer.echo(
        f"-j {result.jobs}: {result.cases_per_second_jobs:.0f} cases per second, {ratio:.2f} times as many"
    )
    typer.echo(f"the adapter alone: {result.adapter_alone_us:.0f}, its start {result.start_ms:.0f} ms")
    typer.echo(f"the runner adds:   {result.overhead_us:.0f} by the clock")
    typer.echo(f"CPU time:          {result.runner_cpu_us:.0f} runner, {result.adapter_cpu_us:.0f} adapter")


def _print(result: PayloadBench) -> None:
    console = Console(highlight=False)
    console.print(f"{result.model}: {result.latents:.1f} latents, {result.bytes:.1f} bytes per payload")
    console.print(f"native:    {result.native_us:9.2f} us per payload over {result.native_payloads} payloads")
    console.print(f"reference: {result.reference_us:9.2f} us per payload")
    console.print(f"ratio:     {result.reference_us / result.native_us:9.0f}")
    console.print(f"memory:    {result.memory_growth_kib} KiB more at the peak after the native run")
    console.print(f"mark:      libopus takes about {LIBOPUS_US:g} us for 18 latents on the machine of facts")
