"""
The bundled model.

A model of our own that comes with the package, so that everything works on a machine that has nothing else.
It is the default where the official model is not imported. Its payloads carry a version byte of their own:
no deployed decoder takes them for its own.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .bundle import ModelBundle
from .errors import ModelError
from .folder import load_model

NAME = "bundled-1"
EXPERIMENTAL_VERSION = 0xB1
FOLDER = Path(__file__).resolve().parent / "bundled"


@cache
def bundled_model() -> ModelBundle:
    """
    Load the bundled model.

    Raises
    ------
    ModelError
        The installed package is damaged: see `folder.load_model`.
    """
    return load_model(FOLDER)


def check_bundled_name(bundle: ModelBundle) -> None:
    """
    Make sure that only the bundled model bears its name.

    Raises
    ------
    ModelError
        M6 when another model is called ``bundled-1``.
    """
    if bundle.name != NAME:
        return
    expected = bundled_model().model_sha256
    if bundle.model_sha256 != expected:
        raise ModelError(
            "M6",
            f"its hash is {bundle.model_sha256}, that of {NAME} is {expected}",
            subject=bundle.source,
            advice=f"The name {NAME} belongs to the model in the package; give another name (--name).",
        )
