"""The example messages of the notes fit the protocol, and our adapters answer what the notes say."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from dred_conformance.clauses.notes import Exchange, NoteError, exchanges
from dred_conformance.data import data_folder
from dred_conformance.protocol.operations import OPERATIONS
from dred_conformance.protocol.validation import answer_problem, hello_problem, request_problem
from dred_conformance.runner.builtin import FULL_ADAPTERS, AdapterNotFoundError, builtin_command
from dred_conformance.runner.process import AdapterProcess

EXAMPLES = [example for path in sorted(data_folder("spec-notes").glob("*.md")) for example in exchanges(path)]
NAMES = [f"{example.path.name}:{example.line}" for example in EXAMPLES]

# The model of payload.md; every level has the same rows.
EXAMPLE_ROWS = {
    "latent_quant_scales_q8": [128, 0, 255],
    "latent_dead_zone_q8": [64, 0, 10],
    "latent_r_q8": [128, 80, 160],
    "latent_p0_q8": [100, 255, 30],
    "state_quant_scales_q8": [128, 64],
    "state_dead_zone_q8": [64, 0],
    "state_r_q8": [96, 0],
    "state_p0_q8": [64, 128],
}


@pytest.fixture(scope="module")
def example_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example-1")
    tables = {name: [row] * 16 for name, row in EXAMPLE_ROWS.items()}
    as_bytes = b"".join(bytes(value for row in table for value in row) for table in tables.values())
    model = {
        "format": "dred-model/1",
        "name": "example-1",
        "experimental_version": 12,
        "levels": 16,
        "latent_dim": 3,
        "state_dim": 2,
        "tables": tables,
        "tables_sha256": hashlib.sha256(as_bytes).hexdigest(),
        "weights": None,
        "source": "spec-notes/payload.md",
    }
    (folder / "model.json").write_text(json.dumps(model), encoding="utf-8")
    return folder


@pytest.fixture(scope="module", params=FULL_ADAPTERS)
def adapter(request: pytest.FixtureRequest, example_model: Path) -> Iterator[AdapterProcess]:
    try:
        models = data_folder("vectors") / "models"
        published = [models / name for name in ("synthetic-3-1x1-net8x8x8x8", "synthetic-9-1x1-voc")]
        command = builtin_command(request.param, [example_model, *published])
    except (AdapterNotFoundError, ImportError) as error:
        pytest.skip(str(error))
    with AdapterProcess(command, timeout_s=20.0) as process:
        yield process


def essence(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer without its free text."""
    if "unsupported" in answer:
        return {"seq": answer["seq"], "unsupported": True}
    if "error" in answer:
        return {**answer, "error": {**answer["error"], "message": ""}}
    return dict(answer)


def test_every_operation_has_an_example() -> None:
    assert {example.request["op"] for example in EXAMPLES} >= OPERATIONS.keys()


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_example_fits_the_schema(example: Exchange) -> None:
    op = example.request["op"]
    if op == "hello":
        assert hello_problem(example.answer) is None
        return
    assert answer_problem(op, example.answer) is None
    is_refused = "unsupported" in example.answer or example.answer.get("error", {}).get("stage") == "protocol"
    assert (request_problem(example.request) is not None) == is_refused


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_our_adapters_answer_as_the_notes_say(example: Exchange, adapter: AdapterProcess) -> None:
    answer = json.loads(adapter.ask(json.dumps(example.request).encode()))
    if example.request["op"] == "hello":
        assert hello_problem(answer) is None
        return
    assert essence(answer) == essence(example.answer)


@pytest.mark.parametrize(
    "block",
    [
        '> {"seq":1}',
        '> {"seq":1}\n< {"seq":2}',
        '< {"seq":1}\n> {"seq":1}',
        "",
    ],
)
def test_a_malformed_block_is_refused(tmp_path: Path, block: str) -> None:
    path = tmp_path / "note.md"
    path.write_text(f"```protocol\n{block}\n```\n", encoding="utf-8")
    with pytest.raises(NoteError):
        list(exchanges(path))
