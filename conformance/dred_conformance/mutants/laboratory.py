"""All that a run of bugs needs: the core's copy, built and found sound, the vectors and their models."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dred_native
from dred_conformance.data import checkout_root
from dred_conformance.mutants.build import CoreCopy
from dred_conformance.mutants.catalogue import PATHS, MutantError
from dred_conformance.mutants.killing import check_sound
from dred_conformance.runner.builtin import model_folders
from dred_conformance.vectors.case import Case
from dred_conformance.vectors.store import VectorStore
from dred_model.bundled import NAME as BUNDLED

__all__ = ["Laboratory", "available_paths", "laboratory", "native_folder", "split_cases"]


@dataclass(frozen=True)
class Laboratory:
    """The copy and what is put to it.

    Attributes
    ----------
    copy
        The copy, built for `paths`.
    paths
        The paths of the core that this processor has.
    published
        Cases that need no model, or one that stays as it is.
    bundled
        Cases that need the bundled model. They change with it, so they are kept apart: another one leaves
        what the other cases catch as it was.
    official
        Cases that need the official model; empty where it is not at hand.
    models
        Folders of all models at hand.
    """

    copy: CoreCopy
    paths: tuple[str, ...]
    published: tuple[Case, ...]
    bundled: tuple[Case, ...]
    official: tuple[Case, ...]
    models: tuple[Path, ...]

    @property
    def parts(self) -> tuple[tuple[Case, ...], ...]:
        """The cases in parts that are asked by themselves, the official model's last."""
        return self.published, self.bundled, self.official


def native_folder() -> Path:
    """Return the sources of the core.

    Raises
    ------
    MutantError
        This is no checkout.
    """
    root = checkout_root()
    if root is None:
        raise MutantError("bugs are seeded into the sources of the core; run this in a checkout")
    return root / "native"


def available_paths() -> tuple[str, ...]:
    """Return the paths of the core that this processor has, of those for which there are bugs."""
    return tuple(path for path in PATHS if path in dred_native.simd_paths())


def split_cases(store: VectorStore) -> tuple[list[Case], list[Case], list[Case]]:
    """Return the cases that need models of a seed at most, the bundled model, and models not published."""
    published = {name for name, entry in store.manifest.models.items() if entry["published"] is not None}
    cases = [case for group in store.groups() for case in group.cases]
    bundled = [case for case in cases if case.model == BUNDLED and BUNDLED in published]
    own = [case for case in cases if case.model is None or case.model in published - {BUNDLED}]
    others = [case for case in cases if case.model is not None and case.model not in published]
    return own, bundled, others


@contextmanager
def laboratory(
    store: VectorStore,
    jobs: int,
    paths: Sequence[str] | None = None,
    *,
    only_published: bool = False,
    only_bundled: bool = False,
) -> Iterator[Laboratory]:
    """Give a copy of the core that was built and passes every case.

    Parameters
    ----------
    store
        The vectors.
    jobs
        Compilers at once.
    paths
        The paths of the core; all that this processor has if left out.
    only_published
        Leave the official model aside, even where it is at hand.
    only_bundled
        Leave all cases aside but those of the bundled model.

    Raises
    ------
    MutantError
        The core does not build or fails a case, or this is no checkout.
    """
    native = native_folder()
    own, bundled, others = split_cases(store)
    if only_bundled:
        own, others = [], []
    chosen = tuple(paths if paths is not None else available_paths())
    with model_folders(store.folder) as folders, tempfile.TemporaryDirectory(prefix="dred-mutants-") as place:
        at_hand = {folder.name for folder in folders}
        official = [] if only_published else [case for case in others if case.model in at_hand]
        copy = CoreCopy(Path(place) / "core", native, jobs)
        for path in chosen:
            check_sound(copy, path, [*own, *bundled, *official], folders)
        yield Laboratory(copy, chosen, tuple(own), tuple(bundled), tuple(official), tuple(folders))
