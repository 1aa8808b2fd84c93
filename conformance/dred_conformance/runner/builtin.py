"""The adapters that come with the suite, by name."""

import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dred_conformance.data import data_folder

__all__ = [
    "BUILTIN_ADAPTERS",
    "FULL_ADAPTERS",
    "AdapterNotFoundError",
    "adapter_command",
    "builtin_command",
    "model_folders",
]

FULL_ADAPTERS = ("native", "reference")  # answer every operation, for the models they are given
BUILTIN_ADAPTERS = (*FULL_ADAPTERS, "node", "libopus")
OLDEST_NODE = 18


class AdapterNotFoundError(Exception):
    """A built-in adapter is not installed."""


def _native_executable() -> Path:
    import dred_native  # noqa: PLC0415 - only this adapter needs the core, and most commands need none

    path = dred_native.adapter_path()
    if not path.is_file():
        raise AdapterNotFoundError(f"{path} is missing; run 'pip install .' in the checkout again")
    return path


def _node_command() -> list[str]:
    node = shutil.which("node")
    if node is None:
        raise AdapterNotFoundError(
            f"Node.js is not found; install version {OLDEST_NODE} or newer (Debian: apt-get install nodejs)"
        )
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
    major = version.removeprefix("v").split(".")[0]
    if not major.isdigit() or int(major) < OLDEST_NODE:
        raise AdapterNotFoundError(
            f"{node} is version {version or 'unknown'}; {OLDEST_NODE} or newer is needed"
        )
    return [node, str(data_folder("conformance/adapters") / "nodejs" / "adapter.js")]


def _libopus_command() -> list[str]:
    folder = data_folder("conformance/adapters") / "libopus"
    program = folder / "dred-libopus-adapter"
    if not program.is_file():
        raise AdapterNotFoundError(
            f"{program} is not built; run 'make -C {folder}' (needs libopus 1.5 or newer)"
        )
    return [str(program)]


@contextmanager
def model_folders(vectors: Path) -> Iterator[list[Path]]:
    """Give the folders of all models at hand: published with the vectors, the bundled, the official one.

    A bundled model that is published with the vectors is the one that their expectations come from; that of
    the package is then left out. An official model found in another form than a model folder is written into
    a temporary one.
    """
    from dred_model import bundled, find_model, save_model  # noqa: PLC0415 - only a run needs models

    folders = sorted(path.parent for path in (vectors / "models").glob("*/model.json"))
    if bundled.NAME not in {folder.name for folder in folders}:
        folders.append(bundled.FOLDER)
    official = find_model("libopus-1.6")
    with tempfile.TemporaryDirectory(prefix="dred-model-") as temporary:
        if official is not None:
            folder = Path(temporary) / "libopus-1.6"
            save_model(official, folder)
            folders.append(folder)
        yield folders


def builtin_command(name: str, models: list[Path]) -> list[str]:
    """Return the command line of a built-in adapter.

    Raises
    ------
    AdapterNotFoundError
        If the name is unknown or the adapter is not installed.
    """
    if name == "native":
        command = [str(_native_executable())]
    elif name == "reference":
        command = [sys.executable, str(data_folder("conformance/adapters") / "reference" / "adapter.py")]
    elif name == "node":
        return _node_command()
    elif name == "libopus":
        return _libopus_command()
    else:
        raise AdapterNotFoundError(f"no built-in adapter '{name}'; there are {', '.join(BUILTIN_ADAPTERS)}")
    for folder in models:
        command += ["--model", str(folder)]
    return command


def _own_command(text: str) -> list[str]:
    try:
        command = shlex.split(text)
    except ValueError as error:
        raise AdapterNotFoundError(f"the command line {text!r} cannot be read: {error}") from error
    if not command:
        raise AdapterNotFoundError("the command line of the adapter is empty")
    return command


@contextmanager
def adapter_command(adapter: str, vectors: Path) -> Iterator[list[str]]:
    """Give the command line of an adapter: a built-in one with all models at hand, or the user's own.

    Raises
    ------
    AdapterNotFoundError
        A built-in adapter is not installed, or a command line cannot be read.
    """
    if adapter not in BUILTIN_ADAPTERS:
        yield _own_command(adapter)
        return
    with model_folders(vectors) as models:
        yield builtin_command(adapter, models)
