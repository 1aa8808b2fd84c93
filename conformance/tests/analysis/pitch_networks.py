"""Pitch networks with random weights, and the layer arrays that they are read from."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_reference.network import PitchNetwork, pitch_network

SIZES = {
    "dense_if_upsampler_1": (88, 8),
    "dense_if_upsampler_2": (8, 16),
    "dense_downsampler": (240, 8),
    "gru_1_input": (8, 24),
    "gru_1_recurrent": (8, 24),
    "dense_final_upsampler": (8, 184),
}
CHANNELS = 3


def random_arrays(seed: int) -> dict[str, NDArray[Any]]:
    generator = np.random.default_rng(seed)
    arrays: dict[str, NDArray[Any]] = {}
    for name, (inputs, outputs) in SIZES.items():
        arrays[f"{name}_weights_int8"] = generator.integers(-60, 61, inputs * outputs).astype(np.int8)
        arrays[f"{name}_scale"] = generator.uniform(1e-4, 3e-4, outputs).astype(np.float32)
        arrays[f"{name}_bias"] = generator.normal(0, 0.3, outputs).astype(np.float32)
    for name, outputs in (("conv2d_1", CHANNELS), ("conv2d_2", 1)):
        arrays[f"{name}_weight_float"] = generator.normal(0, 0.4, CHANNELS * 9).astype(np.float32)
        arrays[f"{name}_bias"] = generator.normal(0, 0.1, outputs).astype(np.float32)
    return arrays


def random_network(seed: int = 1) -> PitchNetwork:
    return pitch_network(random_arrays(seed))
