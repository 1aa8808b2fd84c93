"""Mechanical changes: the rules, the drawing, and a sample of them put to the vectors."""

from collections import Counter
from pathlib import Path

import pytest

from dred_conformance.data import checkout_root
from dred_conformance.mutants.account import Account
from dred_conformance.mutants.finished import Finished
from dred_conformance.mutants.laboratory import Laboratory
from dred_conformance.mutants.mechanical import OPERATORS, Mutation, code_only, mutations, without_comments
from dred_conformance.mutants.sampling import drawing_order, quotas
from dred_conformance.mutants.survey import Explanation, Fate, Survey, explanations, offered, sources

NATIVE = (checkout_root() or Path()) / "native"
SOURCE = """#include <array>  // 1 + 2
static_assert(1 + 1 == 2);
int f(int a, std::span<const int> b) {
  /* a < b */ if (const int c = a + 7; c <= 9 && a) g("x + y", ' ');
  total += a << 3;
  ++count;
  return a;
}
"""


def changed_lines(source: str) -> set[tuple[str, str]]:
    return {(each.operator, each.changed) for each in mutations("f.cpp", source)}


def test_every_rule_changes_what_it_should() -> None:
    condition = "/* a < b */ if (const int c = a + 7; c <= 9 && a) g(\"x + y\", ' ');"
    assert changed_lines(SOURCE) == {
        ("arithmetic", condition.replace("a + 7", "a - 7")),
        ("relational", condition.replace("c <= 9", "c < 9")),
        ("logical", condition.replace("&&", "||")),
        ("constant", condition.replace("7", "8")),
        ("constant", condition.replace("7", "6")),
        ("constant", condition.replace("9", "10")),
        ("constant", condition.replace("9", "8")),
        ("condition", condition.replace("c <= 9 && a", "!(c <= 9 && a)")),
        ("arithmetic", "total -= a << 3;"),
        ("shift", "total += a >> 3;"),
        ("constant", "total += a << 4;"),
        ("constant", "total += a << 2;"),
        ("statement", ";"),
    }


def test_what_is_no_code_stays() -> None:
    code = code_only(SOURCE)
    assert len(code) == len(SOURCE)
    assert code.count("\n") == SOURCE.count("\n")
    assert not any(words in code for words in ("include", "static_assert", "x + y", "a < b", "1 + 2"))
    assert "b) {" in code


def test_a_comment_changes_no_hash() -> None:
    assert without_comments('a = 1;  // one\n\n// two\nb = "// no";\n') == 'a = 1;\nb = "// no";'


def test_applying_a_change_changes_one_place() -> None:
    for each in mutations("f.cpp", SOURCE):
        after = each.apply(SOURCE)
        assert after != SOURCE
        assert after[: each.start] == SOURCE[: each.start]
        assert after.endswith(SOURCE[each.end :])


def test_the_rules_find_plenty_in_the_core() -> None:
    found = [each for file in offered(NATIVE, ("scalar", "avx2")).values() for each in file]
    assert len(found) > 3000
    assert set(Counter(each.operator for each in found)) == set(OPERATORS)
    assert not any("avx2" in file for file in offered(NATIVE, ("scalar",)))


def test_the_drawing_is_the_same_everywhere_and_rules_take_turns() -> None:
    file = "src/extension_reader.cpp"
    found = mutations(file, (NATIVE / file).read_text(encoding="utf-8"))
    drawn = drawing_order(found, 1)
    assert drawn == drawing_order(list(reversed(found)), 1)
    assert drawn != drawing_order(found, 2)
    assert len({each.operator for each in drawn[:8]}) == len({each.operator for each in found})
    assert sorted(map(repr, drawn)) == sorted(map(repr, found))


def test_every_file_has_its_part() -> None:
    dealt = quotas({"large": 400, "small": 4, "tiny": 1, "empty": 0}, 30)
    assert sum(dealt.values()) == 30
    assert dealt["large"] > dealt["small"] >= 2
    assert dealt["tiny"] == 1
    assert "empty" not in dealt
    assert quotas({"a": 2, "b": 1}, 50) == {"a": 2, "b": 1}


def test_every_explained_survivor_is_a_change_that_the_rules_make() -> None:
    made = {each.key for file in offered(NATIVE, ("scalar", "avx2")).values() for each in file}
    known = explanations()
    assert sorted(set(known) - made) == []
    assert all(said.why.endswith(".") for said in known.values())
    assert len(sources(NATIVE)) > 50


def test_the_account_counts_only_changes() -> None:
    found = mutations("f.cpp", SOURCE)[:5]
    outcomes = ("killed", "killed", "survived", "survived", "uncompiled")
    fates = [Fate(each, outcome) for each, outcome in zip(found, outcomes, strict=True)]
    account = Account.of(fates, {found[2].key: Explanation("equivalent", "Because.")})
    assert (account.compiled, account.uncompiled) == (4, 1)
    assert account.rate == pytest.approx(2 / 3)
    assert [fate.mutation for fate in account.unexplained] == [found[3]]
    assert sum(total for _, total in account.by("operator").values()) == 3
    assert [entry["verdict"] for entry in account.to_json()["survivors"]] == ["equivalent", "unexplained"]


def test_a_sample_of_changes_is_caught_or_explained(room: Laboratory, tmp_path: Path) -> None:
    place = tmp_path / "mutations.jsonl"
    survey = Survey(room.copy, room.published, room.models, Finished(place), room.paths)
    cpp = {file: each for file, each in offered(NATIVE, room.paths).items() if file.endswith(".cpp")}
    first = {file: drawing_order(each, 20261122)[:8] for file, each in sorted(cpp.items())[::2]}
    fates = survey.run(first, 20, 20261122, 2)
    account = Account.of(fates, explanations())
    assert account.compiled >= 20
    assert account.unexplained == ()
    assert len(account.killed) >= 12
    known: list[Mutation] = [fate.mutation for fate in account.killed]
    assert [survey.fate(each).outcome for each in known] == ["killed"] * len(known)
    lines = place.read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(fates)
