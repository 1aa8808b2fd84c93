"""
The state of a run, in one file that is always whole.

What is drawn depends on seed and step only, so a state is the number of steps done, the model, and what the
optimiser remembers.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from dred_training.errors import TrainingError
from dred_training.whole_files import write_whole

FORMAT = "dred-training-checkpoint/1"
FILE = "checkpoint.pt"


@dataclass(frozen=True)
class Checkpoint:
    """
    A state.

    Parameters
    ----------
    fingerprint : str
        Of the configuration.
    features_sha256 : str
        Of the features that it was trained on.
    step : int
        Steps done.
    seconds : float
        How long they took, all sessions together.
    model, optimiser : dict
        State dictionaries.
    """

    fingerprint: str
    features_sha256: str
    step: int
    seconds: float
    model: dict[str, Any]
    optimiser: dict[str, Any]


def write_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Replace the checkpoint of a run."""
    content = {"format": FORMAT, **vars(checkpoint)}
    write_whole(folder / FILE, lambda stream: torch.save(content, stream))


def read_checkpoint(folder: Path, device: torch.device | None = None) -> Checkpoint | None:
    """
    Read the checkpoint of a run; None where there is none yet.

    Raises
    ------
    TrainingError
        T4: it is damaged.
    """
    path = folder / FILE
    if not path.exists():
        return None
    try:
        content = torch.load(path, map_location=device or torch.device("cpu"), weights_only=True)
        if content.pop("format") != FORMAT:
            raise ValueError(f"not of the format {FORMAT}")
        return Checkpoint(**content)
    except (
        OSError,
        RuntimeError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        pickle.UnpicklingError,
    ) as error:
        raise TrainingError("T4", f"no checkpoint ({error})", subject=str(path)) from error
