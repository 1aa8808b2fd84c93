"""
The RDO-VAE in PyTorch: encoder, decoder and statistical model, trained on rate and distortion at once.

The networks have the layers, names, orders and widths of the project's records, so they become a model
bundle, and a model bundle becomes them, without any change of meaning. Everything runs time-major: tensors
have the shape (time, batch, values).

Importing this package needs PyTorch, the extra ``train``.
"""

from __future__ import annotations

from dred_training.errors import TrainingError

try:
    import torch as _torch
except (ImportError, OSError) as error:  # OSError: a wheel without its shared libraries
    raise TrainingError(
        "T5", "training needs PyTorch", advice="pip install '.[train]' (or torch==2.13.0)"
    ) from error

TORCH_VERSION: str = _torch.__version__
