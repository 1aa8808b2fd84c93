"""What is to become the bundled model: out of a run, or a model folder, with all that is known of it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dred_model import ModelBundle, bundled, load_model
from dred_training import Configuration, TrainingError
from dred_training.feature_store import FeatureStore, read_store
from dred_training.run_folder import FILE as RUN_FILE
from dred_training.run_log import read_log

__all__ = ["LARGEST_BUNDLE", "Candidate", "candidate"]

LARGEST_BUNDLE = 1_500_000  # bytes, of all that is published of a model
FEATURES = "features"


@dataclass(frozen=True)
class Run:
    """What is known of a run: configuration, steps done, seconds they took, entries of its log."""

    configuration: Configuration
    steps: int
    seconds: float
    entries: list[dict[str, Any]]


@dataclass(frozen=True)
class Candidate:
    """
    A model under the name of the bundled one.

    Attributes
    ----------
    run
        None where only a model was given.
    store
        The features that it was trained on.
    """

    bundle: ModelBundle
    run: Run | None
    store: FeatureStore


def candidate(folder: Path, trained_on: Path | None) -> Candidate:
    """Export a run, or load a model, and find the features that it was trained on.

    Parameters
    ----------
    folder
        Of a run or a model.
    trained_on
        Those features; unless given, the folder ``features`` beside the run.

    Raises
    ------
    TrainingError
        T3: the features are missing or damaged. T4, T6: the run cannot be exported. T8: the features are
        not those that it was trained on.
    ModelError
        The model is missing or damaged.
    """
    run = None
    if (folder / RUN_FILE).is_file():
        from dred_training.rdovae.export import export_run  # noqa: PLC0415  it loads PyTorch

        bundle, checkpoint, configuration = export_run(folder)
        run = Run(configuration, checkpoint.step, checkpoint.seconds, read_log(folder))
    else:
        bundle = load_model(folder)
    place = trained_on or folder.resolve().parent / FEATURES
    store = read_store(place)
    if store.sha256[:16] not in bundle.source:
        raise TrainingError(
            "T8",
            "these are not the features that it was trained on",
            subject=str(place),
            advice="Name them: --trained-on FOLDER.",
        )
    renamed = replace(bundle, name=bundled.NAME, experimental_version=bundled.EXPERIMENTAL_VERSION)
    return Candidate(renamed, run, store)
