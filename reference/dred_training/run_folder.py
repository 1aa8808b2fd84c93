"""
The folder of a run: what it was begun with, and that only one process works in it.

``run.json`` has the configuration with all its defaults, and the hash of the features; checkpoint and log lie
beside it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .configuration import Configuration, configuration_from
from .documents import read_document
from .errors import TrainingError
from .whole_files import write_whole

FORMAT = "dred-training-run/1"
FILE, LOCK = "run.json", "run.lock"

try:
    import fcntl
except ImportError:  # elsewhere two processes in one folder are the user's own fault
    fcntl = None  # type: ignore[assignment]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """
    Hold the folder of a run; the lock goes with the process, however it ends.

    Raises
    ------
    TrainingError
        T4: another process holds it, or the folder cannot be written.
    """
    try:
        stream = (folder / LOCK).open("a", encoding="ascii")
    except OSError as error:
        raise TrainingError("T4", f"cannot be written ({error})", subject=str(folder)) from error
    with stream:
        if fcntl is not None:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise TrainingError("T4", "another process trains here", subject=str(folder)) from error
        yield


def begin_run(folder: Path, configuration: Configuration, features_sha256: str) -> None:
    """
    Write ``run.json``, or compare it with what is wanted.

    Raises
    ------
    TrainingError
        T4: the run there was begun with another configuration or other features, or is damaged.
    """
    path = folder / FILE
    if path.exists():
        found, features = read_run(folder)
        if found.fingerprint != configuration.fingerprint or features != features_sha256:
            raise TrainingError(
                "T4",
                "it was begun with another configuration or other features",
                subject=str(folder),
                advice="Choose a new folder.",
            )
        return
    document = {
        "format": FORMAT,
        "configuration": dataclasses.asdict(configuration),
        "features_sha256": features_sha256,
    }
    text = json.dumps(document, indent=1) + "\n"
    write_whole(path, lambda stream: stream.write(text.encode("utf-8")))


def read_run(folder: Path) -> tuple[Configuration, str]:
    """
    Return the configuration of a run and the hash of its features.

    Raises
    ------
    TrainingError
        T4: there is no run, or it is damaged.
    """
    path = folder / FILE
    try:
        document = read_document(path, "T4", FORMAT)
        return configuration_from(document["configuration"]), str(document["features_sha256"])
    except (KeyError, TrainingError) as error:
        raise TrainingError("T4", f"no run ({error})", subject=str(folder)) from error
