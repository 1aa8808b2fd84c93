"""The Python adapter as a running process, and ways to talk to it."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from dred_conformance.protocol.validation import answer_problem, request_problem
from dred_reference.tables import QuantiserTables

ADAPTER = Path(__file__).parents[2] / "adapters" / "reference" / "adapter.py"
PARTS = ("quant_scales_q8", "dead_zone_q8", "r_q8", "p0_q8")
Ask = Callable[..., dict[str, Any]]


def make_model_json(tables: QuantiserTables, name: str) -> dict[str, Any]:
    """Return a model folder's description."""
    names = [f"{kind}_{part}" for kind in ("latent", "state") for part in PARTS]
    data = b"".join(getattr(tables, name).tobytes() for name in names)
    return {
        "format": "dred-model/1",
        "name": name,
        "experimental_version": 12,
        "levels": 16,
        "latent_dim": tables.latent_dim,
        "state_dim": tables.state_dim,
        "tables": {name: getattr(tables, name).tolist() for name in names},
        "tables_sha256": sha256(data).hexdigest(),
        "weights": None,
        "source": "test",
    }


@pytest.fixture(scope="session")
def model_json() -> Callable[[QuantiserTables, str], dict[str, Any]]:
    """Makes the ``model.json`` of tables and a name."""
    return make_model_json


@pytest.fixture(scope="session")
def reference_adapter(
    tmp_path_factory: pytest.TempPathFactory, synthetic_tables: Callable[..., QuantiserTables]
) -> Iterator[subprocess.Popen[str]]:
    """The Python adapter, running, with the model ``synthetic-7`` of 4 and 3 dimensions."""
    folder = tmp_path_factory.mktemp("model")
    text = json.dumps(make_model_json(synthetic_tables(7, 4, 3), "synthetic-7"))
    (folder / "model.json").write_text(text, encoding="utf-8")
    command = [sys.executable, str(ADAPTER), "--model", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=20) == 0


@pytest.fixture
def send(reference_adapter: subprocess.Popen[str]) -> Callable[[str], dict[str, Any]]:
    """Sends a raw line, returns the answer."""

    def send(line: str) -> dict[str, Any]:
        assert reference_adapter.stdin is not None
        assert reference_adapter.stdout is not None
        reference_adapter.stdin.write(line + "\n")
        reference_adapter.stdin.flush()
        answer: dict[str, Any] = json.loads(reference_adapter.stdout.readline())
        return answer

    return send


@pytest.fixture
def ask(send: Callable[[str], dict[str, Any]]) -> Ask:
    """Sends a valid request and checks the answer against the schema."""

    def ask(op: str, **members: Any) -> dict[str, Any]:
        request = {"op": op, **members}
        assert request_problem(request) is None
        answer = send(json.dumps({"seq": 41, **request}))
        assert answer.pop("seq") == 41
        assert answer_problem(op, {"seq": 41, **answer}) is None
        return answer

    return ask
