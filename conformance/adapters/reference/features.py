"""The operation ``feature``: from a payload, a packet or injected values to acoustic features."""

import base64
from typing import Any

from request import MalformedRequestError, Request
from sources import UnsupportedError, decoded, model_of

from dred_reference.errors import FeatureError
from dred_reference.feature import PROFILES, FeatureDecoder, decode_features
from dred_reference.latent import Latents, dequantise
from dred_reference.network import DecoderNetwork

__all__ = ["feature"]

OWN_PROFILE = "float64"  # where a request names none


def profile_of(request: Request) -> str:
    """Return the numeric profile of a request."""
    name = request.text("profile") if "profile" in request else OWN_PROFILE
    if name not in PROFILES:
        raise UnsupportedError(f"profile {name}")
    return name


def network_of(request: Request) -> DecoderNetwork:
    """Return the decoder network of the model that a request names."""
    network = model_of(request).network
    if network is None:
        raise UnsupportedError(f"model {request.text('model')} has no decoder network")
    if isinstance(network, FeatureError):
        raise network
    return network


def injected(request: Request, network: DecoderNetwork) -> Latents:
    """Return the values that a request brings along."""
    state, latents = request.floats("state"), request.floats("latents")
    stated = request.integer("state_count", 0), request.integer("latent_count", 0)
    width = network.latent_dim + 1
    if (state.size, latents.size) != (stated[0], stated[1] * width):
        counts = f"state_count {stated[0]} and latent_count {stated[1]}"
        raise FeatureError("N3", f"{state.size} and {latents.size} values, but {counts}")
    return Latents(state, latents.reshape(stated[1], width))


def feature(request: Request) -> Any:
    """Decode to features."""
    profile, network = profile_of(request), network_of(request)
    FeatureDecoder(network, profile)  # a refused network comes before all other errors
    header: dict[str, Any] = {}
    if "state" in request:
        if "payload" in request or "packet" in request:
            raise MalformedRequestError("either payload, packet or values are needed")
        values = injected(request, network)
    else:
        found = decoded(request)
        if found is None:
            return None
        header, values = found[1], dequantise(found[0], model_of(request).tables)
    features = decode_features(values.state, values.latents, network, profile)
    element = "<i4" if profile == "fixed" else "<f4"
    return header | {
        "features": base64.b64encode(features.astype(element).tobytes()).decode(),
        "feature_count": len(features),
        "latent_count": len(values.latents),
    }
