"""Verifying finds every kind of damage, names file and case, and neither crashes nor believes anything."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dred_conformance.release.checking import release_problems
from dred_conformance.vectors.canonical import canonical_json
from dred_conformance.vectors.errors import VectorError
from dred_conformance.vectors.store import VectorStore
from dred_conformance.vectors.verification import vector_problems

CODE1 = "packet/packet-code1.json"
SWEEP = "feature/feature-sweep-synthetic-3-1x1-net8x8x8x8"
MODEL = "models/synthetic-3-1x1-net8x8x8x8"
Edit = Callable[..., None]


def problems(folder: Path) -> str:
    return "\n".join(map(str, vector_problems(folder)))


def case(data: Any) -> Any:
    return data["cases"][1]


def array(data: Any) -> Any:
    return next(c["expected"]["features"] for c in data["cases"] if c["expected"]["features"]["offset"] > 0)


def test_the_small_set_has_no_problem(vectors: Path) -> None:
    assert list(release_problems(vectors)) == []


CHANGES_OF_A_CASE: dict[str, tuple[Callable[[Any], Any], str]] = {
    "clause": (lambda d: case(d).update(clauses=["RFC6716-nowhere"]), "clause 'RFC6716-nowhere' is unknown"),
    "flag": (lambda d: case(d).update(flags=["odd"]), "flag 'odd' is unknown"),
    "rule": (lambda d: d["cases"][-1].update(error={"rules": ["Z9"]}), "rule 'Z9' is unknown"),
    "seeded bug": (lambda d: case(d).update(kills=["none"]), "seeded bug 'none' is unknown"),
    "model": (lambda d: case(d)["input"].update(model="no-such"), "model 'no-such' is unknown"),
    "model of another type": (lambda d: case(d)["input"].update(model=[1]), "model [1] is unknown"),
    "id": (lambda d: case(d).update(id="packet-code1-00000000"), "the id is not the tool's"),
    "twice": (lambda d: d["cases"].append(case(d)), "the id occurs twice"),
    "comment": (lambda d: case(d).update(comment="a\u001b[2Jb"), "cannot be printed"),
    "surrogate": (lambda d: case(d).update(comment="\ud800"), "cannot be printed"),
    "operation": (
        lambda d: case(d)["input"].update(op="feature"),
        "operation 'feature' is not of this stage",
    ),
    "no operation": (
        lambda d: case(d)["input"].update(op="\u001b"),
        r"operation '\x1b' is not of this stage",
    ),
    "input": (lambda d: case(d)["input"].update(packet="xyz"), "input: packet"),
    "result": (lambda d: case(d).update(result="perhaps"), "result: 'perhaps'"),
    "no expectation": (lambda d: case(d).pop("expected", case(d).pop("error", None)), "packet-code1-"),
    "member": (lambda d: case(d).update(extra=1), "'extra'"),
}


@pytest.mark.parametrize("name", CHANGES_OF_A_CASE)
def test_a_bad_case_is_named(name: str, vectors: Path, edit: Edit) -> None:
    change, words = CHANGES_OF_A_CASE[name]
    edit(vectors / CODE1, lambda data: change(data) and None)
    found = problems(vectors)
    assert words in found
    assert f"{CODE1}: packet-code1-" in found


CHANGES_OF_A_GROUP: dict[str, tuple[Callable[[Any], Any], str]] = {
    "name": (lambda d: d.update(group="packet-code2"), "holds the group 'packet-code2'"),
    "stage": (lambda d: d.update(stage="payload"), "of the stage 'payload'"),
    "format": (lambda d: d.update(format="dred-vectors/2"), "format: "),
    "case": (lambda d: d.update(cases=[*d["cases"], 7]), "case 8: 7 is not of type 'object'"),
}


@pytest.mark.parametrize("name", CHANGES_OF_A_GROUP)
def test_a_bad_group_is_named(name: str, vectors: Path, edit: Edit) -> None:
    change, words = CHANGES_OF_A_GROUP[name]
    edit(vectors / CODE1, lambda data: change(data) and None)
    found = problems(vectors)
    assert words in found
    assert CODE1 in found


CHANGES_OF_AN_ARRAY: dict[str, tuple[Callable[[Any], Any], str]] = {
    "traversal": (lambda a: a.update(file="../../secret.bin"), "the file of an array is GROUP.bin"),
    "absolute": (lambda a: a.update(file="/etc/passwd"), "the file of an array is GROUP.bin"),
    "other file": (lambda a: a.update(file="other.bin"), "the array must be in"),
    "hash": (lambda a: a.update(sha256="0" * 64), "another SHA-256"),
    "no hash": (lambda a: a.update(sha256=["0"]), "64 hexadecimal digits"),
    "offset": (lambda a: a.update(offset=a["offset"] - 8), "another SHA-256"),
    "negative": (lambda a: a.update(offset=-8), "integers from 0 on"),
    "true": (lambda a: a.update(count=True), "integers from 0 on"),
    "beyond": (lambda a: a.update(count=10**18), "ends at byte"),
    "type": (lambda a: a.update(type="object"), "the type of an array"),
    "type of type": (lambda a: a.update(type={}), "the type of an array"),
    "member": (lambda a: a.update(more=1), "has the members"),
}


@pytest.mark.parametrize("name", CHANGES_OF_AN_ARRAY)
def test_a_bad_array_is_named(name: str, vectors: Path, edit: Edit) -> None:
    change, words = CHANGES_OF_AN_ARRAY[name]
    edit(vectors / f"{SWEEP}.json", lambda data: change(array(data)) and None)
    found = problems(vectors)
    assert f"{SWEEP}.json: feature-sweep" in found
    assert words in found


@pytest.mark.parametrize(
    "name", ["traversal", "absolute", "no hash", "negative", "true", "type of type", "member"]
)
def test_a_bad_reference_is_an_error_of_the_reader_too(name: str, vectors: Path, edit: Edit) -> None:
    edit(vectors / f"{SWEEP}.json", lambda data: CHANGES_OF_AN_ARRAY[name][0](array(data)) and None)
    with pytest.raises(VectorError, match="is no group of vectors"):
        list(VectorStore(vectors).groups())


def test_bytes_that_no_case_refers_to_are_named(vectors: Path, edit: Edit) -> None:
    binary = vectors / f"{SWEEP}.bin"
    binary.write_bytes(binary.read_bytes() + bytes(8))
    edit(vectors / f"{SWEEP}.json", lambda data: None)
    assert "the cases refer to" in problems(vectors)


TEXTS = {
    "twice": (b'{"format": 1, "format": 2}', "'format' occurs twice in one object"),
    "NaN": (b'{"cases": [NaN]}', "NaN is no number of JSON"),
    "Infinity": (b'{"cases": [-Infinity]}', "-Infinity is no number of JSON"),
    "huge number": (b'{"cases": [1e999]}', "beyond the range"),
    "long number": (b'{"cases": [' + b"1" * 5000 + b"]}", "is no JSON of vectors"),
    "deep": (b"[" * 100_000, "nested too deeply"),
    "deep after a string": (b'{"a": "[\\\\", "b": ' + b"[" * 40 + b"]" * 40 + b"}", "nested too deeply"),
    "deep objects": (b'{"a":' * 100_000, "nested too deeply"),
    "bytes": (b"\xff\xfe", "is no JSON of vectors"),
    "nothing": (b"", "is no JSON of vectors"),
    "list": (b"[]", "is not of type 'object'"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_file_that_is_no_json_of_vectors_is_named(name: str, vectors: Path) -> None:
    text, words = TEXTS[name]
    (vectors / CODE1).write_bytes(text)
    manifest = json.loads((vectors / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"][CODE1] |= {"sha256": hashlib.sha256(text).hexdigest(), "bytes": len(text)}
    (vectors / "manifest.json").write_text(canonical_json(manifest), encoding="utf-8")
    found = problems(vectors)
    assert words in found
    assert found.startswith(CODE1)
    with pytest.raises(VectorError):
        list(VectorStore(vectors).groups())
    (vectors / "manifest.json").write_bytes(text)
    with pytest.raises(VectorError, match=r"manifest\.json"):
        list(vector_problems(vectors))


@pytest.mark.parametrize(
    "name",
    [
        "../outside.json",
        "/etc/passwd",
        "packet/../../x.json",
        "a\\b.json",
        "C:/x.json",
        "",
        "a//b.json",
        ".x",
    ],
)
def test_a_name_that_leads_out_of_the_folder_is_refused(name: str, vectors: Path, edit: Edit) -> None:
    entry = {"sha256": "0" * 64, "bytes": 0, "cases": 1}
    edit(vectors / "manifest.json", lambda data: data["files"].update({name: entry}), manifest=False)
    with pytest.raises(VectorError, match="not a plain one inside the folder"):
        VectorStore(vectors)


def test_a_wrong_number_of_cases_is_named(vectors: Path, edit: Edit) -> None:
    edit(vectors / "manifest.json", lambda data: data["files"][CODE1].update(cases=3), manifest=False)
    assert f"{CODE1}: has 8 cases, the manifest says 3" in problems(vectors)


def test_a_group_without_a_number_of_cases_is_named(vectors: Path, edit: Edit) -> None:
    def change(data: Any) -> None:
        del data["files"][CODE1]["cases"]
        data["files"]["flags.json"]["cases"] = 1

    edit(vectors / "manifest.json", change, manifest=False)
    found = problems(vectors)
    assert f"{CODE1}: the manifest must say" in found
    assert "flags.json: the manifest must say" in found


def test_a_huge_file_is_not_read(vectors: Path) -> None:
    with (vectors / CODE1).open("r+b") as file:
        file.truncate(1 << 40)  # sparse
    assert f"{CODE1}: has {1 << 40} bytes" in problems(vectors)
    with pytest.raises(VectorError, match="more than 32 MiB"):
        list(VectorStore(vectors).groups())


def test_links_and_other_things_that_are_no_files_are_named(vectors: Path, tmp_path: Path) -> None:
    target = tmp_path / "target.json"
    (vectors / CODE1).rename(target)
    (vectors / CODE1).symlink_to(target)
    os.mkfifo(vectors / "packet" / "pipe.json")
    found = problems(vectors)
    assert f"{CODE1}: is a symbolic link" in found
    assert "packet/pipe.json: is neither a file nor a folder" in found


def test_a_changed_schema_is_named_and_not_believed(vectors: Path, edit: Edit) -> None:
    edit(vectors / "schema" / "group-1.schema.json", lambda _: {})
    edit(vectors / CODE1, lambda data: case(data).update(result="perhaps"))
    found = problems(vectors)
    assert "schema/group-1.schema.json: is not the schema that came with this dred" in found
    assert "result: 'perhaps'" in found


@pytest.mark.parametrize("flags", [[], {"boundary": 1}])
def test_flags_must_be_explained(flags: Any, vectors: Path, edit: Edit) -> None:
    edit(vectors / CODE1, lambda data: None)
    (vectors / "flags.json").write_text(json.dumps(flags), encoding="utf-8")
    edit(vectors / CODE1, lambda data: None)
    assert "flags.json: is no object of flags" in problems(vectors)


def test_a_damaged_model_is_named(vectors: Path, edit: Edit) -> None:
    path = vectors / MODEL / "model.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"latent_s_q8": [\n   [1', '"latent_s_q8": [\n   [2', 1), encoding="utf-8")
    if path.read_text(encoding="utf-8") == text:
        path.write_text(text.replace('"name": "synthetic-3', '"name": "synthetic-4', 1), encoding="utf-8")
    edit(vectors / CODE1, lambda data: None)
    assert f"{MODEL}/model.json: " in problems(vectors)


def test_models_of_the_manifest_and_of_the_folder_are_the_same(vectors: Path, edit: Edit) -> None:
    def change(data: Any) -> None:
        _, entry = data["models"].popitem()
        data["models"]["other"] = {**entry, "published": "models/../../other/model.json"}

    edit(vectors / "manifest.json", change, manifest=False)
    found = problems(vectors)
    assert f"{MODEL}/model.json: the manifest has no model of this file" in found
    assert "the model 'other' is not in models/NAME/model.json" in found


def test_a_missing_manifest_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(VectorError, match="is this a vector folder"):
        list(vector_problems(tmp_path))


def test_brackets_in_strings_are_no_levels(vectors: Path, edit: Edit) -> None:
    edit(vectors / CODE1, lambda data: case(data).update(comment='"' + "[{" * 40 + "\\"))
    assert "nested" not in problems(vectors)


def test_a_flood_of_misfits_ends(vectors: Path, edit: Edit) -> None:
    edit(vectors / CODE1, lambda data: case(data).update(flags=[{"n": n} for n in range(50_000)]))
    assert f"{CODE1}: packet-code1-" in problems(vectors)
