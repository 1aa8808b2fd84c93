"""
The official model.

The model that libopus 1.6 and 1.6.1 carry. It is not ours to redistribute; it is imported or fetched, and
known by its hashes. The name of its archive is the SHA-256 of the archive.
"""

from __future__ import annotations

from .bundle import ModelBundle
from .errors import ModelError

NAME = "libopus-1.6"
EXPERIMENTAL_VERSION = 12

ARCHIVE_SHA256 = "a5177ec6fb7d15058e99e57029746100121f68e4890b1467d4094aa336b6013e"
ARCHIVE_URL = f"https://media.xiph.org/opus/models/opus_data-{ARCHIVE_SHA256}.tar.gz"

TABLES_SHA256 = "bd99d214f25a6a22584801ee045364a2b4d6cd72a9246b5a7588a899351f5c17"
WEIGHTS_SHA256 = "f4aed08a74ad36089194989e17514f0d9cd17ecde4d5c866470ea764387a84c8"  # the deployed DNNw blob
MODEL_SHA256 = "0ffffc69da3c567a785fb8ca53a4910f03d3703936496eba585a7b3e49ca14cc"


def is_official(bundle: ModelBundle) -> bool:
    """Tell whether a model has exactly the content of the official one, whatever its name."""
    return bundle.model_sha256 == MODEL_SHA256


def check_official_name(bundle: ModelBundle) -> None:
    """
    Make sure that only the official model bears its name.

    Raises
    ------
    ModelError
        M6 when another model is called ``libopus-1.6``.
    """
    if bundle.name == NAME and not is_official(bundle):
        part = (
            "tables differ" if bundle.tables_sha256 != TABLES_SHA256 else "tables agree, the networks differ"
        )
        raise ModelError(
            "M6",
            f"its hash is {bundle.model_sha256}, that of {NAME} is {MODEL_SHA256} ({part})",
            subject=bundle.source,
            advice=f"The name {NAME} belongs to the official model; give another name (--name).",
        )
