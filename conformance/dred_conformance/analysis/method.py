"""Which pitch estimator is used, and of which model."""

from collections.abc import Callable
from dataclasses import dataclass

from dred_conformance.analysis.errors import AnalysisError
from dred_model import ModelBundle, ModelError, default_model, find_model
from dred_reference.analysis import NetworkPitch, PitchEstimator, PitchTracker
from dred_reference.errors import DredError

__all__ = ["PITCH_METHODS", "PitchMethod", "choose_pitch"]

PITCH_METHODS = ("auto", "network", "tracker")


@dataclass(frozen=True)
class PitchMethod:
    """A choice.

    Attributes
    ----------
    name : str
        ``network`` or ``tracker``.
    model, model_sha256 : str
        Of the network; empty for the tracker.
    profile : str
        Arithmetic of the network; empty for the tracker.
    estimator : callable
        Gives a fresh `PitchEstimator`.
    """

    name: str
    model: str
    model_sha256: str
    profile: str
    estimator: Callable[[], PitchEstimator]


TRACKER = PitchMethod("tracker", "", "", "", PitchTracker)


def choose_pitch(method: str, model: str | None, profile: str = "float64") -> PitchMethod:
    """Choose the estimator.

    Parameters
    ----------
    method : str
        ``network``, ``tracker``, or ``auto``: the network where the model is found and has one, else the
        tracker.
    model : str or None
        Name of a model; None: the default one.
    profile : str
        One of `dred_reference.analysis.PITCH_PROFILES`.

    Raises
    ------
    AnalysisError
        ``network``: there is no such model, or it has no pitch network. In all cases but ``tracker``: the
        model or its pitch network is broken.
    """
    if method == "tracker":
        return TRACKER
    try:
        bundle = default_model() if model is None else find_model(model)
        if method == "auto" and (bundle is None or "pitchdnn" not in bundle.networks):
            return TRACKER
        if bundle is None:
            raise AnalysisError(
                f"there is no model {model!r}; 'dred model fetch' or 'dred model import FILE' gets it, "
                "'--pitch tracker' needs none",
                is_usage=True,
            )
        if model is None and "pitchdnn" not in bundle.networks:
            raise AnalysisError(
                f"the model {bundle.name} has no pitch network; 'dred model fetch' gets the official model, "
                "which has one, '--pitch tracker' needs none",
                is_usage=True,
            )
        return _of_model(bundle, profile)
    except (ModelError, DredError) as error:
        raise AnalysisError(str(error), is_usage=True) from error


def _of_model(bundle: ModelBundle, profile: str) -> PitchMethod:
    network = bundle.to_reference_pitch_network()
    return PitchMethod(
        "network", bundle.name, bundle.model_sha256, profile, lambda: NetworkPitch(network, profile)
    )
