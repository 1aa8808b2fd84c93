"""Every constant of the notes has the value that its expression has, and that the reference has."""

import importlib
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest

from dred_conformance.clauses.notes import ConstantRow, NoteError, constant_rows, evaluate
from dred_conformance.clauses.registry import load_registry
from dred_conformance.data import checkout_root, data_folder

ROWS = [row for path in sorted(data_folder("spec-notes").glob("*.md")) for row in constant_rows(path)]


def plain(value: Any) -> Any:
    """Return numbers as they are, and sequences of any kind as tuples."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, bytes | list | tuple):
        return tuple(plain(item) for item in value)
    return value


def constants_of(package_name: str) -> dict[str, list[tuple[str, Any]]]:
    """Return the upper-case names of all the modules of a package, with module and value."""
    package = importlib.import_module(package_name)
    names = [module.name for module in pkgutil.walk_packages(package.__path__, f"{package_name}.")]
    found: dict[str, list[tuple[str, Any]]] = {}
    for name in [package_name, *names]:
        for constant, value in vars(importlib.import_module(name)).items():
            if constant.isupper():
                found.setdefault(constant.lstrip("_"), []).append((name, plain(value)))
    return found


def evaluated_rows() -> dict[str, Any]:
    values: dict[str, Any] = {}
    for row in ROWS:
        values[row.name] = evaluate(row.value, values)
    return values


def test_no_constant_is_defined_twice() -> None:
    names = [row.name for row in ROWS]
    assert len(names) > 40
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_evaluated_value_is_that_of_the_expression(row: ConstantRow) -> None:
    assert evaluate(row.value, evaluated_rows()) == evaluate(row.evaluated, {}), f"{row.path}:{row.line}"


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_every_constant_names_a_clause(row: ConstantRow) -> None:
    assert row.clause in load_registry(), f"{row.path}:{row.line}"


def test_the_reference_has_the_same_values() -> None:
    in_code = constants_of("dred_reference")
    in_notes = evaluated_rows()
    shared = sorted(in_notes.keys() & in_code.keys())
    assert shared, "the notes and dred_reference share no name: this test compares nothing"
    wrong = [
        f"{name}: {in_notes[name]} in the notes, {value} in {module}"
        for name in shared
        for module, value in in_code[name]
        if value != in_notes[name]
    ]
    assert not wrong, "\n".join(wrong)


# Names of the native core, which goes its own way, and of the same constants in the notes.
NATIVE_NAMES = {
    "kCodeBottom": "CODE_BOTTOM",
    "kCodeShift": "CODE_SHIFT",
    "kCodeTop": "CODE_TOP",
    "kFirstLongId": "FIRST_LONG_ID",
    "kFirstShortId": "FIRST_SHORT_ID",
    "kLaplaceBits": "TOTAL_BITS",
    "kLaplaceTotal": "LAPLACE_TOTAL",
    "kLastId": "LARGEST_ID",
    "kLevels": "LEVELS",
    "kMaxDimension": "MOST_DIMENSIONS",
    "kMaxEncodedMagnitude": "LARGEST_MAGNITUDE",
    "kMaxFilledSize": "LARGEST_FILL",
    "kMaxFrameSize": "LARGEST_FRAME",
    "kMaxFrames": "MOST_FRAMES",
    "kMaxLatents": "MOST_LATENTS",
    "kMaxLevel": "LARGEST_LEVEL",
    "kMaxPacketSamples48": "LONGEST_PACKET",
    "kNewestOffset": "NEWEST_OFFSET",
    "kOldestOffset": "OLDEST_OFFSET",
    "kSymbolMax": "SYM_MAX",
    "kUintBits": "UINT_BITS",
}
NATIVE_CONSTANT = re.compile(r"inline constexpr [\w:]+ (?P<name>k\w+) = (?P<value>[^;]+);")


def native_constants(root: Path) -> dict[str, Any]:
    """Return the constants of the native headers that the notes know, read as text."""
    found: dict[str, Any] = {}
    for path in sorted((root / "native" / "include").rglob("*.hpp")):
        for match in NATIVE_CONSTANT.finditer(path.read_text(encoding="utf-8")):
            if match["name"] in NATIVE_NAMES:
                number = re.sub(r"std::\w+\{(\w+)\}|(?<=[0-9A-F])[uUlL]+", r"\1", match["value"])
                found[match["name"]] = evaluate(number, found)
    return found


@pytest.fixture(scope="module")
def native() -> dict[str, Any]:
    root = checkout_root()
    if root is None:
        pytest.skip("no checkout: the native headers are not installed")
    return native_constants(root)


def test_the_native_headers_are_found(native: dict[str, Any]) -> None:
    assert len(native) > 10


@pytest.mark.parametrize("name", NATIVE_NAMES)
def test_the_native_core_has_the_same_value(name: str, native: dict[str, Any]) -> None:
    if name not in native:
        pytest.skip("the native headers have no constant of this name")
    assert native[name] == evaluated_rows()[NATIVE_NAMES[name]]


def test_the_wire_profiles_of_the_reference_are_those_of_the_notes() -> None:
    profiles = importlib.import_module("dred_reference.wire").WIRE_PROFILES
    notes = evaluated_rows()
    found = {name: (profile.extension_id, plain(profile.prefix)) for name, profile in profiles.items()}
    assert found == {
        "experimental-12": (notes["EXPERIMENTAL_EXTENSION_ID"], notes["EXPERIMENTAL_PREFIX"]),
        "bundled-1": (notes["EXPERIMENTAL_EXTENSION_ID"], notes["BUNDLED_PREFIX"]),
        "draft-32": (notes["DRAFT_EXTENSION_ID"], ()),
        "experimental-10": (notes["EXPERIMENTAL_EXTENSION_ID"], (notes["EXPERIMENT_MARK"], 10)),
    }


HEADER = "| name | value | evaluated | clause |"
TABLE = f"<!-- constants -->\n{HEADER}\n|---|---|---|---|\n{{rows}}\n<!-- /constants -->\n"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "note.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_row_keeps_escaped_bars_and_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, TABLE.format(rows="| A | 1 << 2 \\| 1 | 5 | EXT-fit |"))
    assert list(constant_rows(path)) == [ConstantRow("A", "1 << 2 | 1", "5", "EXT-fit", path, 4)]


@pytest.mark.parametrize(
    "text",
    [
        TABLE.format(rows="| A | 1 | 1 |"),
        TABLE.replace("evaluated", "result"),
        TABLE.removesuffix("<!-- /constants -->\n"),
        TABLE.replace("<!-- constants -->", ""),
        HEADER,
    ],
)
def test_a_malformed_table_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(NoteError):
        list(constant_rows(written(tmp_path, text)))


def test_expressions() -> None:
    assert evaluate("(A - 1) // 3 % 5, -2 ** 3, 1 << 4 | 1 & 3 >> 1", {"A": 22}) == (2, -8, 17)


@pytest.mark.parametrize("expression", ["B + 1", "len((1, 2))", "'a'", "[1]", "1 / 2", "~1", "A.real"])
def test_only_arithmetic_is_evaluated(expression: str) -> None:
    with pytest.raises(NoteError):
        evaluate(expression, {"A": 1})
