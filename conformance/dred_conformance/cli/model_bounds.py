"""``dred model bounds``: how wide the integers of the fixed-point profile can become."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from dred_model import ModelError, finding
from dred_reference.errors import DredError
from dred_reference.feature import LayerBounds, layer_bounds

__all__ = ["bounds"]


def bounds(
    name: Annotated[str, typer.Argument(help="A model with a decoder network.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Show the worst case of every layer of a decoder in the fixed-point profile, whatever its inputs.

    Example: dred model bounds libopus-1.6

    Exit code 0: the model has a fixed-point profile; 1: it has none, or there is no such model.
    """
    try:
        found = layer_bounds(finding.require_model(name).to_reference_network())
    except (ModelError, DredError) as error:
        Console(stderr=True).print(str(error), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in found]))
    else:
        typer.echo("\n".join(_lines(found)))
    raise typer.Exit(0 if all(_holds(each) for each in found) else 1)


def _holds(each: LayerBounds) -> bool:
    return (
        each.accumulator_fraction <= 1 and each.preactivation_fraction <= 1 and each.multiplier_fraction <= 1
    )


def _lines(found: tuple[LayerBounds, ...]) -> Iterator[str]:
    yield "largest magnitudes, and beside each what part of the allowed it is"
    yield (
        f"{'layer':<20}{'inputs':>7}{'outputs':>8}{'sum A':>22}{'':>7}{'preactivation Q16':>19}{'':>8}"
        f"{'multiplier Q31':>16}"
    )
    for each in found:
        line = (
            f"{each.layer:<20}{each.inputs:>7}{each.outputs:>8}{each.worst_accumulator:>22}"
            f"{each.accumulator_fraction:>7.3f}{each.worst_preactivation:>19}"
            f"{each.preactivation_fraction:>8.4f}"
        )
        is_int8 = each.kind == "int8"
        yield f"{line}{each.largest_multiplier:>16}{each.multiplier_fraction:>7.3f}" if is_int8 else line
