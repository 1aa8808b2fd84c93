"""Replacing what is published: all of it, or nothing."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dred_training import TrainingError

__all__ = ["exchanged", "refuse_leftovers"]

ASIDE = ".replaced-"


def refuse_leftovers(parent: Path) -> None:
    """Refuse to go on where an exchange was killed.

    Raises
    ------
    TrainingError
        T8: what was there before lies aside.
    """
    for left in sorted(parent.glob(f"{ASIDE}*")):
        raise TrainingError(
            "T8",
            "an exchange was killed; what was there before lies here",
            subject=str(left),
            advice="Put it back ('git checkout' does for what is committed), and remove this folder.",
        )


@contextmanager
def exchanged(new: Path, old: Path, further: list[Path]) -> Iterator[None]:
    """Put a folder in the place of another, and take it out again if what follows fails.

    Parameters
    ----------
    new
        The folder that takes the place; of the same file system.
    old
        The folder that is replaced; it may be missing.
    further
        Files and folders that the block changes; they are restored, too.

    Raises
    ------
    OSError
        The disk refuses; nothing was changed.
    """
    aside = Path(tempfile.mkdtemp(prefix=ASIDE, dir=old.parent))
    undo: list[Callable[[], None]] = []
    try:
        for number, path in enumerate(further):
            undo.append(_saved(path, aside / f"{number}"))
        if old.exists():
            old.rename(aside / "old")
            undo.append(lambda: _put_back(aside / "old", old))
        else:
            undo.append(lambda: shutil.rmtree(old, ignore_errors=True))
        new.rename(old)
        yield
    except BaseException:
        for each in reversed(undo):
            each()  # if the disk refuses even this, what was there stays aside and is found the next time
        shutil.rmtree(aside, ignore_errors=True)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _saved(path: Path, copy: Path) -> Callable[[], None]:
    """Copy a file or folder, and return what restores it."""
    if path.is_dir():
        shutil.copytree(path, copy)
    elif path.exists():
        shutil.copy2(path, copy)
    else:
        return lambda: path.unlink(missing_ok=True)
    return lambda: _put_back(copy, path)


def _put_back(copy: Path, path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    copy.replace(path)
