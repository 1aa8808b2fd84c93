"""What rate rules know of models, and what is refused as such knowledge."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dred_conformance.encoding import rate_models
from dred_conformance.encoding.rate_models import rate_model, rate_model_text, read_rate_model
from dred_model import ModelError, bundled_model
from dred_reference.redundancy.rate_model import ANY_MODEL, LIBOPUS_1_6, RateModel

SHA256 = "5a" * 32


@pytest.fixture
def known() -> RateModel:
    return replace(ANY_MODEL, errors=tuple(1.0 + level / 8 for level in range(16)), middle_bits=30.5)


def test_what_is_written_is_read(known: RateModel, tmp_path: Path) -> None:
    path = tmp_path / "rate_model.json"
    path.write_text(rate_model_text(known, SHA256), encoding="utf-8")
    assert read_rate_model(path, SHA256) == known


def test_every_model_has_the_knowledge_that_there_is_of_it() -> None:
    assert rate_model("libopus-1.6") is LIBOPUS_1_6
    assert rate_model("synthetic-7-net") is ANY_MODEL
    ours = rate_model("bundled-1")
    assert ours.barrier is None
    assert list(ours.errors) == sorted(ours.errors)  # the coarser, the worse


def test_the_file_in_the_package_is_that_of_the_bundled_model() -> None:
    path = rate_models.bundled.FOLDER / rate_models.RATE_FILE
    read_rate_model(path, bundled_model().model_sha256)


@pytest.mark.parametrize(
    ("member", "value", "rule"),
    [
        ("model_sha256", "00" * 32, "M6"),
        ("format", "dred-rate-model/2", "M7"),
        ("errors", [1.0] * 15, "M7"),
        ("errors", [1.0] * 15 + [-1.0], "M7"),
        ("errors", [1.0] * 15 + ["1"], "M7"),
        ("errors", 16.0, "M7"),
        ("middle_bits", 0.0, "M7"),
        ("middle_bits", 10**400, "M7"),
        ("more", 1, "M7"),
    ],
)
def test_another_file_is_refused(
    known: RateModel, tmp_path: Path, member: str, value: Any, rule: str
) -> None:
    document = {**json.loads(rate_model_text(known, SHA256)), member: value}
    path = tmp_path / "rate_model.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        read_rate_model(path, SHA256)
    assert caught.value.rule == rule


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="M4"):
        read_rate_model(tmp_path / "rate_model.json", SHA256)
