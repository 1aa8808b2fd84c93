"""Packages that only some users need."""

import importlib
from types import ModuleType
from typing import Any

from dred_conformance.comparison.errors import MissingPackageError

__all__ = ["new_figure", "optional_package"]


def optional_package(name: str, extra: str, purpose: str) -> ModuleType:
    """Import a package of an optional extra.

    Parameters
    ----------
    name : str
        The module.
    extra : str
        The extra of this distribution that brings it.
    purpose : str
        What needs it, for the message.

    Raises
    ------
    MissingPackageError
        It is not installed, or does not load.
    """
    try:
        return importlib.import_module(name)
    except (ImportError, OSError) as error:  # OSError: a wheel without its shared library
        raise MissingPackageError(
            f"{purpose} needs the package {name.partition('.')[0]}: "
            f'pip install "opus-dred-reference[{extra}]" ({error})'
        ) from error


def new_figure(width: float, height: float) -> Any:
    """Return an empty figure of matplotlib, sizes in inches, that arranges its parts by itself.

    Raises
    ------
    MissingPackageError
        matplotlib is not installed.
    """
    figures = optional_package("matplotlib.figure", "plot", "plotting")
    return figures.Figure((width, height), layout="constrained")
