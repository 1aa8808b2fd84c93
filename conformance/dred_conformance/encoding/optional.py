"""What only some users have: libopus, and packages of optional extras."""

import importlib
from types import ModuleType

from dred_conformance.encoding.errors import StreamError

__all__ = ["optional_package", "system_opus"]


def optional_package(name: str, extra: str, purpose: str) -> ModuleType:
    """Import a package of an optional extra, or raise S1 that says how to get it."""
    try:
        return importlib.import_module(name)
    except (ImportError, OSError) as error:  # OSError: a wheel without its shared library
        raise StreamError("S1", f"{purpose} needs the package {name}", f"pip install '.[{extra}]'") from error


def system_opus() -> ModuleType:
    """Import the binding of the system's libopus, or raise S1 that says how to get it."""
    try:
        return importlib.import_module("dred_opus")
    except ImportError as error:
        raise StreamError(
            "S1", "the base codec is the libopus of the system, which this build lacks",
            "apt-get install libopus-dev pkg-config, then 'pip install .' in the checkout again",
        ) from error  # fmt: skip
