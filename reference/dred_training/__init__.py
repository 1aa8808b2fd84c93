"""
Training of models: features of a corpus, the RDO-VAE, and its export to a model bundle.

Everything that computes with PyTorch stands in `dred_training.rdovae` and needs the extra ``train``; the
rest, configuration and features of a corpus, does without.
"""

from __future__ import annotations

from .configuration import Configuration, read_configuration
from .errors import RULES, TrainingError

__all__ = ["RULES", "Configuration", "TrainingError", "read_configuration"]
