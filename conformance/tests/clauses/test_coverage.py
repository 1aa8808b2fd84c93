"""The coverage of this checkout is whole, and what would rot is found."""

from pathlib import Path

import pytest

from dred_conformance.clauses.annotations import collect
from dred_conformance.clauses.coverage import COLUMNS, coverage
from dred_conformance.clauses.errors import DuplicateIdError, FieldValueError, RegistryError
from dred_conformance.clauses.exceptions import CoverageException, load_exceptions
from dred_conformance.clauses.matrix import Matrix, matrix_of, summary_lines
from dred_conformance.clauses.records import Problem
from dred_conformance.clauses.registry import Registry, load_registry
from dred_conformance.clauses.stale import stale_annotations, stale_exceptions, unused_rules
from dred_conformance.data import checkout_root

HEAD = "import pytest\n\n"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.fixture(scope="module")
def matrix(registry: Registry) -> Matrix:
    root = checkout_root()
    if root is None:
        pytest.skip("no checkout: only the installed package is here")
    return matrix_of(root, registry)


def test_every_must_has_code_test_and_vector_or_a_reason(matrix: Matrix) -> None:
    assert [f"{row.clause.id} lacks {row.uncovered}" for row in matrix.uncovered] == []


def test_no_annotation_is_unknown_or_stale(matrix: Matrix) -> None:
    assert [str(problem) for problem in matrix.problems] == []


def test_the_figures_add_up(matrix: Matrix) -> None:
    figures = matrix.summary
    assert sum(figures["seen"].values()) == sum(figures["keyword"].values()) == len(matrix.rows)
    assert figures["must"] == figures["must_with_everything"] + figures["must_with_exception"]
    assert all(0 < figures["everything"] <= figures[column] <= len(matrix.rows) for column in COLUMNS)
    assert summary_lines(figures)[0].startswith(f"{len(matrix.rows)} clauses")


def test_almost_every_clause_has_everything(matrix: Matrix) -> None:
    # Raised by hand when a gap is closed; see the notes of 'dred cite coverage --missing'.
    assert matrix.summary["everything"] >= 133
    assert matrix.summary["code"] >= 144


def problems(tmp_path: Path, name: str, text: str) -> list[str]:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return [str(problem) for problem in stale_annotations(tmp_path, collect(tmp_path))]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("// clause: EXT-fit\nint fit() {\n", []),
        ("// clause: EXT-fit\n\nint fit() {\n", [1]),
        ("// clause: EXT-fit", [1]),
        ("// clause: EXT-fit, EXT-fit\nint fit() {\n", [1]),
        ("// clause: EXT-fit\n// clause: EXT-fit\nint fit() {\n", [1]),
        ("// clause: EXT-fit\nint fit(int) {\n}\n// clause: EXT-fit\nint fit(long) {\n}\n", []),
        ("// clause: EXT-fit\ninline constexpr int kFit = 3;\n", []),
    ],
)
def test_stale_comments(tmp_path: Path, text: str, lines: list[int]) -> None:
    found = problems(tmp_path, "native/src/fit.cpp", text)
    assert [int(problem.split(":")[1]) for problem in found] == lines


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('@clause("EXT-fit")\ndef fit(): ...\n', 0),
        ('@clause("EXT-fit", "EXT-fit")\ndef fit(): ...\n', 1),
        ('@clause("EXT-fit")\n@clause("EXT-fit")\ndef fit(): ...\n', 1),
        ('clause("EXT-fit")\ndef fit(): ...\n', 1),
    ],
)
def test_stale_decorators(tmp_path: Path, text: str, count: int) -> None:
    assert len(problems(tmp_path, "reference/dred_reference/fit.py", text)) == count


