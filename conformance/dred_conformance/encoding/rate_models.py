"""What the rate rules know of models: of the official one by heart, of the bundled one from beside it."""

import json
from functools import cache
from pathlib import Path

import numpy as np

from dred_model import ModelError, bundled, official
from dred_model.limits import DEFAULT_LIMITS
from dred_model.strict_json import load_object
from dred_reference.redundancy.rate_model import ANY_MODEL, LIBOPUS_1_6, RateModel

__all__ = ["RATE_FILE", "rate_model", "rate_model_text", "read_rate_model"]

RATE_FILE = "rate_model.json"
FORMAT = "dred-rate-model/1"
_MEMBERS = {"format", "model_sha256", "errors", "middle_bits"}


def rate_model(name: str) -> RateModel:
    """Return what is known of the model of that name.

    Raises
    ------
    ModelError
        The bundled model's part of the package is damaged.
    """
    if name == official.NAME:
        return LIBOPUS_1_6
    return _of_bundled() if name == bundled.NAME else ANY_MODEL


@cache
def _of_bundled() -> RateModel:
    return read_rate_model(bundled.FOLDER / RATE_FILE, bundled.bundled_model().model_sha256)


def rate_model_text(model: RateModel, model_sha256: str) -> str:
    """Return the file of a model without a barrier: errors by level and bits, as `RateModel` has them."""
    document = {
        "format": FORMAT,
        "model_sha256": model_sha256,
        "errors": [round(error, 4) for error in model.errors],
        "middle_bits": round(model.middle_bits, 3),
    }
    return json.dumps(document, indent=1) + "\n"


def read_rate_model(path: Path, model_sha256: str) -> RateModel:
    """Read the file of a model.

    Raises
    ------
    ModelError
        M1, M4: it cannot be read, or is missing. M6: it belongs to another model. M7: it is not what it
        should be.
    """
    document = load_object(path, DEFAULT_LIMITS)
    if set(document) != _MEMBERS or document["format"] != FORMAT:
        raise ModelError("M7", f"not of the format {FORMAT}", subject=str(path))
    if document["model_sha256"] != model_sha256:
        raise ModelError(
            "M6",
            f"it is about the model {document['model_sha256']}, not {model_sha256}",
            subject=str(path),
            advice="Reinstall the package; in a checkout, 'dred train publish' writes both.",
        )
    errors, bits = document["errors"], document["middle_bits"]
    numbers = [*errors, bits] if isinstance(errors, list) else []
    is_good = all(isinstance(each, float) and np.isfinite(each) and each > 0 for each in numbers)
    if not is_good or len(numbers) != len(ANY_MODEL.errors) + 1:
        raise ModelError("M7", "errors or bits are no positive numbers", subject=str(path))
    # What is not known of speech is the same for every model.
    return RateModel(tuple(errors), ANY_MODEL.unknown_error, bits, barrier=None)
