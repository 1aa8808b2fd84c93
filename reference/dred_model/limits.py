"""
Limits of what a model may cost to read.

A model archive is text of a few million numbers. Everything that is read from outside is read in pieces
against these limits, so that a hostile file costs bounded memory and bounded time. The official model needs
less than a tenth of each.
"""

from __future__ import annotations

from dataclasses import dataclass

from .errors import ModelError

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Upper bounds for one import; the defaults are for everyday use."""

    download_bytes: int = 256 * MIB  # also: the compressed size of an archive
    expanded_bytes: int = 1024 * MIB  # everything that comes out of the gzip stream, skipped members included
    members: int = 4096  # entries in an archive or .npz
    member_bytes: int = 128 * MIB  # one file that is actually read
    line_bytes: int = MIB  # one line of a C source
    definitions: int = 16384  # arrays, defines and layer calls of a C source, each
    array_values: int = 8 * MIB  # values of one array
    model_values: int = 64 * MIB  # values of all arrays
    blob_bytes: int = 256 * MIB  # a DNNw blob
    json_bytes: int = 16 * MIB  # model.json, layers.json, dred_stats.json


DEFAULT_LIMITS = Limits()


def check_limit(amount: int, limit: int, what: str, subject: str) -> None:
    """
    Raise M2 when `amount` exceeds `limit`.

    Parameters
    ----------
    amount, limit : int
        What was found or declared, and what is allowed.
    what : str
        The quantity, for the message.
    subject : str
        The file or array at fault.

    Raises
    ------
    ModelError
        M2.
    """
    if amount > limit:
        raise ModelError(
            "M2",
            f"{what} exceeds the limit of {limit} (at least {amount})",
            subject=subject,
            advice="A DRED model is far smaller; check where the file comes from.",
        )
