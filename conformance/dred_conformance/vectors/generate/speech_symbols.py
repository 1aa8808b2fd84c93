"""Symbols of real speech: what an encoder made of recordings, kept because the recordings are not.

Those of the official model were made by libopus and stay. Those of the bundled model are made anew whenever
it is replaced (`speech_encoding`), and name the model that they fit.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from dred_conformance.vectors.generate.errors import GenerationError
from dred_conformance.vectors.generate.models import VectorModel

__all__ = ["SpokenSymbols", "bundled_symbols_path", "identity", "spoken_symbols"]

_OFFICIAL_FILE, _BUNDLED_FILE = "speech_symbols.json", "speech_symbols_bundled.json"
_ADVICE = "'dred vectors speech-symbols SPEECH_FOLDER' makes them"


@dataclass(frozen=True)
class SpokenSymbols:
    """The symbols of a payload that speech gave.

    Attributes
    ----------
    comment
        Which recording.
    header
        ``q0``, ``dq``, ``qmax`` and the offset in 2.5 ms units.
    state, latents
        The symbols, latents newest first.
    """

    comment: str
    header: tuple[int, int, int, int]
    state: list[int]
    latents: list[list[int]]

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> "SpokenSymbols":
        """Return an entry of a file."""
        q0, dq, qmax, offset = entry["header"]
        return cls(entry["comment"], (q0, dq, qmax, offset), entry["state"], entry["latents"])


def identity(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what tells a model from others of its name, from its ``model.json``."""
    return {name: data[name] for name in ("name", "model_sha256", "state_dim", "latent_dim")}


def bundled_symbols_path() -> Path:
    """Return the file of the bundled model's symbols, which need not be there."""
    return _folder() / _BUNDLED_FILE


def _folder() -> Path:
    return Path(str(resources.files("dred_conformance.vectors.generate")))


def spoken_symbols(model: VectorModel, path: Path | None = None) -> list[SpokenSymbols]:
    """Return the symbols of real speech for a trained model.

    Parameters
    ----------
    model
        The official or the bundled one.
    path
        The file; that of the package if left out.

    Raises
    ------
    GenerationError
        There are none for this model, or they were made with another one of its name.
    """
    if path is None:
        path = bundled_symbols_path() if model.is_bundled else _folder() / _OFFICIAL_FILE
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        payloads = found["payloads"] if model.is_bundled else found
        entries = [SpokenSymbols.from_json(entry) for entry in payloads]
        made_with = found["model"] if model.is_bundled else None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GenerationError(
            f"{path}: no symbols of speech for {model.name} ({error}); {_ADVICE}"
        ) from error
    if made_with is not None and made_with != identity(model.data):
        raise GenerationError(
            f"{path}: these symbols of speech were made with another {model.name}, "
            f"{str(made_with.get('model_sha256'))[:12]}, not {model.data['model_sha256'][:12]}; {_ADVICE}"
        )
    return entries
