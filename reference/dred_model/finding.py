"""
Finding a model by its name.

A model is looked for in the folder named by ``$DRED_MODEL_DIR`` (in any form that can be imported), beside
a checkout of the repository, in the user's cache; one comes with the package. Synthetic models are made on
the spot. A model that is there but broken is an error, never passed over in silence.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from . import bundled, cache, official, synthetic
from .bundle import ModelBundle
from .errors import ModelError
from .importing import check_reserved, import_model

VARIABLE = "DRED_MODEL_DIR"
ENVIRONMENT, CHECKOUT, CACHE, GENERATED, PACKAGE = VARIABLE, "checkout", "cache", "generated", "package"
BESIDE_CHECKOUT = "shared/models/libopus-1.6.1"


@dataclass(frozen=True)
class FoundModel:
    """
    A model at one place: what it is, or why it cannot be used.

    Parameters
    ----------
    name : str
        Its name; empty when it is too broken to have one.
    place : str
        ``DRED_MODEL_DIR``, ``checkout``, ``cache``, ``generated`` or ``package``.
    path : Path, optional
        Where it lies.
    bundle : ModelBundle, optional
        The model, loaded and checked.
    error : ModelError, optional
        Why there is no bundle.
    """

    name: str
    place: str
    path: Path | None
    bundle: ModelBundle | None
    error: ModelError | None = None

    @property
    def intact(self) -> bool:
        """Tell whether the model can be used."""
        return self.bundle is not None


def find_model(name: str) -> ModelBundle | None:
    """
    Find a model.

    Parameters
    ----------
    name : str
        For example ``libopus-1.6``, ``bundled-1`` or ``synthetic-7``.

    Returns
    -------
    bundle : ModelBundle or None
        None when there is no model of that name.

    Raises
    ------
    ModelError
        The model is there but broken, or ``$DRED_MODEL_DIR`` names nothing that can be imported.
    """
    for found in _places(name):
        if found.error is not None:
            raise found.error
        if found.name == name:
            return found.bundle
    return None


def require_model(name: str) -> ModelBundle:
    """
    Find a model that must be there.

    Raises
    ------
    ModelError
        M8 when it is not, else as `find_model`.
    """
    bundle = find_model(name)
    if bundle is None:
        raise _unknown(name)
    return bundle


def default_model() -> ModelBundle:
    """
    Return the model of commands that are told none: the official one if it is here, else the bundled one.

    Raises
    ------
    ModelError
        As `find_model`.
    """
    return find_model(official.NAME) or bundled.bundled_model()


def model_or_default(name: str | None) -> ModelBundle:
    """
    Return the model of that name, or, without a name, the default one.

    Raises
    ------
    ModelError
        As `require_model`.
    """
    return default_model() if name is None else require_model(name)


def list_models() -> list[FoundModel]:
    """Return every model at every place, broken ones included; synthetic ones are not listed."""
    found = [model for model in (_environment(), _checkout()) if model is not None]
    with _cache_errors(), cache.reading():
        found += [_cached(folder) for name in cache.names() for folder in cache.folders(name)[:1]]
    return [*found, _packaged()]


def verify(name: str) -> list[FoundModel]:
    """
    Load a model from every place where it lies, and so check all of its hashes.

    Returns
    -------
    found : list of FoundModel
        One per place; those with an `error` failed.

    Raises
    ------
    ModelError
        M8 when there is no model of that name.
    """
    found = [model for model in _places(name) if model.name in (name, "")]
    if not any(model.name == name for model in found):
        raise _unknown(name)
    return found


def _unknown(name: str) -> ModelError:
    advice = "See `dred model list`; import it with `dred model import PATH`."
    if name == official.NAME:
        advice = "Get it with `dred model fetch`, or import its archive with `dred model import FILE`."
    return ModelError("M8", "no such model here", subject=name, advice=advice)


def _places(name: str) -> list[FoundModel]:
    if synthetic.is_synthetic_name(name):
        return [FoundModel(name, GENERATED, None, synthetic.named_synthetic_model(name))]
    if name == bundled.NAME:
        return [_packaged()]
    found = [_environment(), _checkout() if name == official.NAME else None]
    with _cache_errors(), cache.reading():
        found += [_cached(folder) for folder in cache.folders(name)[:1]]
    return [model for model in found if model is not None]


def _environment() -> FoundModel | None:
    chosen = os.environ.get(VARIABLE)
    if not chosen:
        return None
    return _attempt("", ENVIRONMENT, Path(chosen), import_model)


def _checkout() -> FoundModel | None:
    repository = Path(__file__).resolve().parents[2]
    beside = repository.parent / BESIDE_CHECKOUT
    if not (repository / "pyproject.toml").is_file() or not beside.is_dir():
        return None
    return _attempt(official.NAME, CHECKOUT, beside, import_model)


def _packaged() -> FoundModel:
    return _attempt(bundled.NAME, PACKAGE, bundled.FOLDER, lambda _: bundled.bundled_model())


@contextlib.contextmanager
def _cache_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        subject = str(cache.models_root())
        raise ModelError("M1", f"cannot be read: {error.strerror or error}", subject=subject) from error


def _cached(folder: Path) -> FoundModel:
    return _attempt(folder.name.rpartition("@")[0], CACHE, folder, cache.load)


def _attempt(name: str, place: str, path: Path, load: Callable[[Path], ModelBundle]) -> FoundModel:
    try:
        bundle = load(path)
        check_reserved(bundle)
    except ModelError as error:
        return FoundModel(name, place, path, None, error)
    except OSError as error:
        failure = ModelError("M1", f"cannot be read: {error.strerror or error}", subject=str(path))
        return FoundModel(name, place, path, None, failure)
    return FoundModel(bundle.name, place, path, bundle)
