"""Vocoder networks with random weights, and the layer arrays that they are read from."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_reference.network import VocoderNetwork, vocoder_network

EMBEDDING, CONDITION, HIDDEN, SKIP = 4, 8, 16, 24
STATES = {1: 8, 2: 16, 3: 8}

FLOAT_SIZES = {
    "cond_net_pembed": (224, EMBEDDING),
    "cond_net_fdense1": (20 + EMBEDDING, 12),
    "sig_net_cond_gain_dense": (CONDITION, 1),
    "sig_net_gain_dense_out": (HIDDEN, 4),
}
INT8_SIZES = {
    "cond_net_fconv1": (36, 16),
    "cond_net_fdense2": (16, 4 * CONDITION),
    "sig_net_fwc0_conv": (2 * (CONDITION + 84), HIDDEN),
    "sig_net_fwc0_glu_gate": (HIDDEN, HIDDEN),
    "sig_net_gru1_input": (HIDDEN + 80, 24),
    "sig_net_gru1_recurrent": (8, 24),
    "sig_net_gru1_glu_gate": (8, 8),
    "sig_net_gru2_input": (8 + 80, 48),
    "sig_net_gru2_recurrent": (16, 48),
    "sig_net_gru2_glu_gate": (16, 16),
    "sig_net_gru3_input": (16 + 80, 24),
    "sig_net_gru3_recurrent": (8, 24),
    "sig_net_gru3_glu_gate": (8, 8),
    "sig_net_skip_dense": (32 + HIDDEN + 80, SKIP),
    "sig_net_skip_glu_gate": (SKIP, SKIP),
    "sig_net_sig_dense_out": (SKIP, 40),
}


def random_arrays(seed: int) -> dict[str, NDArray[Any]]:
    generator = np.random.default_rng(seed)
    arrays: dict[str, NDArray[Any]] = {}
    for name, (inputs, outputs) in FLOAT_SIZES.items():
        arrays[f"{name}_weights_float"] = generator.normal(0, 0.4, inputs * outputs).astype(np.float32)
        arrays[f"{name}_bias"] = generator.normal(0, 0.3, outputs).astype(np.float32)
    for name, (inputs, outputs) in INT8_SIZES.items():
        arrays[f"{name}_weights_int8"] = generator.integers(-60, 61, inputs * outputs).astype(np.int8)
        arrays[f"{name}_scale"] = generator.uniform(2e-5, 8e-5, outputs).astype(np.float32)
        if "_gru" not in name:
            arrays[f"{name}_bias"] = generator.normal(0, 0.3, outputs).astype(np.float32)
    return arrays


def random_network(seed: int = 1) -> VocoderNetwork:
    return vocoder_network(random_arrays(seed))


def random_features(count: int, seed: int = 2) -> NDArray[np.float64]:
    """Return features with cepstra near 0, pitches of all kinds and correlations."""
    generator = np.random.default_rng(seed)
    features = generator.normal(0, 0.5, (count, 20))
    features[:, 18] = generator.uniform(-1.6, 1.6, count)
    features[:, 19] = generator.uniform(-0.5, 0.5, count)
    return features
