"""Packages that only simulations need."""

import importlib
import warnings
from types import ModuleType

from dred_conformance.simulation.errors import SimulationError

__all__ = ["needed_package"]


def needed_package(name: str, extra: str, purpose: str) -> ModuleType:
    """Import a package of an optional extra, or raise L1 that says how to get it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # what packages complain of among themselves is not our user's business
            return importlib.import_module(name)
    except (ImportError, OSError) as error:  # OSError: a wheel without its shared library
        raise SimulationError(
            "L1", f"{purpose} needs the package {name.partition('.')[0]}", f"pip install '.[{extra}]'"
        ) from error
