"""The published vectors catch every seeded bug of the core, in a copy of it, without the official model."""

import shutil
from pathlib import Path

import pytest

import dred_native
from dred_conformance.data import checkout_root, data_folder
from dred_conformance.mutants.build import CoreCopy
from dred_conformance.mutants.catalogue import KINDS, Mutant, MutantError, load_mutants
from dred_conformance.mutants.killing import check_sound, killers
from dred_conformance.vectors.case import Case
from dred_conformance.vectors.store import VectorStore

MUTANTS = load_mutants()
NATIVE = checkout_root() / "native"


def published_cases() -> list[Case]:
    store = VectorStore(data_folder("vectors"))
    return [
        case
        for group in store.groups()
        for case in group.cases
        if case.stage == "feature" and "official-model" not in case.flags
    ]


def model_folders() -> list[Path]:
    return sorted(path.parent for path in data_folder("vectors").glob("models/*/model.json"))


@pytest.mark.parametrize("path", ["scalar", "avx2"])
def test_every_seeded_bug_is_caught(path: str, tmp_path: Path) -> None:
    if path not in dred_native.simd_paths():
        pytest.skip(f"this processor has no {path}")
    mutants = [mutant for mutant in MUTANTS if mutant.path == path]
    assert len(mutants) >= 5
    cases, models = published_cases(), model_folders()
    copy = CoreCopy(tmp_path / "core", NATIVE, jobs=2)
    check_sound(copy, path, cases, models)
    survivors = [mutant.id for mutant in mutants if not killers(copy, mutant, cases, models)]
    assert survivors == []
    check_sound(copy, path, cases[:20], models)  # the copy is as it was


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.id)
def test_a_seeded_bug_fits_the_source(mutant: Mutant) -> None:
    source = (NATIVE / mutant.file).read_text(encoding="utf-8")
    assert mutant.apply(source) != source


def test_every_kind_the_issue_names_is_there() -> None:
    kinds = {mutant.kind for mutant in MUTANTS}
    assert kinds >= {"rounding", "shift", "order", "concatenation", "table", "clamp"}
    assert kinds <= set(KINDS)


def test_a_bug_that_does_not_fit_is_refused() -> None:
    mutant = Mutant("m", "shift", "feature", "a.cpp", "x", "y", "scalar")
    with pytest.raises(MutantError, match="occurs 2 times"):
        mutant.apply("x x")
    with pytest.raises(MutantError, match="occurs 0 times"):
        mutant.apply("z")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[mutant]]\nid = "a"\n', "lacks"),
        ('[[mutant]]\nid="a"\nkind="odd"\nstage="feature"\nfile="f"\nold="o"\nnew="n"\n', "unknown kind"),
        (
            '[[mutant]]\nid="a"\nkind="shift"\nstage="feature"\nfile="f"\nold="o"\nnew="n"\n' * 2,
            "two mutants",
        ),
    ],
)
def test_a_malformed_catalogue_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mutants.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MutantError, match=said):
        load_mutants(path)


def test_a_core_that_does_not_compile_says_why(tmp_path: Path) -> None:
    native = tmp_path / "native"
    for name in ("include/dred", "src", "operations", "adapter"):
        (native / name).mkdir(parents=True)
    shutil.copyfile(NATIVE / "include/dred/version.hpp.in", native / "include/dred/version.hpp.in")
    (native / "src" / "broken.cpp").write_text("int main( {", encoding="utf-8")
    copy = CoreCopy(tmp_path / "core", native)
    with pytest.raises(MutantError, match=r"broken\.cpp"):
        copy.build()
