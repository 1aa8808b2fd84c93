"""What the tests of all stages share: models, and the real libopus streams where they are at hand."""

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

from dred_reference.tables import LEVELS, QuantiserTables

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"

# Two cores and several jobs at once: a deadline per example would only measure the load.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


def _folder(variable: str, default: Path, needed: str) -> Path:
    folder = Path(os.environ.get(variable, default))
    if not (folder / needed).exists():
        pytest.skip(f"{folder / needed} is missing; {variable} says where the folder is")
    return folder


@pytest.fixture(scope="session")
def interop_dir() -> Path:
    """The folder of streams made by libopus."""
    return _folder("DRED_INTEROP_DIR", SHARED / "interop", "streams/expected.jsonl.gz")


@pytest.fixture(scope="session")
def interop_streams(interop_dir: Path) -> list[Path]:
    """The streams, in opus_demo's format."""
    return sorted((interop_dir / "streams").glob("*.bit"))


@pytest.fixture(scope="session")
def interop_expected(interop_dir: Path) -> list[dict[str, Any]]:
    """Packets of the streams as libopus 1.6.1 reads them."""
    with gzip.open(interop_dir / "streams" / "expected.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="session")
def official_tables() -> QuantiserTables:
    """The quantiser tables of the official model."""
    folder = _folder("DRED_MODEL_DIR", SHARED / "models" / "libopus-1.6.1", "dred_rdovae_stats.npz")
    with np.load(folder / "dred_rdovae_stats.npz") as arrays:
        tables = {name.removeprefix("dred_"): arrays[name].reshape(LEVELS, -1) for name in arrays}
    latent_dim = tables["latent_r_q8"].shape[1]
    return QuantiserTables(LEVELS, latent_dim, tables["state_r_q8"].shape[1], **tables)


def make_tables(seed: int, latent_dim: int = 21, state_dim: int = 19) -> QuantiserTables:
    """Return tables full of the cases that trained ones have: dead symbols, scale 0, every probability."""
    generator = np.random.default_rng(seed)

    def table(dim: int, *corners: int) -> NDArray[np.uint8]:
        values = generator.integers(0, 256, (LEVELS, dim), dtype=np.uint8)
        for corner in corners:
            values[generator.random(values.shape) < 0.15] = corner
        return values

    def four(dim: int) -> tuple[NDArray[np.uint8], ...]:
        return table(dim, 0), table(dim, 0), table(dim, 0), table(dim, 0, 255)

    return QuantiserTables(LEVELS, latent_dim, state_dim, *four(latent_dim), *four(state_dim))


@pytest.fixture(scope="session")
def synthetic_tables() -> Callable[..., QuantiserTables]:
    """A maker of random tables: ``synthetic_tables(seed, latent_dim=21, state_dim=19)``."""
    return make_tables
