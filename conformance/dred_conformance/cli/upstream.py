"""``dred vectors export-upstream`` and ``run-upstream``: the working group's vector files."""

import json
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from dred_conformance.comparison import ComparisonError, FeatureComparison, FeatureThresholds
from dred_conformance.data import DataNotFoundError, data_folder
from dred_conformance.runner.builtin import AdapterNotFoundError, adapter_command
from dred_conformance.runner.faults import AdapterFaultError
from dred_conformance.upstream import UpstreamError
from dred_conformance.upstream.export import FILES, ExportedCase, exported_cases, write_vectors
from dred_conformance.upstream.running import run_vectors
from dred_conformance.vectors.arrays import ArrayError
from dred_conformance.vectors.store import VectorError, VectorStore
from dred_model import ModelError, finding
from dred_reference.tables import QuantiserTables

__all__ = ["export_upstream", "run_upstream"]

FAILED, USAGE_ERROR = 1, 2
_Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
_Model = Annotated[str, typer.Option(help="The model that the vectors are for.")]
_FAULTS = (
    *(UpstreamError, ComparisonError, AdapterNotFoundError, OSError),
    AdapterFaultError,
)


def _fail(error: Exception | str) -> typer.Exit:
    typer.echo(str(error), err=True)
    return typer.Exit(USAGE_ERROR)


def _tables(model: str) -> QuantiserTables:
    try:
        return finding.require_model(model).tables.to_reference_tables()
    except ModelError as error:
        raise _fail(error) from error


def export_upstream(
    output: Annotated[Path, typer.Argument(help="Folder to write; it must be new or empty.")],
    model: _Model = "libopus-1.6",
    as_json: _Json = False,
) -> None:
    """Write feature vectors as vectorN_dred.bit and vectorN_dred_dec.f32, N = 1 to 8, for upstream's tools.

    Each payload of one level becomes a record; the features are those of the float64 profile. Then, for
    each N:

    fargan_demo -dred-decoding vectorN_dred.bit out.f32

    dred_compare -features -thresholds .5 .15 .02 vectorN_dred_dec.f32 out.f32

    Example: dred vectors export-upstream ./upstream-vectors

    Exit code 0: written; 2: the folder is in use, or the model is not here.
    """
    tables = _tables(model)
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise _fail(f"{output}: is there already; name a new or empty folder")
    try:
        groups = VectorStore(data_folder("vectors")).groups()
        cases = list(exported_cases((case for group in groups for case in group.cases), model, tables))
        if len(cases) < FILES:
            raise _fail(f"there are {len(cases)} cases of the model {model!r} for {FILES} files")
        counts = _written_whole(output, cases)
    except (VectorError, ArrayError, DataNotFoundError, UpstreamError, OSError) as error:
        raise _fail(error) from error
    if as_json:
        typer.echo(json.dumps({"folder": str(output), "records": counts}))
    else:
        typer.echo(f"{sum(counts)} records in {FILES} vectors in {output}")


def _written_whole(output: Path, cases: list[ExportedCase]) -> list[int]:
    """Write all files into a folder beside `output`, which then takes its name."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.name}.") as temporary:
        draft = Path(temporary) / "vectors"
        draft.mkdir()
        counts = write_vectors(draft, cases)
        if output.exists():
            output.rmdir()  # it is empty
        draft.rename(output)
    return counts


def run_upstream(
    folder: Annotated[Path, typer.Argument(help="Folder with vectorN_dred.bit and vectorN_dred_dec.f32.")],
    adapter: Annotated[
        str, typer.Option("--adapter", "-a", help="A built-in adapter (native, reference) or a command line.")
    ] = "native",
    model: _Model = "libopus-1.6",
    thresholds: Annotated[
        tuple[float, float, float], typer.Option(help="Largest total, max and pitch that pass.")
    ] = (0.5, 0.15, 0.02),
    as_json: _Json = False,
) -> None:
    """Run the working group's DRED decoding vectors through an adapter and compare as upstream does.

    Example: dred vectors run-upstream ./vectors-of-the-wg --adapter native

    Exit code 0: all within the thresholds; 1: one is not; 2: files, model or adapter are unusable.
    """
    tables = _tables(model)
    rows: list[dict[str, Any]] = []
    try:
        limits = FeatureThresholds(*thresholds)
        with adapter_command(adapter, data_folder("vectors")) as command:
            for number, found in run_vectors(folder, command, model, tables, limits):
                rows.append(_row(number, found))
                if not as_json:
                    typer.echo(_line(number, found))
    except (*_FAULTS, DataNotFoundError, ModelError) as error:
        raise _fail(error) from error
    if as_json:
        typer.echo(json.dumps({"vectors": rows}))
    raise typer.Exit(0 if all(row["passed"] for row in rows) else FAILED)


def _row(number: int, found: FeatureComparison) -> dict[str, Any]:
    pitch = found.pitch if found.voiced_frames else None
    figures = {"total": found.total, "max": found.maximum, "pitch": pitch}
    return {"vector": number, "frames": found.frames, "passed": found.passed, **figures}


def _line(number: int, found: FeatureComparison) -> str:
    verdict = "pass" if found.passed else f"FAIL: {'; '.join(found.reasons)}"
    return (
        f"vector{number}: total {found.total:.6f} max {found.maximum:.6f} pitch {found.pitch:.6f} "
        f"over {found.frames} frames: {verdict}"
    )
