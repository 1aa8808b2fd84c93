"""Where the published data lie: beside the sources in a checkout, inside the package when installed."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]
_INSTALLED = _PACKAGE / "_data"


class DataNotFoundError(Exception):
    """A folder that ships with the package is missing."""


def checkout_root() -> Path | None:
    """Return the repository root when running from a checkout, else ``None``."""
    is_checkout = (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "reference").is_dir()
    return _CHECKOUT if is_checkout else None


def data_folder(name: str) -> Path:
    """Return the folder ``name`` (``vectors``, ``spec-notes``, ``conformance/adapters``).

    Raises
    ------
    DataNotFoundError
        If it lies neither in the checkout nor in the installed package.
    """
    root = checkout_root()
    for base in ([root] if root is not None else []) + [_INSTALLED]:
        folder = base / name
        if folder.is_dir():
            return folder
    raise DataNotFoundError(
        f"the folder '{name}' is neither in a checkout nor in {_INSTALLED}; reinstall opus-dred-reference"
    )
