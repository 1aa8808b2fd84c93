"""The eight tables: shapes, dimensions, and what their hash does not tell."""

from typing import Any

import numpy as np
import pytest

from dred_model import TABLE_NAMES, ModelBundle, ModelError, ModelTables


def tables(latent: int, state: int, **changed: Any) -> ModelTables:
    dims = {name: latent if name.startswith("latent") else state for name in TABLE_NAMES}
    return ModelTables(**{name: np.zeros((16, dim), np.uint8) for name, dim in dims.items()} | changed)


@pytest.mark.parametrize(("latent", "state"), [(1, 1), (256, 256), (25, 50)])
def test_dimensions_that_are_allowed(latent: int, state: int) -> None:
    found = tables(latent, state)
    assert (found.levels, found.latent_dim, found.state_dim) == (16, latent, state)


@pytest.mark.parametrize(("latent", "state"), [(0, 1), (1, 0), (257, 1), (1, 257)])
def test_dimensions_that_are_not(latent: int, state: int) -> None:
    with pytest.raises(ModelError, match="allowed 1 to 256") as caught:
        tables(latent, state)
    assert caught.value.rule == "M5"


@pytest.mark.parametrize("name", TABLE_NAMES)
@pytest.mark.parametrize(
    ("table", "rule"),
    [
        (np.zeros((15, 3), np.uint8), "M5"),
        (np.zeros((16, 4), np.uint8), "M5"),
        (np.zeros(48, np.uint8), "M5"),
        (np.zeros((16, 3), np.int64), "M7"),
    ],
)
def test_tables_of_wrong_shape_or_type(name: str, table: Any, rule: str) -> None:
    with pytest.raises(ModelError) as caught:
        tables(3, 3, **{name: table})
    assert caught.value.rule == rule


def test_models_of_other_dimensions_never_share_a_hash() -> None:
    one, other = (ModelBundle("x", 12, tables(*dims), {}, "") for dims in ((1, 2), (2, 1)))
    assert one.tables_sha256 == other.tables_sha256  # 192 zero bytes either way
    assert one.model_sha256 != other.model_sha256


def test_the_version_byte_is_part_of_the_hash() -> None:
    one, other = (ModelBundle("x", version, tables(1, 1), {}, "") for version in (12, 13))
    assert one.model_sha256 != other.model_sha256
