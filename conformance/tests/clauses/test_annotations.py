"""The collector finds every kind of annotation, and no annotation of this repository has an unknown id."""

from pathlib import Path

import pytest

from dred_conformance.clauses.annotations import Collection, collect, unknown_ids
from dred_conformance.clauses.coverage import coverage, uncovered
from dred_conformance.clauses.registry import Registry, load_registry
from dred_conformance.data import checkout_root

BIT_EXACT_STAGES = ("packet", "extension", "payload", "latent")

PYTHON = """
from dred_reference import clauses
from dred_reference.clauses import clause

@clause("EXT-fit", "EXT-short")
def read(): ...

class Reader:
    @clauses.clause(
        "EXT-order",
    )
    def next(self):
        trace.field("id", "EXT-header")
        return "not-EXT-header"
"""
TESTS = """
import pytest

pytestmark = pytest.mark.clause("EXT-area")

@pytest.mark.clause("EXT-fit")
@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.clause("EXT-nowhere"))])
def test_it(x):
    clause("EXT-not-an-annotation")
"""
CPP = """
// clause: EXT-long-rest, EXT-long-lacing
[[nodiscard]] Result read_long(Span area) noexcept {
  trace("EXT-long-rest");
}
  /// clause: DRED-stop
  // why it is so
  struct Decoder {
// Reads to the end. clause: EXT-order,
// EXT-header
template <typename Sink>
Status read_all(Sink& sink) {
// clause: EXT-separator-one

int detached();
// clause:
"""
VECTORS = r"""{
  "comment": "a string with \"clauses\": [ in it",
  "cases": [
    {"id": "a-1", "clauses": ["EXT-fit"],
     "clauses_of_error": {}},
    {"clauses": [
       "EXT-area", "EXT-nowhere", 3], "id": "a-2"},
    {"id": "a-3", "clauses": []}
  ],
  "schema": {"clauses": {"type": "array"}}
}"""


