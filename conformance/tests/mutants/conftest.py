"""One copy of the core for all tests about bugs: building it takes longer than most of them."""

from collections.abc import Iterator

import pytest

from dred_conformance.data import data_folder
from dred_conformance.mutants.laboratory import Laboratory, laboratory
from dred_conformance.vectors.store import VectorStore


@pytest.fixture(scope="session")
def store() -> VectorStore:
    """The published vectors."""
    return VectorStore(data_folder("vectors"))


@pytest.fixture(scope="session")
def room(store: VectorStore) -> Iterator[Laboratory]:
    """A copy of the core that passes all cases, for every path that this processor has; no official model."""
    with laboratory(store, 2, only_published=True) as built:
        yield built
