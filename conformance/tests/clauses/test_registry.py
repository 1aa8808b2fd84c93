"""The registry loads, is complete, and refuses what it does not know."""

import dataclasses
import re
from pathlib import Path

import pytest

from dred_conformance.clauses.errors import (
    DuplicateIdError,
    FieldValueError,
    RegistryError,
    UnknownFieldError,
)
from dred_conformance.clauses.registry import Clause, load_registry

# The ids that the parts of the suite agreed on. They are anchors: an id may be added, never renamed.
AGREED_IDS = """
RFC6716-3-framing RFC6716-3-selfdelim RFC6716-3.1-R1 RFC6716-3.2.1-zero RFC6716-3.2.1-R2 RFC6716-3.2.3-R3
RFC6716-3.2.4-R4 RFC6716-3.2.5-count RFC6716-3.2.5-R5 RFC6716-3.2.5-padlen RFC6716-3.2.5-padzero
RFC6716-3.2.5-padany RFC6716-3.2.5-P RFC6716-3.2.5-R6 RFC6716-3.2.5-R7 RFC6716-3.4-reject RFC6716-4.1.2.1-raw
RFC6716-4.1.2.1-zero RFC6716-4.1.4-overlap RFC6716-4.1.5-range RFC6716-6-threshold RFC6716-6-range
RFC6716-3.1-toc RFC6716-3.2.1-length RFC6716-3.2.2-code0 RFC6716-3.2.3-code1 RFC6716-3.2.4-code2
RFC6716-3.2.5-code3 RFC6716-4.1.1-init RFC6716-4.1.2-symbol RFC6716-4.1.2.1-renorm RFC6716-4.1.3.1-bin
RFC6716-4.1.3.2-logp RFC6716-4.1.3.3-icdf RFC6716-4.1.4-raw RFC6716-4.1.5-uint RFC6716-4.1.6.1-tell
RFC6716-4.1.6.2-tellfrac RFC6716-5.1-init RFC6716-5.1.1-symbol RFC6716-5.1.1.1-renorm RFC6716-5.1.1.2-carry
RFC6716-5.1.2-alternates RFC6716-5.1.3-raw RFC6716-5.1.4-uint RFC6716-5.1.5-finalise RFC6716-5.1.6-tell
RFC6716-B-selfdelim
EXT-area EXT-header EXT-padding-rest EXT-padding-byte EXT-separator-one EXT-separator-n EXT-separator-zero
EXT-frame-range EXT-short EXT-long-rest EXT-long-lacing EXT-fit EXT-error-keeps EXT-ignored-by-old EXT-repeat
EXT-repeat-source EXT-repeat-last-long EXT-repeat-trailing EXT-repeat-advance EXT-repeat-more
EXT-repeat-ignored EXT-order EXT-write EXT-write-separator EXT-write-last EXT-write-repeat EXT-write-pad
EXT-write-limits EXT-packet
DRED-locate DRED-locate-first DRED-version DRED-one-per-frame DRED-one-per-packet DRED-first-frame
DRED-silence DRED-frame-offset DRED-header-q0 DRED-header-dq DRED-offset-extra DRED-offset-low
DRED-offset-sign DRED-qmax
DRED-schedule DRED-state DRED-latents DRED-stop DRED-last-latent DRED-decode-all DRED-symbol-skip
DRED-laplace-sign DRED-laplace-magnitude DRED-laplace-escape DRED-dequantise DRED-scale-zero DRED-level-input
DRED-always-decodes DRED-availability DRED-availability-end DRED-availability-1.6.1 DRED-write-header
DRED-write-qmax DRED-write-state DRED-write-latents DRED-write-budget DRED-write-last DRED-quantise
"""

RULE_IDS = "R1 R2 R3 R4 R5 R6 R7 B1 B2 B3 E1 E2 E3 E4 E5 D1 D2 N1 N2 N3 W1 W2"

# The requirement words of the texts that were seen, counted by hand.
KEYWORDS = {
    "MUST": "3-framing 3.1-R1 3.2.3-R3 3.2.4-R4 3.2.5-count 3.2.5-padlen 3.2.5-padzero 3.2.5-padany 3.2.5-P "
    "3.2.5-R6 3.2.5-R7 4.1.2.1-raw 4.1.2.1-zero 4.1.4-overlap 6-threshold 6-range",
    "MUST NOT": "3.2.1-R2 3.2.5-R5 3.4-reject",
    "SHOULD": "4.1.5-range",
    "MAY": "3.2.1-zero",
    "OPTIONAL": "3-selfdelim",
}

DOCUMENT = """
[document]
name = "some text"
newest_revision = "1"
url = "https://example.org/text"
seen_of_text = "all"
"""
RULES = """
[[rule]]
id = "R1"
stage = "packet"
meaning = "a rule"
position = ""
clauses = ["EXT-one"]
deployed_code = ""
"""
FIELDS = {
    "id": '"EXT-one"',
    "document": '"some text"',
    "revision": '"1"',
    "section": '"2"',
    "keyword": '"MUST"',
    "summary": '"something"',
    "seen": '"text"',
    "text_sha256": '""',
    "stage": '"packet"',
    "rules": '["R1"]',
    "notes": '""',
}


