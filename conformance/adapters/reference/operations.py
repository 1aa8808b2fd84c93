"""What each operation of the protocol calls in dred_reference, and how its result looks in JSON."""

import base64
from collections.abc import Callable
from typing import Any

from audio import audio
from features import feature
from range_steps import run_decoder, run_encoder
from receiver import receiver
from request import MalformedRequestError, Request
from sources import decoded, tables_of, wire_of

from dred_reference.availability import HIGHEST_SAMPLING_RATE, MOST_SAMPLES, RULES, availability
from dred_reference.errors import WriteError
from dred_reference.extension import Extension, parse_extensions, write_extensions
from dred_reference.latent import dequantise, quantise
from dred_reference.packet import parse_packet, write_packet
from dred_reference.packet_padding import add_extensions
from dred_reference.payload import Header, encode_payload

__all__ = ["OPERATIONS", "STAGES", "extension_list"]

STAGES = ["packet", "extension", "payload", "latent", "feature", "audio", "receiver"]


def extension_list(extensions: tuple[Extension, ...]) -> list[dict[str, Any]]:
    """Return extensions as the protocol shows them."""
    return [{"id": e.id, "frame": e.frame, "payload": e.payload.hex()} for e in extensions]


def packet(request: Request) -> Any:
    """Take a packet apart."""
    found = parse_packet(request.octets("packet"), self_delimited=request.boolean("self_delimited", False))
    return {
        "config": found.config,
        "stereo": found.stereo,
        "code": found.code,
        "frames": [frame.hex() for frame in found.frames],
        "padding": found.padding.hex(),
        "consumed": found.consumed,
    }


def packet_write(request: Request) -> Any:
    """Put a packet together."""
    written = write_packet(
        request.integer("config"),
        request.boolean("stereo"),
        request.integer("code"),
        request.octets_list("frames"),
        vbr=request.boolean("vbr", False),
        padding=request.octets("padding") if "padding" in request else None,
        self_delimited=request.boolean("self_delimited", False),
    )
    return {"packet": written.hex()}


def packet_pad(request: Request) -> Any:
    """Put extensions into a packet."""
    size = request.optional_integer("size", None)
    return {"packet": add_extensions(request.octets("packet"), request.extensions(), size=size).hex()}


def extension(request: Request) -> Any:
    """Read a padding area."""
    return extension_list(parse_extensions(request.octets("padding"), request.frame_count()))


def extension_write(request: Request) -> Any:
    """Write a padding area."""
    size = request.optional_integer("size", 2**31 - 1)
    count, pad = request.integer("frame_count"), request.boolean("pad", False)
    return {"padding": write_extensions(request.extensions(), count, size=size, pad=pad).hex()}


def range_decode(request: Request) -> Any:
    """Decode step by step."""
    return run_decoder(request.octets("data"), request.steps())


def range_encode(request: Request) -> Any:
    """Encode step by step."""
    return run_encoder(request.integer("size"), request.steps())


def payload(request: Request) -> Any:
    """Decode a payload to symbols."""
    found = decoded(request)
    if found is None:
        return None
    contents, header = found
    symbols = {"state": contents.state, "latents": contents.latents, "levels": contents.levels}
    return header | symbols | {"range": contents.range_size, "tell": contents.tell}


def payload_write(request: Request) -> Any:
    """Encode symbols to a payload."""
    header = Header(*(request.integer(name) for name in ("q0", "dq", "qmax", "offset")))
    written = encode_payload(
        header,
        request.integers("state"),
        request.integer_lists("latents"),
        wire_of(request),
        tables_of(request),
        max_bytes=request.optional_integer("max_bytes", None),
        keep_last=request.boolean("keep_last", False),
    )
    return {"payload": written.payload.hex(), "latent_count": written.latent_count}


def latent(request: Request) -> Any:
    """Decode a payload to values."""
    found = decoded(request)
    if found is None:
        return None
    contents, header = found
    values = dequantise(contents, tables_of(request))
    return header | {
        "state": base64.b64encode(values.state.astype("<f4").tobytes()).decode(),
        "state_count": len(values.state),
        "latents": base64.b64encode(values.latents.astype("<f4").tobytes()).decode(),
        "latent_count": len(values.latents),
    }


def latent_write(request: Request) -> Any:
    """Quantise values to symbols."""
    tables = tables_of(request)
    count = request.integer("latent_count", 0)
    latents = request.floats("latents")
    if latents.size != count * tables.latent_dim:
        raise WriteError("W1", "latent", f"{latents.size} values for {count} latents of {tables.latent_dim}")
    q0, dq, qmax = (request.integer(name) for name in ("q0", "dq", "qmax"))
    rows = latents.reshape(count, tables.latent_dim)
    symbols = quantise(request.floats("state"), rows, q0, dq, qmax, tables)
    return {"state": symbols.state, "latents": symbols.latents}


def available(request: Request) -> Any:
    """Say how much past a packet offers."""
    rate = request.integer("sampling_rate", 1, HIGHEST_SAMPLING_RATE)
    wanted = request.integer("max_samples", 0, MOST_SAMPLES)
    rule = request.text("rule")
    if rule not in RULES:
        raise MalformedRequestError(f"rule must be one of {RULES}")
    data, wire, tables = request.octets("packet"), wire_of(request), tables_of(request)
    answer = availability(data, rate, wanted, wire, tables, rule=rule)
    return {"samples": answer.samples, "dred_end": answer.dred_end}


OPERATIONS: dict[str, Callable[[Request], Any]] = {
    "packet": packet,
    "packet_write": packet_write,
    "packet_pad": packet_pad,
    "extension": extension,
    "extension_write": extension_write,
    "range_decode": range_decode,
    "range_encode": range_encode,
    "payload": payload,
    "payload_write": payload_write,
    "latent": latent,
    "latent_write": latent_write,
    "availability": available,
    "feature": feature,
    "audio": audio,
    "receiver": receiver,
}
