"""JSON documents of a corpus or a run: regular files of possible sizes, or an error with a rule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .errors import TrainingError

LARGEST_DOCUMENT = 1 << 26


def read_document(path: Path, rule: str, wanted_format: str) -> dict[str, Any]:
    """
    Read a document.

    Parameters
    ----------
    path : Path
        A file; a pipe or a device is refused, for reading it may never end.
    rule : str
        Of the errors.
    wanted_format : str
        What ``format`` must say.

    Raises
    ------
    TrainingError
        The rule given: there is no such file, or it is no document of this format.
    """
    try:
        if not path.is_file():
            raise TrainingError(rule, "there is no such file", subject=str(path))
        with path.open("rb") as stream:
            data = stream.read(LARGEST_DOCUMENT + 1)
        if len(data) > LARGEST_DOCUMENT:
            raise TrainingError(rule, f"larger than {LARGEST_DOCUMENT} bytes", subject=str(path))
        document = json.loads(data.decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise TrainingError(rule, f"cannot be read ({error})", subject=str(path)) from error
    if not isinstance(document, dict) or document.get("format") != wanted_format:
        raise TrainingError(rule, f"not of the format {wanted_format}", subject=str(path))
    return document
