"""The libopus of the system, or a reason why these tests are skipped."""

from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def opus() -> ModuleType:
    """The binding, where it was built."""
    module: ModuleType = pytest.importorskip("dred_opus", exc_type=ImportError)
    return module
