"""Models with a vocoder of random weights in the sizes that the native core takes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

import dred_native
from dred_model import named_synthetic_model
from dred_model.dnnw import write_blob

Arrays = dict[str, NDArray[Any]]

FLOAT_SIZES = {
    "cond_net_pembed": (224, 12),
    "cond_net_fdense1": (32, 64),
    "sig_net_cond_gain_dense": (80, 1),
    "sig_net_gain_dense_out": (192, 4),
}
INT8_SIZES = {
    "cond_net_fconv1": (192, 128),
    "cond_net_fdense2": (128, 320),
    "sig_net_fwc0_conv": (328, 192),
    "sig_net_fwc0_glu_gate": (192, 192),
    "sig_net_gru1_input": (272, 480),
    "sig_net_gru1_recurrent": (160, 480),
    "sig_net_gru1_glu_gate": (160, 160),
    "sig_net_gru2_input": (240, 384),
    "sig_net_gru2_recurrent": (128, 384),
    "sig_net_gru2_glu_gate": (128, 128),
    "sig_net_gru3_input": (208, 384),
    "sig_net_gru3_recurrent": (128, 384),
    "sig_net_gru3_glu_gate": (128, 128),
    "sig_net_skip_dense": (688, 128),
    "sig_net_skip_glu_gate": (128, 128),
    "sig_net_sig_dense_out": (128, 40),
}


def vocoder_arrays(seed: int) -> Arrays:
    """Return random arrays that keep signals in the middle of the range."""
    generator = np.random.default_rng(seed)
    arrays: Arrays = {}
    for name, (inputs, outputs) in FLOAT_SIZES.items():
        size = 1 / np.sqrt(inputs)
        arrays[f"{name}_weights_float"] = generator.normal(0, size, inputs * outputs).astype(np.float32)
        arrays[f"{name}_bias"] = generator.normal(0, 0.2, outputs).astype(np.float32)
    for name, (inputs, outputs) in INT8_SIZES.items():
        size = 2 / (64 * 127 * np.sqrt(inputs))
        arrays[f"{name}_weights_int8"] = generator.integers(-127, 128, inputs * outputs).astype(np.int8)
        arrays[f"{name}_scale"] = generator.uniform(size / 2, size, outputs).astype(np.float32)
        if "_gru1" not in name:
            arrays[f"{name}_bias"] = generator.normal(0, 0.2, outputs).astype(np.float32)
    return arrays


def vocoder_model(arrays: Arrays | None) -> dred_native.Model:
    """Return a model with exactly these weights."""
    tables = named_synthetic_model("synthetic-1-2x3").tables.as_dict()
    weights = None if arrays is None else write_blob(arrays.items())
    return dred_native.Model("vocoder", 2, 3, *tables.values(), weights=weights)


def speech_features(count: int, seed: int) -> NDArray[np.float32]:
    """Return features of all pitches."""
    generator = np.random.default_rng(seed)
    features = generator.normal(0, 0.5, (count, 20))
    features[:, 18] = generator.uniform(-1.6, 1.6, count)
    return features.astype(np.float32)