def tree(tmp_path: Path, **files: str) -> Collection:
    places = {
        "python": "reference/dred_reference/reader.py",
        "tests": "conformance/tests/extension/test_reader.py",
        "cpp": "native/src/read_long.cpp",
        "cpp_test": "native/tests/read_long.cpp",
        "vectors": "vectors/extension/basic.json",
        "note": "spec-notes/extensions.md",
        "built": "native/build-tidy/copy.cpp",
    }
    for name, text in files.items():
        path = tmp_path / places[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return collect(tmp_path)


def rows(collection: Collection) -> set[tuple[str, str, int, str]]:
    return {(item.clause_id, item.kind, item.line, item.target) for item in collection.annotations}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


def test_decorators_of_functions_and_methods(tmp_path: Path) -> None:
    found = rows(tree(tmp_path, python=PYTHON))
    assert {row for row in found if row[1] == "code"} == {
        ("EXT-fit", "code", 5, "read"),
        ("EXT-short", "code", 5, "read"),
        ("EXT-order", "code", 10, "Reader.next"),
    }
    assert ("EXT-header", "mention", 13, "") in found


@pytest.mark.parametrize("call", ["clause()", "clause(*IDS)", "clause(name)", 'clause("EXT-fit", extra=1)'])
def test_a_decorator_without_literal_ids_is_a_problem(tmp_path: Path, call: str) -> None:
    problems = tree(tmp_path, python=f"\n@{call}\ndef read(): ...\n").problems
    assert [str(problem.path) for problem in problems] == ["reference/dred_reference/reader.py"]
    assert problems[0].line == 2


def test_marks_of_tests(tmp_path: Path) -> None:
    assert rows(tree(tmp_path, tests=TESTS)) == {
        ("EXT-area", "test", 4, ""),
        ("EXT-fit", "test", 6, "test_it"),
        ("EXT-nowhere", "test", 7, "test_it"),
    }


def test_comments_of_native_code(tmp_path: Path) -> None:
    collection = tree(
        tmp_path, cpp=CPP, cpp_test="// clause: EXT-fit\nTEST(fit) {", built="// clause: EXT-nowhere\n"
    )
    assert rows(collection) == {
        ("EXT-long-rest", "code", 2, "read_long"),
        ("EXT-long-lacing", "code", 2, "read_long"),
        ("EXT-long-rest", "mention", 4, ""),
        ("DRED-stop", "code", 6, "Decoder"),
        ("EXT-order", "code", 9, "read_all"),
        ("EXT-header", "code", 10, "read_all"),
        ("EXT-separator-one", "code", 13, ""),
        ("EXT-fit", "test", 1, "TEST"),
    }
    assert [str(problem) for problem in collection.problems] == [
        "native/src/read_long.cpp:16: a clause comment without an id"
    ]


def test_lists_of_vectors(tmp_path: Path) -> None:
    collection = tree(tmp_path, vectors=VECTORS)
    assert rows(collection) == {
        ("EXT-fit", "vector", 4, "a-1"),
        ("EXT-area", "vector", 6, "a-2"),
        ("EXT-nowhere", "vector", 6, "a-2"),
    }
    assert [problem.line for problem in collection.problems] == [6]


def test_a_vector_file_that_is_no_json_is_a_problem(tmp_path: Path) -> None:
    problems = tree(tmp_path, vectors='{\n"clauses": [}').problems
    assert [str(problem.path) for problem in problems] == ["vectors/extension/basic.json"]
    assert problems[0].line == 2


def test_ids_in_notes_are_mentions(tmp_path: Path) -> None:
    note = "see (EXT-fit), `DRED-availability-1.6.1`, RFC6716-3.2.5-R6.\nNOT-EXT-fit and draft-ietf-x\n"
    assert rows(tree(tmp_path, note=note)) == {
        ("EXT-fit", "mention", 1, ""),
        ("DRED-availability-1.6.1", "mention", 1, ""),
        ("RFC6716-3.2.5-R6", "mention", 1, ""),
    }


def test_an_unknown_id_is_reported_with_file_and_line(tmp_path: Path, registry: Registry) -> None:
    collection = tree(tmp_path, vectors=VECTORS, tests=TESTS, note="EXT-nothing")
    assert sorted(str(problem) for problem in unknown_ids(collection, registry)) == [
        "conformance/tests/extension/test_reader.py:7: unknown clause id 'EXT-nowhere'",
        "spec-notes/extensions.md:1: unknown clause id 'EXT-nothing'",
        "vectors/extension/basic.json:6: unknown clause id 'EXT-nowhere'",
    ]


def test_coverage_joins_code_test_and_vector(tmp_path: Path, registry: Registry) -> None:
    matrix = coverage(registry, tree(tmp_path, python=PYTHON, tests=TESTS, vectors=VECTORS, cpp=CPP))
    by_id = {row.clause.id: row for row in matrix}
    assert list(by_id) == list(registry.clauses)
    assert by_id["EXT-fit"].missing == ("native",)
    assert [str(cell) for cell in by_id["EXT-fit"].vectors] == ["vectors/extension/basic.json:4"]
    assert by_id["EXT-area"].missing == ("python", "native")
    assert by_id["EXT-long-rest"].missing == ("python", "test", "vector")
    assert by_id["EXT-short"].missing == ("native", "test", "vector")
    assert by_id["EXT-write"].missing == ("python", "native", "test", "vector")
    assert {row.clause.keyword for row in uncovered(matrix)} == {"MUST", "MUST NOT"}


def test_this_repository_names_no_unknown_clause(registry: Registry) -> None:
    root = checkout_root()
    if root is None:
        pytest.skip("no checkout: only the installed package is here")
    collection = collect(root)
    problems = [*unknown_ids(collection, registry), *collection.problems]
    assert not problems, "\n".join(str(problem) for problem in problems)


def test_every_must_of_the_bit_exact_stages_has_a_row(registry: Registry) -> None:
    root = checkout_root()
    if root is None:
        pytest.skip("no checkout: only the installed package is here")
    matrix = coverage(registry, collect(root))
    musts = [row for row in matrix if row.clause.keyword.startswith("MUST")]
    in_stages = [row.clause.id for row in musts if row.clause.stage in BIT_EXACT_STAGES]
    assert len(in_stages) == 20
    assert [row.clause.id for row in musts if row.clause.stage not in BIT_EXACT_STAGES] == [
        "RFC6716-6-threshold"
    ]
