"""
Features of a corpus: in parallel, and with what is done already kept.

Each recording becomes a piece, a file of features named by the hash of the recording and of how it is
analysed. A run that was killed goes on with the pieces that are missing; so does one after files were
added. At the end the pieces become one store.
"""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dred_model import require_model
from dred_model.bundle import PITCH_NETWORK
from dred_reference.analysis import NetworkPitch, PitchEstimator, PitchTracker, extract_features
from dred_reference.network import PitchNetwork

from .errors import TrainingError
from .feature_store import FEATURES, FeatureStore, write_store
from .speech_files import read_at_16k
from .variants import speech_variant
from .whole_files import write_whole

PIECES = "pieces"
ANALYSIS = "dred-training-analysis/1"  # to be changed with anything that changes features
TRACKER = "tracker"


@dataclass(frozen=True)
class Task:
    """A piece to be made: a variant of a recording, and the model whose network finds the pitch, if any."""

    recording: Path
    variant: int
    pitch: str
    piece: Path


def extract_corpus(
    files: list[Path],
    folder: Path,
    *,
    pitch: str = TRACKER,
    variants: int = 1,
    jobs: int = 1,
    advance: Callable[[int], None] = lambda _done: None,
) -> FeatureStore:
    """
    Extract the features of a corpus.

    Parameters
    ----------
    files : list of Path
        See `speech_files.corpus_files`.
    folder : Path
        Of the store; it is made, and its parents.
    pitch : str
        ``tracker``, or the name of a model whose pitch network is used.
    variants : int
        How many variants of each recording, the first being the recording itself.
    jobs : int
        Processes.
    advance : callable
        Called with the number of pieces done.

    Raises
    ------
    TrainingError
        T2: a recording cannot be used. T3: a piece is damaged. T5: soundfile is missing. T7: a process died.
    ModelError
        There is no such model, or it has no pitch network.
    OSError
        The disk refuses.
    """
    _pitch_network.cache_clear()  # the name may stand for another model than it did
    analysis = pitch  # a missing model is told before anything is computed
    if pitch != TRACKER:
        analysis += f" {_pitch_network(pitch)[1]}"
    pieces = folder / PIECES
    pieces.mkdir(parents=True, exist_ok=True)
    tasks = [
        Task(path, variant, pitch, pieces / f"{_key(path, variant, analysis)}.npy")
        for path in files
        for variant in range(variants)
    ]
    missing = {task.piece: task for task in tasks if not task.piece.is_file()}
    done = len(tasks) - len(missing)
    advance(done)
    for _ in _made(list(missing.values()), jobs):
        done += 1
        advance(done)
    named = ((f"{task.recording.name}#{task.variant}", _read_piece(task.piece)) for task in tasks)
    return write_store(folder, named, pitch)


def _key(path: Path, variant: int, analysis: str) -> str:
    digest = hashlib.sha256(f"{ANALYSIS}\n{variant}\n{analysis}\n".encode())
    try:
        digest.update(path.read_bytes())
    except OSError as error:
        raise TrainingError("T2", f"cannot be read ({error})", subject=str(path)) from error
    return digest.hexdigest()[:32]


def _made(tasks: list[Task], jobs: int) -> Iterator[None]:
    """Make pieces, and yield after each."""
    if jobs <= 1 or len(tasks) <= 1:
        for task in tasks:
            make_piece(task)
            yield
        return
    # 'spawn': a process that was forked from one with threads (NumPy's, PyTorch's) may never return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        waiting: set[Future[None]] = {pool.submit(make_piece, task) for task in tasks}
        try:
            while waiting:
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
        except BrokenExecutor as error:
            raise TrainingError(
                "T7",
                "a process died, perhaps for want of memory",
                advice="Try fewer processes (-j).",
            ) from error
        finally:
            for future in waiting:
                future.cancel()


def make_piece(task: Task) -> None:
    """Analyse a recording and write its piece; errors as for `extract_corpus`."""
    samples = read_at_16k(task.recording)
    seed = int(task.piece.stem[:8], 16)
    features = extract_features(speech_variant(samples, task.variant, seed), _estimator(task.pitch))
    array = features[:, :FEATURES].astype("<f4")
    write_whole(task.piece, lambda stream: np.save(stream, array))


def _estimator(pitch: str) -> PitchEstimator:
    return PitchTracker() if pitch == TRACKER else NetworkPitch(_pitch_network(pitch)[0])


@cache
def _pitch_network(name: str) -> tuple[PitchNetwork, str]:
    """Return the pitch network of a model and its hash; a process that makes many pieces loads it once."""
    bundle = require_model(name)
    return bundle.to_reference_pitch_network(), bundle.network_sha256[PITCH_NETWORK]


def _read_piece(path: Path) -> NDArray[np.float32]:
    try:
        features: NDArray[np.float32] = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise TrainingError("T3", f"damaged ({error})", subject=str(path), advice="Remove it.") from error
    if features.ndim != 2 or features.shape[1] != FEATURES or features.dtype != np.float32:
        raise TrainingError("T3", "not a piece of features", subject=str(path), advice="Remove it.")
    return features