def clause_table(**changes: str | None) -> str:
    fields = FIELDS | changes
    return "[[clause]]\n" + "".join(
        f"{name} = {value}\n" for name, value in fields.items() if value is not None
    )


def folder_with(tmp_path: Path, *tables: str, rules: str = RULES) -> Path:
    (tmp_path / "clauses").mkdir()
    (tmp_path / "clauses" / "text.toml").write_text(DOCUMENT + "\n".join(tables), encoding="utf-8")
    (tmp_path / "rules.toml").write_text(rules, encoding="utf-8")
    return tmp_path


def test_every_agreed_clause_and_rule_is_registered() -> None:
    registry = load_registry()
    assert sorted(set(AGREED_IDS.split()) - set(registry.clauses)) == []
    assert sorted(registry.rules) == sorted(RULE_IDS.split())


def test_keywords_of_the_rfc_are_those_of_the_text() -> None:
    registry = load_registry()
    for keyword, names in KEYWORDS.items():
        ids = {
            clause.id for clause in registry if clause.keyword == keyword and clause.document == "RFC 6716"
        }
        assert ids == {f"RFC6716-{name}" for name in names.split()}


def test_section_of_an_rfc_clause_is_the_one_in_its_id() -> None:
    for clause in load_registry():
        if clause.document == "RFC 6716" and (match := re.match(r"RFC6716-([0-9A-Z.]+)-", clause.id)):
            assert match[1] == clause.section


def test_sections_of_drafts_are_given_only_where_they_were_seen() -> None:
    drafts = [clause for clause in load_registry() if clause.document.startswith("draft-")]
    assert {clause.section for clause in drafts} == {"", "2"}
    assert {clause.id for clause in drafts if clause.section} == {
        "DRED-one-per-frame",
        "DRED-one-per-packet",
        "DRED-first-frame",
        "DRED-silence",
    }


def test_no_sentence_is_claimed_to_be_held() -> None:
    assert [clause.id for clause in load_registry() if clause.text_sha256] == []


def test_a_clause_is_immutable() -> None:
    clause = load_registry()["EXT-fit"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        clause.id = "EXT-other"  # type: ignore[misc]


def test_a_small_registry_loads(tmp_path: Path) -> None:
    registry = load_registry(folder_with(tmp_path, clause_table()))
    assert registry["EXT-one"] == Clause(
        "EXT-one", "some text", "1", "2", "MUST", "something", "text", "", "packet", ("R1",), ""
    )


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"keywrod": '"MUST"'}, UnknownFieldError),
        ({"notes": None}, UnknownFieldError),
        ({"keyword": '"must"'}, FieldValueError),
        ({"document": '"another text"'}, FieldValueError),
        ({"stage": '"packets"'}, FieldValueError),
        ({"seen": '"heard"'}, FieldValueError),
        ({"seen": '"implementation"'}, FieldValueError),
        ({"revision": '""'}, FieldValueError),
        ({"summary": '""'}, FieldValueError),
        ({"summary": "3"}, FieldValueError),
        ({"id": '"EXT one"'}, FieldValueError),
        ({"text_sha256": '"abc"'}, FieldValueError),
        ({"rules": '"R1"'}, FieldValueError),
        ({"rules": '["R1", "R1"]'}, FieldValueError),
        ({"rules": "[]"}, RegistryError),
        ({"rules": '["R1", "R9"]'}, RegistryError),
    ],
)
def test_a_malformed_clause_is_refused(
    tmp_path: Path, changes: dict[str, str | None], error: type[RegistryError]
) -> None:
    with pytest.raises(error, match=r"EXT-one|EXT one|R9"):
        load_registry(folder_with(tmp_path, clause_table(**changes)))


def test_an_id_may_not_occur_twice(tmp_path: Path) -> None:
    with pytest.raises(DuplicateIdError, match="EXT-one"):
        load_registry(folder_with(tmp_path, clause_table(), clause_table()))


def test_a_rule_may_not_occur_twice(tmp_path: Path) -> None:
    with pytest.raises(DuplicateIdError, match="R1"):
        load_registry(folder_with(tmp_path, clause_table(), rules=RULES + RULES))


def test_a_rule_may_not_name_an_unknown_clause(tmp_path: Path) -> None:
    rules = RULES.replace('["EXT-one"]', '["EXT-one", "EXT-two"]')
    with pytest.raises(RegistryError, match="EXT-two"):
        load_registry(folder_with(tmp_path, clause_table(), rules=rules))


def test_broken_toml_names_its_file(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match=r"text\.toml"):
        load_registry(folder_with(tmp_path, "[[clause"))


def test_an_empty_folder_is_no_registry(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="no clause files"):
        load_registry(tmp_path)
