"""What the notes and the registry refer to exists: divergences, rules, files."""

import re

import pytest

from dred_conformance.clauses.registry import load_registry
from dred_conformance.data import data_folder

NOTES = {
    path.name: path.read_text(encoding="utf-8") for path in sorted(data_folder("spec-notes").glob("*.md"))
}
SECTIONS = re.split(r"^## ", NOTES["divergences.md"], flags=re.MULTILINE)[1:]
FIELDS = ("Text", "Deployed", "We", "Affects", "Evidence")


def known_divergences() -> list[str]:
    return [section.split()[0] for section in SECTIONS]


def test_divergences_are_numbered_without_gaps() -> None:
    assert known_divergences() == [f"DIV-{number}" for number in range(1, len(SECTIONS) + 1)]
    assert len(SECTIONS) >= 15


@pytest.mark.parametrize("section", SECTIONS, ids=known_divergences())
def test_a_divergence_says_everything(section: str) -> None:
    assert re.findall(r"^- \*\*(\w+)\*\*", section, flags=re.MULTILINE) == list(FIELDS)
    evidence = section[section.index("**Evidence**") :]
    assert re.search(r"Clauses? (RFC6716|EXT|DRED|FIX)-", evidence)


def test_every_divergence_that_is_named_exists() -> None:
    named = {match for text in NOTES.values() for match in re.findall(r"DIV-\d+", text)}
    named |= {match for clause in load_registry() for match in re.findall(r"DIV-\d+", clause.notes)}
    assert named - set(known_divergences()) == set()


def test_every_rule_that_is_named_exists() -> None:
    named = {match for text in NOTES.values() for match in re.findall(r"(?<![\w.-])([RBEDNW]\d)(?!\w)", text)}
    # The coefficients N0 .. D2 of the deployed tanh are the only other names of this form.
    assert named - {"N0", "D0"} == set(load_registry().rules)


def test_links_lead_to_files() -> None:
    for text in NOTES.values():
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (data_folder("spec-notes") / target).exists(), target
