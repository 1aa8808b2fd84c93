"""PLCMOS v2: what listeners would say about concealment, by a network of Microsoft (package speechmos).

The network looks at what was heard only, and at random listeners of whom the mean is taken. These come from
NumPy's global generator; here they are the same for every signal, so that figures can be repeated and
schemes are judged by the same listeners.
"""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_conformance.simulation.packages import needed_package

__all__ = ["plcmos_judge"]

SHORTEST = 8000  # samples at 16 kHz: the network looks at longer ones only
LISTENERS_SEED = 2023  # the year of PLCMOS v2
Signal = NDArray[np.float64]
_GLOBAL_GENERATOR = threading.Lock()


def plcmos_judge(extra: str) -> Callable[[Signal, Signal], tuple[float | None]]:
    """Load the network, on one thread.

    Raises
    ------
    SimulationError
        L1: speechmos or onnxruntime is not installed.
    """
    runtime = needed_package("onnxruntime", extra, "PLCMOS")
    package = needed_package("speechmos.plcmos", extra, "PLCMOS")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    network = package.PLCMOS()
    network.session = runtime.InferenceSession(
        network.model_path, options, providers=["CPUExecutionProvider"]
    )

    def judge(_: Signal, heard: Signal) -> tuple[float | None]:
        if len(heard) < SHORTEST:
            return (None,)
        with _GLOBAL_GENERATOR:
            return (_mean_opinion(network, np.clip(heard, -1, 1)),)

    return judge


def _mean_opinion(network: Any, heard: Signal) -> float:
    before = np.random.get_state()  # the package draws from the global generator
    np.random.seed(LISTENERS_SEED)
    try:
        return float(network.get_mos(heard))
    finally:
        np.random.set_state(before)
