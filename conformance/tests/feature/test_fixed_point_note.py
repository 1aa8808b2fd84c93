"""What spec-notes/fixed-point.md says in figures is what the implementations compute."""

import hashlib
import math
import re
import struct
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

import dred_native
from dred_conformance.data import data_folder
from dred_conformance.differential.built_payloads import native_model
from dred_model import ModelBundle, named_synthetic_model
from dred_reference.feature import decode_features, layer_bounds

NOTE = (data_folder("spec-notes") / "fixed-point.md").read_text(encoding="utf-8")
EXAMPLE = "synthetic-3-1x1-net8x8x8x8"
STATE, LATENTS = [1.5], [[0.75, -0.25], [-3.0, -0.25]]


def listed_table() -> list[int]:
    text = (data_folder("spec-notes") / "fixed-point" / "tanh-q18.txt").read_text(encoding="utf-8")
    return [int(word) for word in text.split()]


@pytest.mark.clause("FIX-tanh-table")
def test_the_listed_table_is_correctly_rounded_and_has_the_stated_hash() -> None:
    table = listed_table()
    with localcontext() as context:
        context.prec = 50
        for k, value in enumerate(table):
            power = (Decimal(2 * k) / 128).exp()
            exact = (power - 1) / (power + 1) * (1 << 18)
            assert abs(exact - value) < Decimal("0.4999")
    digest = hashlib.sha256(struct.pack(f"<{len(table)}i", *table)).hexdigest()
    assert f"`{digest}`" in NOTE
    assert table == [math.floor(math.tanh(k / 128) * (1 << 18) + 0.5) for k in range(1025)]


def worked_rows() -> dict[str, list[list[int]]]:
    block = re.search(r"<!-- worked -->\n(.*?)<!-- /worked -->", NOTE, flags=re.DOTALL)
    assert block is not None
    rows = {}
    for line in block[1].splitlines()[2:]:
        name, *steps = (cell.strip() for cell in line.strip().strip("|").split("|"))
        rows[name.strip("`")] = [[int(word) for word in step.split(",")] for step in steps if step]
    return rows


def test_the_worked_example_is_what_the_reference_records() -> None:
    recorded: dict[str, list[NDArray[np.int64]]] = {}

    def record(name: str, vector: NDArray[np.int64]) -> None:
        recorded.setdefault(name, []).append(vector.reshape(-1))

    network = named_synthetic_model(EXAMPLE).to_reference_network()
    decode_features(STATE, LATENTS, network, "fixed", record)
    rows = worked_rows()
    assert len(rows) >= 30
    for name, steps in rows.items():
        vectors = recorded[name][1:] if name.endswith(".state") else recorded[name]
        assert len(vectors) >= len(steps)
        for wanted, vector in zip(steps, vectors, strict=False):
            assert vector[: len(wanted)].tolist() == wanted, name


def test_the_worked_example_ends_as_the_core_does() -> None:
    decoder = dred_native.FeatureDecoder(native_model(named_synthetic_model(EXAMPLE)))
    found = decoder.decode(np.array(STATE, np.float32), np.array(LATENTS, np.float32))
    first, second = worked_rows()["dec_output"]
    assert found[0, : len(first)].tolist() == first
    assert found[4, : len(second)].tolist() == second


def test_the_conversions_of_the_example_are_exact() -> None:
    network = named_synthetic_model(EXAMPLE).to_reference_network()
    layers = network.layers
    exact = {
        "dec_hidden_init W": Fraction(float(layers["dec_hidden_init"].weights[0, 0])) * 2**24,
        "dec_hidden_init b": Fraction(float(layers["dec_hidden_init"].bias[0])) * 2**16,
        "dec_gru_init M": 127 * Fraction(float(layers["dec_gru_init"].scale[0])) * 2**31,  # type: ignore[union-attr]
        "dec_gru1_recurrent b": Fraction(float(layers["dec_gru1_recurrent"].bias[0])) * 2**16,
    }
    stated = {
        "dec_hidden_init W": "-111964.25",
        "dec_hidden_init b": "11815.71875",
        "dec_gru_init M": "10767020.3125",
        "dec_gru1_recurrent b": "-3211.40625",
    }
    for name, text in stated.items():
        assert exact[name] == Fraction(text)
        assert text in NOTE
        assert f"= {math.floor(exact[name] + Fraction(1, 2))}" in NOTE


@pytest.mark.official_model
@pytest.mark.clause("FIX-bounds")
def test_the_widths_of_the_deployed_model_are_those_of_the_note(official_model: ModelBundle) -> None:
    found = layer_bounds(official_model.to_reference_network())
    rows = dict(re.findall(r"^\| `(dec_\w+)` \| (\d+ \| \d+ \| \d+) \|", NOTE, flags=re.MULTILINE))
    assert len(rows) == len(found) == 29
    for each in found:
        assert rows[each.layer] == f"{each.inputs} | {each.outputs} | {each.worst_accumulator}"
