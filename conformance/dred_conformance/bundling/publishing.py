"""A new bundled model, and everything that depends on it."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dred_conformance.bundling.candidate import LARGEST_BUNDLE, Candidate, candidate
from dred_conformance.bundling.card import CURVES, TRAINING, card
from dred_conformance.bundling.corpora import check_sources, shares
from dred_conformance.bundling.exchange import exchanged, refuse_leftovers
from dred_conformance.cli.files import write_bytes_whole, write_text_whole
from dred_conformance.encoding.rate_models import RATE_FILE, rate_model_text
from dred_conformance.rate_study.measured_rate_model import measured_rate_model
from dred_conformance.rate_study.models_beside import Beside, beside
from dred_conformance.rate_study.plot_models import plot_models
from dred_conformance.rate_study.plot_training import plot_training
from dred_model import bundled, find_model, official
from dred_model.folder import write_aside
from dred_model.model_json import WEIGHTS_FILE
from dred_training import TrainingError
from dred_training.feature_store import FeatureStore, read_store

__all__ = ["BUNDLED", "CARD", "Published", "Request", "publish_model"]

BUNDLED = Path("reference/dred_model/bundled")
CARD = "MODEL_CARD.md"
LARGEST_PICTURE = 150_000

Renew = Callable[[Path], dict[str, Any]]


@dataclass(frozen=True)
class Request:
    """
    What is to be published.

    Attributes
    ----------
    source
        Folder of a run or a model.
    root
        The checkout.
    speech
        The folder with SOURCES.md.
    features
        Stores of held-back clips; one for each way in which pitch is estimated.
    trained_on
        See `candidate.candidate`.
    every
        A chunk of the evaluation ends every so many steps of 20 ms.
    """

    source: Path
    root: Path
    speech: Path
    features: list[Path]
    trained_on: Path | None = None
    every: int = 25


@dataclass(frozen=True)
class Published:
    """What was published; `vectors` is None where they were left out."""

    candidate: Candidate
    size: int
    results: list[Beside]
    vectors: dict[str, Any] | None


def publish_model(
    request: Request,
    renew: Renew | None,
    depending: list[Path],
    told: Callable[[str], None] = lambda _what: None,
) -> Published:
    """Replace the bundled model of a checkout, or leave everything as it is.

    Parameters
    ----------
    renew
        Called with the checkout when the model is in its place; makes what depends on it. None: nothing.
    depending
        What `renew` changes.
    told
        Called with what is done next.

    Raises
    ------
    TrainingError
        T8: this is no checkout, an earlier exchange was killed, the model or a picture is too large, licences
        are unknown. Others as for `candidate.candidate` and `models_beside.beside`.
    ModelError, OSError
        A model cannot be run; the disk refuses.
    """
    target = request.root / BUNDLED
    if not (request.root / "pyproject.toml").is_file() or not target.parent.is_dir():
        raise TrainingError(
            "T8",
            "no checkout of opus-dred-reference",
            subject=str(request.root),
            advice="Name it: --checkout.",
        )
    refuse_leftovers(target.parent)
    told("exporting")
    made = candidate(request.source, request.trained_on)
    stores = [read_store(folder, verify=True) for folder in request.features]
    used, tested = shares(made.store), shares(stores[0])
    check_sources(request.speech, [*used, *tested])
    _refuse_shared_clips(made.store, stores)
    told("evaluating")
    results = [_evaluated(made, store, request.every) for store in stores]
    with _staged(made, target.parent) as (staging, size):
        told("drawing")
        _draw(staging, made, results[0])
        known = measured_rate_model(results[0].outcomes, made.bundle.name)
        write_text_whole(staging / RATE_FILE, rate_model_text(known, made.bundle.model_sha256))
        write_text_whole(staging / CARD, card(made, used, tested, results))
        if renew is not None:
            told("making what depends on it")
        with exchanged(staging, target, depending if renew else []):
            bundled.bundled_model.cache_clear()
            vectors = renew(request.root) if renew is not None else None
    return Published(made, size, results, vectors)


def _refuse_shared_clips(trained: FeatureStore, stores: list[FeatureStore]) -> None:
    known = {clip.name.partition("#")[0] for clip in trained.clips}
    for store in stores:
        for clip in store.clips:
            if clip.name.partition("#")[0] in known:
                raise TrainingError("T8", "it was trained on this clip", subject=clip.name)


def _evaluated(made: Candidate, store: FeatureStore, every: int) -> Beside:
    models = {made.bundle.name: made.bundle}
    official_bundle = find_model(official.NAME)
    if official_bundle is not None:
        models = {official.NAME: official_bundle, **models}
    return beside(store, models, every)


@contextlib.contextmanager
def _staged(made: Candidate, parent: Path) -> Iterator[tuple[Path, int]]:
    """Write the model beside its destination; what is still there at the end is removed."""
    staging = write_aside(made.bundle, parent)
    try:
        size = sum(path.stat().st_size for path in staging.iterdir())
        if size > LARGEST_BUNDLE or not (staging / WEIGHTS_FILE).is_file():
            raise TrainingError("T8", f"{size} bytes; a bundled model has up to {LARGEST_BUNDLE}")
        yield staging, size
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _draw(staging: Path, made: Candidate, result: Beside) -> None:
    pictures = {CURVES: plot_models(result.outcomes, "png")}
    if made.run is not None and made.run.entries:
        pictures[TRAINING] = plot_training(made.run.entries, "png")
    for name, data in pictures.items():
        if len(data) > LARGEST_PICTURE:
            raise TrainingError("T8", f"{len(data)} bytes, more than {LARGEST_PICTURE}", subject=name)
        write_bytes_whole(staging / name, data)
