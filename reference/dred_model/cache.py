"""
The cache of models, one per user.

A model lies in a folder ``<name>@<hash>``, where the hash is that of its ``model.json``: two models never
share a folder, so a folder appears complete, by one rename, and never changes. The newest folder of a name
counts; older ones are removed after it has appeared. Whoever imports at the same time gets the same folder
or another one, never a mix.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from . import model_json
from .bundle import NAME, ModelBundle, check_name
from .errors import ModelError
from .folder import MODEL_FILE, TEMPORARY, flush_folder, load_model, write_aside
from .limits import DEFAULT_LIMITS, Limits

APPLICATION = "opus-dred-reference"
VARIABLE = "DRED_CACHE_DIR"
ID_DIGITS = 16
LOCK = ".lock"
PATIENCE_S = 60.0
STALE_S = 24 * 3600  # what a crashed import left behind is swept away after a day


def models_root() -> Path:
    """Return the folder that holds the cached models; it need not exist."""
    chosen = os.environ.get(VARIABLE)
    root = Path(chosen) if chosen else Path(platformdirs.user_cache_dir(APPLICATION))
    return root / "models"


def folder_name(bundle: ModelBundle) -> str:
    """Return the name of the folder that a model has in the cache."""
    return f"{bundle.name}@{_folder_id(model_json.write_text(bundle))}"


def _folder_id(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:ID_DIGITS]


def store(bundle: ModelBundle) -> Path:
    """
    Put a model into the cache; it replaces one of the same name.

    Returns
    -------
    folder : Path
        Where it lies.

    Raises
    ------
    ModelError
        M1 when the disk refuses; the cache is as before then.
    """
    root = models_root()
    folder = root / folder_name(bundle)
    aside = write_aside(bundle, root)
    try:
        with _locked(root, fcntl.LOCK_EX):
            # The time of a folder decides which of a name is the newest, so it is that of its appearance.
            os.utime(aside)
            if folder.exists() and _is_intact(folder):
                os.utime(folder)
            else:
                if folder.exists():
                    _discard(folder)
                aside.rename(folder)
            flush_folder(root)
            for other in folders(bundle.name):
                if other != folder:
                    _discard(other)
            _sweep(root)
    except OSError as error:
        raise ModelError("M1", f"cannot write: {error.strerror or error}", subject=str(folder)) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """Keep what `folders` lists from being replaced until it is loaded."""
    root = models_root()
    if not (root / LOCK).exists():  # nobody has ever stored anything, or the cache is a copy
        yield
        return
    with _locked(root, fcntl.LOCK_SH):
        yield


@contextlib.contextmanager
def _locked(root: Path, mode: int) -> Iterator[None]:
    handle = os.open(root / LOCK, os.O_RDONLY | (os.O_CREAT if mode == fcntl.LOCK_EX else 0), 0o644)
    try:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                fcntl.flock(handle, mode | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ModelError(
                        "M1",
                        f"another process has been using the cache for {PATIENCE_S:g} s",
                        subject=str(root / LOCK),
                        advice="End it, or set DRED_CACHE_DIR to another folder.",
                    ) from None
                time.sleep(0.002)
            except OSError:
                break  # a file system without locks; its renames still are atomic
        yield
    finally:
        os.close(handle)


def folders(name: str) -> list[Path]:
    """Return the folders of a name, the newest first."""
    check_name(name)
    found = [path for path in _all_folders() if path.name.rpartition("@")[0] == name]
    return sorted(found, key=_age_key, reverse=True)


def names() -> list[str]:
    """Return the names of all cached models."""
    return sorted({path.name.rpartition("@")[0] for path in _all_folders()})


def _all_folders() -> list[Path]:
    with contextlib.suppress(OSError):
        return [
            path
            for path in models_root().iterdir()
            if NAME.fullmatch(path.name.rpartition("@")[0]) and not path.is_symlink() and path.is_dir()
        ]
    return []


def _age_key(path: Path) -> tuple[int, str]:
    try:
        return path.stat().st_mtime_ns, path.name
    except OSError:
        return 0, path.name


def load(folder: Path, *, limits: Limits = DEFAULT_LIMITS) -> ModelBundle:
    """
    Load a model from its folder in the cache and check that the folder is the one it belongs into.

    Raises
    ------
    ModelError
        M6 when ``model.json`` was changed or the folder renamed, else as `load_model`.
    """
    bundle = load_model(folder, limits=limits)
    name, _, stated = folder.name.rpartition("@")
    found = _folder_id((folder / MODEL_FILE).read_bytes())
    if bundle.name != name or found != stated:
        raise ModelError(
            "M6",
            f"the content belongs into {bundle.name}@{found}",
            subject=str(folder),
            advice="Something changed the cache; import the model again.",
        )
    return bundle


def remove(name: str) -> list[Path]:
    """
    Remove a model from the cache.

    Returns
    -------
    removed : list of Path
        The folders that are gone; none when there was no such model.

    Raises
    ------
    ModelError
        M1 when the disk refuses.
    """
    removed = folders(name)
    if not removed:
        return []
    root = models_root()
    try:
        with _locked(root, fcntl.LOCK_EX):
            for folder in removed:
                _discard(folder)
    except OSError as error:
        raise ModelError("M1", f"cannot write: {error.strerror or error}", subject=str(root)) from error
    return removed


def _is_intact(folder: Path) -> bool:
    try:
        load(folder)
    except (ModelError, OSError):
        return False
    return True


def _discard(folder: Path) -> None:
    """Make a folder vanish at once, then delete what it held."""
    trash = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=folder.parent))
    with contextlib.suppress(FileNotFoundError):  # somebody else was faster
        folder.rename(trash / "old")
    shutil.rmtree(trash, ignore_errors=True)


def _sweep(root: Path) -> None:
    for path in root.glob(f"{TEMPORARY}*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > STALE_S:
                shutil.rmtree(path, ignore_errors=True)
