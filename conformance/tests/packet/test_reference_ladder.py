"""The modules of the literal implementation import only from below, so that they can be read in order."""

import ast
import doctest
from pathlib import Path

import dred_reference

LADDER = [
    "errors",
    "clauses",
    "trace",
    "bit_fields",
    "packet",
    "extension",
    "packet_padding",
    "range_decoder",
    "range_encoder",
    "laplace",
    "wire",
    "location",
    "tables",
    "schedule",
    "payload",
    "latent",
    "availability",
    "network",
    "feature",
    "analysis",
    "resampling",
    "encoding",
    "redundancy",
    "vocoder",
    "concealment",
    "receiver",
]


def imported_rungs(source: Path) -> set[str]:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    names = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {name.split(".")[1] for name in names if name.startswith("dred_reference.")}


def test_modules_import_downwards_only() -> None:
    (folder,) = (Path(path) for path in dred_reference.__path__)
    found = set()
    for source in folder.rglob("*.py"):
        rung = source.relative_to(folder).parts[0].removesuffix(".py")
        if rung == "__init__":
            continue
        found.add(rung)
        below = {*LADDER[: LADDER.index(rung)], rung}
        if rung == "errors":
            below.add("extension")  # for the type of ExtensionError.extensions only
        assert imported_rungs(source) <= below, source
    assert found == set(LADDER)


def test_the_examples_of_the_package_are_true() -> None:
    outcome = doctest.testmod(dred_reference)
    assert outcome.attempted >= 4
    assert outcome.failed == 0
