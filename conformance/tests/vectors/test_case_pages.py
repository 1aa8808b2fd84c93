"""The pages about the format say what the files hold: examples, members, flags, rules, groups."""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from dred_conformance.data import data_folder
from dred_conformance.protocol.operations import OPERATIONS
from dred_conformance.protocol.validation import schema
from dred_conformance.vectors.canonical import canonical_json

STAGES = sorted({operation.stage for operation in OPERATIONS.values()})
UNSHOWN = ("kills", "purpose")  # change whenever a mutant is added
ROW = re.compile(r"^\| ((?:`[^`]+`(?:, )?)+) \|", re.MULTILINE)
CASE = re.compile(r"^```case\n(.*?)^```$", re.MULTILINE | re.DOTALL)
VECTORS = data_folder("vectors")


def page(stage: str) -> str:
    return (VECTORS / stage / "README.md").read_text(encoding="utf-8")


def sections(text: str, level: str) -> dict[str, str]:
    parts = re.split(rf"^{level} (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def names(text: str) -> set[str]:
    """Return the names in code letters of the first column of all tables."""
    return {name for row in ROW.findall(text) for name in re.findall("`([^`]+)`", row)}


def cases(stage: str) -> Iterator[dict[str, Any]]:
    for path in sorted((VECTORS / stage).glob("*.json")):
        yield from json.loads(path.read_text(encoding="utf-8"))["cases"]


def of_operation(op: str) -> list[dict[str, Any]]:
    found = [case for case in cases(OPERATIONS[op].stage) if case["input"]["op"] == op]
    assert found
    return found


def shown(case: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in case.items() if name not in UNSHOWN}


@pytest.mark.parametrize("stage", STAGES)
def test_examples_are_published_cases(stage: str) -> None:
    published = {case["id"]: case for case in cases(stage)}
    examples = [json.loads(text) for text in CASE.findall(page(stage))]
    assert examples
    for example in examples:
        assert example["id"] in published, (
            f"{stage}/README.md: there is no case {example['id']}; take another"
        )
        wanted = canonical_json(shown(published[example["id"]]))
        assert canonical_json(example) == wanted, f"{stage}/README.md must show the case as:\n{wanted}"


@pytest.mark.parametrize("stage", STAGES)
def test_every_operation_has_an_example_and_both_tables(stage: str) -> None:
    parts = sections(page(stage), "##")
    assert set(parts) == {op for op, operation in OPERATIONS.items() if operation.stage == stage}
    for op, text in parts.items():
        assert {json.loads(example)["input"]["op"] for example in CASE.findall(text)} == {op}
        assert {"Input", "Expected"} <= set(sections(text, "###"))


@pytest.mark.parametrize("op", OPERATIONS)
def test_the_tables_have_the_members_of_the_cases(op: str) -> None:
    parts = sections(sections(page(OPERATIONS[op].stage), "##")[op], "###")
    used = {name for case in of_operation(op) for name in case["input"]} - {"op"}
    assert names(parts["Input"]) == used
    answered: set[str] = set()
    for case in of_operation(op):
        expected = case.get("expected")
        for item in expected if isinstance(expected, list) else [expected]:
            answered |= set(item or ())
    assert names(parts["Expected"]) == answered


@pytest.mark.parametrize("op", OPERATIONS)
def test_optional_members_are_marked(op: str) -> None:
    """What the schema requires is 'equal'; what it does not is 'equal where it is answered'."""
    definition = schema()["$defs"]["result"][op]
    while "$ref" in definition:
        definition = schema()["$defs"]["result"][definition["$ref"].rsplit("/", 1)[-1]]
    if definition["type"] == "array":
        return
    text = sections(sections(page(OPERATIONS[op].stage), "##")[op], "###")["Expected"]
    optional = {
        row[1] for row in re.finditer(r"^\| `(\w+)` \|.*where it is answered \|$", text, re.MULTILINE)
    }
    # The frame of the extension is always compared: without it the features belong to no instant.
    not_required = set(definition["properties"]) - set(definition["required"]) - {"frame"}
    assert optional == not_required & names(text)


@pytest.mark.parametrize("op", OPERATIONS)
def test_flags_and_rules_are_those_of_the_cases(op: str) -> None:
    text = sections(page(OPERATIONS[op].stage), "##")[op]
    (line,) = re.findall(r"^Flags: (.+)\.$", text, re.MULTILINE)
    used = {flag for case in of_operation(op) for flag in case["flags"]} - {"official-model"}
    assert re.findall("`([^`]+)`", line) == sorted(used), f"the flags of {op} are {', '.join(sorted(used))}"
    (rejections,) = re.findall(r"^Rejections: (.+(?:\n.+)*)", text, re.MULTILINE)
    rules = {rule for case in of_operation(op) for rule in case.get("error", {}).get("rules", ())}
    single = {f"{letter}{number}" for letter, number in re.findall(r"\b([A-Z])(\d)\b", rejections)}
    for letter, first, last in re.findall(r"\b([A-Z])(\d) to [A-Z](\d)", rejections):
        single |= {f"{letter}{number}" for number in range(int(first), int(last) + 1)}
    unnamed = {rule for rule in rules if rule[0] not in "RE"} - single
    assert unnamed == set(), f"the rejections of {op} lack {', '.join(sorted(unnamed))}"


@pytest.mark.parametrize("stage", STAGES)
def test_every_group_is_on_its_page(stage: str) -> None:
    patterns = names(page(stage).split("\n## ", 1)[0])
    groups = {path.stem for path in (VECTORS / stage).glob("*.json")}
    unnamed = {group for group in groups if not any(fnmatchcase(group, each) for each in patterns)}
    assert unnamed == set(), f"{stage}/README.md: say what {', '.join(sorted(unnamed))} is about"
    idle = {each for each in patterns if not any(fnmatchcase(group, each) for group in groups)}
    assert idle == set(), f"{stage}/README.md: there is no group {', '.join(sorted(idle))}"


def test_the_parts_of_a_case_are_those_of_the_schema() -> None:
    text = sections((VECTORS / "README.md").read_text(encoding="utf-8"), "##")["Case parts"]
    group = json.loads((VECTORS / "schema" / "group-1.schema.json").read_text(encoding="utf-8"))
    assert names(text) - {"purpose"} == set(group["$defs"]["case"]["properties"]) - {"purpose"}


def test_links_lead_somewhere() -> None:
    for path in VECTORS.rglob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert (path.parent / target).exists() or target.startswith("../../spec-notes"), (
                    path,
                    target,
                )
    for path in VECTORS.glob("*/README.md"):
        for note in re.findall(r"\.\./\.\./spec-notes/([\w-]+\.md)", path.read_text(encoding="utf-8")):
            assert (data_folder("spec-notes") / Path(note)).is_file(), note
