"""
The state of a run, in one file that is always whole.

What is drawn depends on seed and step only, so a state is the number of steps done, the model, and what the
optimiser remembers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from dred_training.errors import TrainingError
from dred_training.whole_files import write_whole

from .model import RdoVae

FORMAT = "dred-training-checkpoint/1"
FILE = "checkpoint.pt"
LARGEST_FILE = 1 << 30


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
        if not path.is_file() or path.stat().st_size > LARGEST_FILE:
            raise ValueError(f"no regular file of up to {LARGEST_FILE} bytes")
        content = torch.load(path, map_location=device or torch.device("cpu"), weights_only=True)
        if content.pop("format") != FORMAT:
            raise ValueError(f"not of the format {FORMAT}")
        checkpoint = Checkpoint(**content)
    except Exception as error:  # what PyTorch raises at a damaged file is not written down anywhere
        raise TrainingError("T4", f"no checkpoint ({_first_line(error)})", subject=str(path)) from error
    kinds = zip(vars(checkpoint).values(), (str, str, int, float | int, dict, dict), strict=True)
    if not all(isinstance(value, kind) for value, kind in kinds) or checkpoint.step < 0:
        raise TrainingError("T4", "a checkpoint with values that cannot be", subject=str(path))
    return checkpoint


def _first_line(error: Exception) -> str:
    """Return what an error says, without the paragraphs that PyTorch adds."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def restore(model: RdoVae, checkpoint: Checkpoint) -> None:
    """
    Put the weights and statistics of a checkpoint into a model.

    Raises
    ------
    TrainingError
        T4: they are those of another network.
    """
    try:
        model.load_state_dict(checkpoint.model)
    except (RuntimeError, TypeError, AttributeError) as error:
        message = f"the checkpoint does not fit the network ({_first_line(error)})"
        raise TrainingError("T4", message) from error