MARK = '@pytest.mark.clause("EXT-fit")\n'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (MARK + "def test_it(): assert read()\n", None),
        (MARK + '@pytest.mark.skip(reason="later")\ndef test_it(): ...\n', "marked skip"),
        (MARK + "@pytest.mark.skip\ndef test_it(): ...\n", "marked skip"),
        (MARK + "@pytest.mark.xfail\ndef test_it(): ...\n", "marked xfail"),
        (MARK + '@pytest.mark.skipif(True, reason="x")\ndef test_it(): ...\n', "always skipped"),
        (MARK + '@pytest.mark.skipif(not X, reason="x")\ndef test_it(): ...\n', None),
        (MARK + 'def test_it():\n    """Words."""\n    pytest.skip("later")\n', "starts with pytest.skip"),
        (MARK + "def check_it(): ...\n", "does not collect check_it"),
        ("class TestIt:\n    " + MARK + "    def test_it(self): ...\n", None),
        ("@pytest.mark.skip\nclass TestIt:\n    " + MARK + "    def test_it(self): ...\n", "marked skip"),
        ("pytestmark = pytest.mark.skip\n\n" + MARK + "def test_it(): ...\n", "marked skip"),
        ('pytestmark = [pytest.mark.clause("EXT-fit"), pytest.mark.skip]\n', "marked skip"),
        ('pytestmark = pytest.mark.clause("EXT-fit")\n', None),
        (MARK + MARK + "def test_it(): ...\n", "stands twice"),
    ],
)
def test_marks_that_prove_nothing(tmp_path: Path, text: str, reason: str | None) -> None:
    found = problems(tmp_path, "conformance/tests/test_it.py", HEAD + text)
    assert len(found) == (reason is not None)
    assert reason is None or reason in found[0]


def test_a_clause_twice_on_one_vector(tmp_path: Path) -> None:
    text = (
        '{"cases": [{"id": "a-1", "clauses": ["EXT-fit", "EXT-fit"]}, {"id": "a-2", "clauses": ["EXT-fit"]}]}'
    )
    found = problems(tmp_path, "vectors/extension/a.json", text)
    assert found == ["vectors/extension/a.json:1: 'EXT-fit' stands twice on a-1"]


def test_a_rule_that_nobody_reports(tmp_path: Path, registry: Registry) -> None:
    for name, text in (
        ("reference/a.py", 'raise PacketError("R1", "x", 0)\n'),
        ("native/src/a.cpp", "Rule::R2;"),
    ):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = "\n".join(str(problem) for problem in unused_rules(tmp_path, registry))
    assert "reference never reports the rule R2" in found
    assert "native never reports the rule R1" in found
    assert found.count("R1") == found.count("R2") == 1


def test_an_exception_that_is_not_needed(tmp_path: Path, registry: Registry) -> None:
    (tmp_path / "native").mkdir()
    (tmp_path / "native/a.cpp").write_text("// clause: EXT-ignored-by-old\nint a() {\n", encoding="utf-8")
    exceptions = {
        "EXT-ignored-by-old": CoverageException("EXT-ignored-by-old", ("native", "python"), "x"),
        "EXT-nowhere": CoverageException("EXT-nowhere", ("test",), "x"),
    }
    rows = coverage(registry, collect(tmp_path), exceptions)
    assert [problem.message for problem in stale_exceptions(rows, exceptions)] == [
        "'EXT-ignored-by-old' has an entry in 'native': the exception is not needed",
        "exception for the unknown clause 'EXT-nowhere'",
    ]
    row = next(row for row in rows if row.clause.id == "EXT-ignored-by-old")
    assert row.uncovered == ("test", "vector")


def test_a_clause_that_loses_its_test_is_found(tmp_path: Path, registry: Registry) -> None:
    (tmp_path / "spec-notes").mkdir()
    found = matrix_of(tmp_path, registry, {})
    assert not found.is_good
    assert {row.clause.id for row in found.uncovered} >= {"RFC6716-3.2.5-R6", "DRED-one-per-frame"}
    assert all(isinstance(problem, Problem) for problem in found.problems)


ENTRY = '[[exception]]\nclause = "EXT-fit"\ncolumns = ["test"]\nreason = "because"\n'


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (ENTRY, None),
        (ENTRY * 2, DuplicateIdError),
        (ENTRY.replace("test", "tests"), FieldValueError),
        (ENTRY.replace('["test"]', "[]"), FieldValueError),
        (ENTRY.replace("because", ""), FieldValueError),
        (ENTRY.replace("reason", "why"), RegistryError),
        ("[[exception", RegistryError),
        ("", RegistryError),
    ],
)
def test_the_file_of_exceptions(tmp_path: Path, text: str, error: type[RegistryError] | None) -> None:
    (tmp_path / "exceptions.toml").write_text(text, encoding="utf-8")
    if error is None:
        assert load_exceptions(tmp_path)["EXT-fit"].columns == ("test",)
    else:
        with pytest.raises(error):
            load_exceptions(tmp_path)


def test_a_missing_file_of_exceptions_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RegistryError):
        load_exceptions(tmp_path)
