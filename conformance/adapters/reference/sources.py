"""What requests refer to: models and wire profiles by name, and the payload to decode."""

from typing import Any

from model_folder import Model
from request import MalformedRequestError, Request

from dred_reference.location import find_dred
from dred_reference.payload import Payload, decode_payload
from dred_reference.tables import QuantiserTables
from dred_reference.wire import WIRE_PROFILES, WireProfile

__all__ = ["MODELS", "WIRE", "UnsupportedError", "decoded", "model_of", "tables_of", "wire_of"]

WIRE = [name for name, profile in WIRE_PROFILES.items() if profile.is_decodable]
MODELS: dict[str, Model] = {}


class UnsupportedError(Exception):
    """A request that is fine, but beyond this implementation."""


def model_of(request: Request) -> Model:
    """Return the model that a request names."""
    name = request.text("model")
    if name not in MODELS:
        raise UnsupportedError(f"model {name}")
    return MODELS[name]


def tables_of(request: Request) -> QuantiserTables:
    """Return the tables of the model that a request names."""
    return model_of(request).tables


def wire_of(request: Request) -> WireProfile:
    """Return the wire profile that a request names."""
    name = request.text("wire")
    if name not in WIRE:
        raise UnsupportedError(f"wire profile {name}")
    return WIRE_PROFILES[name]


def decoded(request: Request) -> tuple[Payload, dict[str, Any]] | None:
    """Decode the payload of a request, given directly or in a packet; with it, what to answer in any case."""
    wire, tables = wire_of(request), tables_of(request)
    max_latents = request.optional_integer("max_latents", None, low=0)
    frame_offset = request.optional_integer("frame_offset", 0)
    if ("payload" in request) == ("packet" in request):
        raise MalformedRequestError("either payload or packet is needed")
    more: dict[str, Any] = {}
    if "payload" in request:
        data = request.octets("payload")
    else:
        found = find_dred(request.octets("packet"), wire)
        if found is None:
            return None
        data, frame_offset, more = found.payload, found.frame_offset, {"frame": found.frame}
    contents = decode_payload(data, wire, tables, frame_offset=frame_offset, max_latents=max_latents)
    header = {"q0": contents.q0, "dq": contents.dq, "qmax": contents.qmax, "offset": contents.offset}
    return contents, header | more
