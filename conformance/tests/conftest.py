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

from dred_model import ModelBundle, find_model, finding
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
def speech_dir() -> Path:
    """The folder of real speech."""
    return _folder("DRED_SPEECH_DIR", SHARED / "speech", "eval/manifest.tsv")


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
def official_model() -> ModelBundle:
    """The official model: $DRED_MODEL_DIR, ../shared beside the checkout, or the user's cache."""
    bundle = find_model("libopus-1.6")
    if bundle is None:
        pytest.skip("the official model is nowhere; 'dred model fetch' brings it")
    return bundle


@pytest.fixture
def no_official_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which nobody imported a model, and no ../shared."""
    monkeypatch.delenv("DRED_MODEL_DIR", raising=False)
    monkeypatch.setenv("DRED_CACHE_DIR", str(tmp_path / "no cache"))
    monkeypatch.setattr(finding, "BESIDE_CHECKOUT", "nowhere")


@pytest.fixture(scope="session")
def official_tables(official_model: ModelBundle) -> QuantiserTables:
    """The quantiser tables of the official model."""
    return official_model.tables.to_reference_tables()


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


class SkippedOfficialTests:
    """Counts the skipped tests that needed the official model; fails the run where it was there."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.is_failure = bool(os.environ.get("DRED_REQUIRE_OFFICIAL_MODEL"))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a skipped test; with several processes this runs in the one that collects the reports."""
        if report.skipped and not hasattr(report, "wasxfail") and "official_model" in report.keywords:
            self.names.append(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run."""
        if self.names and self.is_failure and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say how many tests were skipped, and which of them needed the official model."""
        total = len(terminalreporter.stats.get("skipped", []))
        count = len(self.names)
        terminalreporter.write_line(f"{total} tests skipped, {count} of them for want of the official model")
        if self.names and self.is_failure:
            terminalreporter.write_line("FAILED: the official model is there, but these tests were skipped:")
            for name in self.names:
                terminalreporter.write_line(f"  {name}")


def pytest_configure(config: pytest.Config) -> None:
    """Watch for skipped tests that need the official model."""
    config.pluginmanager.register(SkippedOfficialTests())
