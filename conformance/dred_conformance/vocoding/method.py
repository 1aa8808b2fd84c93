"""Which vocoder is used, and of which model."""

from collections.abc import Callable
from dataclasses import dataclass

from dred_conformance.vocoding.errors import VocodingError
from dred_model import ModelBundle, ModelError, default_model, find_model
from dred_reference.errors import DredError
from dred_reference.vocoder import SourceFilterVocoder, SpeechSynthesis, Vocoder

__all__ = ["VOCODERS", "VocoderMethod", "choose_vocoder"]

VOCODERS = ("auto", "fargan", "source-filter")


@dataclass(frozen=True)
class VocoderMethod:
    """A choice.

    Attributes
    ----------
    name : str
        ``fargan`` or ``source-filter``.
    model, model_sha256 : str
        Of the network; empty for the source-filter vocoder.
    profile : str
        Arithmetic of the network; empty for the source-filter vocoder.
    vocoder : callable
        Gives a fresh one.
    """

    name: str
    model: str
    model_sha256: str
    profile: str
    vocoder: Callable[[], SpeechSynthesis]


_SOURCE_FILTER = VocoderMethod("source-filter", "", "", "", SourceFilterVocoder)


def choose_vocoder(name: str, model: str | None, profile: str = "float64") -> VocoderMethod:
    """Choose the vocoder.

    Parameters
    ----------
    name : str
        ``fargan``, ``source-filter``, or ``auto``: FARGAN where the model is found and has one.
    model : str or None
        Name of a model; None: the default one.
    profile : str
        One of `dred_reference.vocoder.VOCODER_PROFILES`.

    Raises
    ------
    VocodingError
        ``fargan``: there is no such model, or it has no vocoder network. In all cases but ``source-filter``:
        the model or its vocoder network is broken.
    """
    if name == "source-filter":
        return _SOURCE_FILTER
    try:
        bundle = default_model() if model is None else find_model(model)
        if name == "auto" and (bundle is None or "fargan" not in bundle.networks):
            return _SOURCE_FILTER
        if bundle is None:
            raise VocodingError(
                f"there is no model {model!r}; 'dred model fetch' or 'dred model import FILE' gets it, "
                "'--vocoder source-filter' needs none",
                is_usage=True,
            )
        if model is None and "fargan" not in bundle.networks:
            raise VocodingError(
                f"the model {bundle.name} has no vocoder; 'dred model fetch' gets the official model, which "
                "has one, '--vocoder source-filter' needs none",
                is_usage=True,
            )
        return _of_model(bundle, profile)
    except (ModelError, DredError) as error:
        raise VocodingError(str(error), is_usage=True) from error


def _of_model(bundle: ModelBundle, profile: str) -> VocoderMethod:
    network = bundle.to_reference_vocoder_network()
    return VocoderMethod(
        "fargan", bundle.name, bundle.model_sha256, profile, lambda: Vocoder(network, profile)
    )
