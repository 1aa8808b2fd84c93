"""The operation ``audio``: features to speech, from silence on or going on from past audio."""

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray
from request import Request
from sources import UnsupportedError, model_of

from dred_reference.errors import FeatureError
from dred_reference.network import VocoderNetwork
from dred_reference.vocoder import Vocoder, as_int16, speak

__all__ = ["audio"]

FEATURES = 20
PAST_VECTORS = 5
FULL_SCALE = 32768


def network_of(request: Request) -> VocoderNetwork:
    """Return the vocoder network of the model that a request names."""
    network = model_of(request).vocoder
    if network is None:
        raise UnsupportedError(f"model {request.text('model')} has no vocoder network")
    if isinstance(network, FeatureError):
        raise network
    return network


def features_of(request: Request) -> NDArray[np.float32]:
    """Return the features of a request, shape (frames, 20)."""
    values, stated = request.floats("features"), request.integer("feature_count")
    if stated < 0 or values.size != FEATURES * stated:
        raise FeatureError("N3", f"{values.size} values, but feature_count {stated}")
    return values.reshape(stated, FEATURES)


def past_of(request: Request) -> NDArray[np.float64]:
    """Return the past audio of a request; full scale is 1."""
    values, stated = request.samples("past"), request.integer("past_count")
    if values.size != stated:
        raise FeatureError("N3", f"{values.size} samples of the past, but past_count {stated}")
    return values / FULL_SCALE


def continued(
    vocoder: Vocoder, past: NDArray[np.float64], features: NDArray[np.float32]
) -> NDArray[np.int16]:
    """Return what follows the past: 160 samples for each vector behind the first five."""
    vocoder.start(past, features[:PAST_VECTORS])
    frames = [vocoder.frame(vector) for vector in features[PAST_VECTORS:]]
    return as_int16(np.concatenate([np.zeros(0), *frames]))


def audio(request: Request) -> Any:
    """Synthesise speech."""
    vocoder, features = Vocoder(network_of(request)), features_of(request)
    if "past" in request:
        samples = continued(vocoder, past_of(request), features)
    else:
        samples = speak(features, vocoder)
    return {
        "samples": base64.b64encode(samples.astype("<i2").tobytes()).decode(),
        "sample_count": len(samples),
    }
