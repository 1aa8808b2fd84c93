"""
Models.

Everything learned: quantiser and entropy tables, networks, with a name and a hash. Imports models from the
forms in which they are published, keeps them in a cache per user, and makes synthetic ones.
"""

from __future__ import annotations

from .bundle import ModelBundle
from .bundled import bundled_model
from .errors import RULES, ModelError
from .fetching import fetch_model
from .finding import (
    FoundModel,
    default_model,
    find_model,
    list_models,
    model_or_default,
    require_model,
    verify,
)
from .folder import load_model, save_model
from .importing import import_model
from .limits import DEFAULT_LIMITS, Limits
from .network import Layer, Network
from .synthetic import named_synthetic_model, synthetic_model
from .tables import TABLE_NAMES, ModelTables

__all__ = [
    "DEFAULT_LIMITS",
    "RULES",
    "TABLE_NAMES",
    "FoundModel",
    "Layer",
    "Limits",
    "ModelBundle",
    "ModelError",
    "ModelTables",
    "Network",
    "bundled_model",
    "default_model",
    "fetch_model",
    "find_model",
    "import_model",
    "list_models",
    "load_model",
    "model_or_default",
    "named_synthetic_model",
    "require_model",
    "save_model",
    "synthetic_model",
    "verify",
]
