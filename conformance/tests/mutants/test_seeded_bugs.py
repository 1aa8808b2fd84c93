"""The published vectors catch every seeded bug of the core, in a copy of it, without the official model."""

import concurrent.futures
import shutil
from pathlib import Path

import pytest

from dred_conformance.data import checkout_root
from dred_conformance.mutants.build import CoreCopy
from dred_conformance.mutants.catalogue import Mutant, MutantError, load_mutants
from dred_conformance.mutants.finished import Finished
from dred_conformance.mutants.killing import check_sound, killers
from dred_conformance.mutants.laboratory import Laboratory
from dred_conformance.mutants.matrix import kill_matrix, summary
from dred_conformance.vectors.store import VectorStore

MUTANTS = load_mutants()
ASKED_FIRST = 2


def is_caught(room: Laboratory, mutant: Mutant) -> bool:
    """Put a bug to the first cases that are said to catch it; where they do not, to all of its stage."""
    own = [case for case in room.published if case.stage == mutant.stage]
    listed = [case for case in own if mutant.id in case.kills]
    program = room.copy.build_mutant(mutant)
    try:
        return any(
            cases and killers(program, cases, room.models, only_first=True)
            for cases in (listed[:ASKED_FIRST], own)
        )
    finally:
        program.unlink()


def test_every_seeded_bug_is_caught_and_every_argued_one_is_not(room: Laboratory) -> None:
    tried = [mutant for mutant in MUTANTS if mutant.path in room.paths]
    assert len(tried) >= 250
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        caught = dict(
            zip(
                (mutant.id for mutant in tried),
                pool.map(lambda each: is_caught(room, each), tried),
                strict=True,
            )
        )
    assert [mutant.id for mutant in tried if caught[mutant.id] == bool(mutant.equivalent)] == []


def test_the_written_kills_name_a_case_without_the_official_model_for_every_bug(room: Laboratory) -> None:
    listed = {name for case in room.published for name in case.kills}
    assert sorted(mutant.id for mutant in MUTANTS if not mutant.equivalent) == sorted(listed)


def test_kills_are_of_the_cases_own_stage(store: VectorStore) -> None:
    stages = {mutant.id: mutant.stage for mutant in MUTANTS}
    for group in store.groups():
        for case in group.cases:
            assert {stages[name] for name in case.kills} <= {case.stage}, case.id
            assert list(case.kills) == sorted(set(case.kills)), case.id


def test_written_kills_are_those_of_a_run(room: Laboratory) -> None:
    chosen = [mutant for mutant in MUTANTS if mutant.path in room.paths][::40]
    parts = [room.published, room.bundled]
    matrices = kill_matrix(room.copy, chosen, parts, room.models, Finished(None), jobs=2)
    for mutant in chosen:
        for part, matrix in zip(parts, matrices, strict=True):
            written = [case.id for case in part if mutant.id in case.kills]
            assert matrix[mutant.id] == written, mutant.id
    for stage, entry in summary(chosen, matrices, {mutant.id: [] for mutant in chosen}).items():
        assert entry.survivors == (), stage
        assert entry.killed == entry.mutants


def test_results_are_kept_until_something_changes(room: Laboratory, tmp_path: Path) -> None:
    mutant = next(mutant for mutant in MUTANTS if mutant.stage == "packet")
    place = tmp_path / "deep" / "kills.jsonl"
    done: list[str] = []

    def run(cases: int) -> dict[str, list[str]]:
        asked = [case for case in room.published if case.stage == "packet"][:cases]
        finished = Finished(place)
        (matrix,) = kill_matrix(room.copy, [mutant], [asked], room.models, finished, progress=done.append)
        return matrix

    first = run(60)
    assert first[mutant.id]
    place.write_text(place.read_text(encoding="utf-8") + '{"key": "cut sho', encoding="utf-8")
    assert run(60) == first
    assert len(place.read_text(encoding="utf-8").splitlines()) == 2
    run(59)
    assert len(place.read_text(encoding="utf-8").splitlines()) == 3
    assert done == [mutant.id] * 3


def test_a_bug_that_crashes_is_caught_by_the_case_that_was_asked(room: Laboratory) -> None:
    mutant = next(mutant for mutant in MUTANTS if mutant.id == "toc-read-before-the-size")
    own = [case for case in room.published if case.stage == "packet"]
    program = room.copy.build_mutant(mutant)
    found = killers(program, own, room.models)
    program.unlink()
    empty = [case.id for case in own if case.input.get("packet") == ""]
    assert found == empty


def test_a_bug_that_hangs_is_caught_within_its_time(room: Laboratory, tmp_path: Path) -> None:
    program = tmp_path / "hangs"
    program.write_text("#!/bin/sh\nsleep 60\n", encoding="utf-8")
    program.chmod(0o755)
    asked = room.published[:9]
    found = killers(program, asked, [], timeout_s=0.2)
    assert found == [case.id for case in asked[:2]]  # then it is given up


def test_a_core_that_fails_or_is_not_asked_proves_nothing(room: Laboratory) -> None:
    with pytest.raises(MutantError, match="no case was chosen"):
        check_sound(room.copy, "scalar", [], room.models)
    needing_a_model = [case for case in room.published if case.stage == "latent"]
    with pytest.raises(MutantError, match="the unchanged core"):
        check_sound(room.copy, "scalar", needing_a_model, [])


def test_a_core_that_does_not_compile_says_why(tmp_path: Path) -> None:
    native = tmp_path / "native"
    for name in ("include/dred", "src", "operations", "adapter"):
        (native / name).mkdir(parents=True)
    template = "include/dred/version.hpp.in"
    shutil.copyfile((checkout_root() or Path()) / "native" / template, native / template)
    (native / "src" / "broken.cpp").write_text("int main( {", encoding="utf-8")
    copy = CoreCopy(tmp_path / "core", native)
    with pytest.raises(MutantError, match=r"broken\.cpp"):
        copy.build()
