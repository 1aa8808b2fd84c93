"""The answers of both implementations in one form, so that they can be compared."""

from collections.abc import Callable, Iterable
from typing import Any

from dred_reference.errors import DredError, ExtensionError
from dred_reference.extension import parse_extensions
from dred_reference.packet import parse_packet
from dred_reference.payload import decode_payload
from dred_reference.tables import QuantiserTables
from dred_reference.wire import WireProfile

__all__ = ["native_outcome", "reference_extensions", "reference_packet", "reference_payload"]

# An accepted input: its content. A rejected one: rule, stage, position and the extensions found before.
Outcome = Any


def _rejection(rule: str, stage: str, position: int | None, found: Iterable[Any] = ()) -> Outcome:
    return ("rejected", rule, stage, position, list(found))


def _guarded(read: Callable[[], Outcome]) -> Outcome:
    try:
        return read()
    except ExtensionError as error:
        found = [(item.id, item.frame, item.payload) for item in error.extensions]
        return _rejection(error.rule, error.stage, error.position, found)
    except DredError as error:
        return _rejection(error.rule, error.stage, error.position)


def reference_packet(data: bytes, *, self_delimited: bool) -> Outcome:
    """Return what the literal implementation makes of a packet."""

    def read() -> Outcome:
        packet = parse_packet(data, self_delimited=self_delimited)
        return {
            "config": packet.config,
            "stereo": packet.stereo,
            "code": packet.code,
            "frames": list(packet.frames),
            "padding": packet.padding,
            "consumed": packet.consumed,
        }

    return _guarded(read)


def reference_extensions(padding: bytes, frame_count: int) -> Outcome:
    """Return what the literal implementation makes of a padding area."""
    return _guarded(
        lambda: [(item.id, item.frame, item.payload) for item in parse_extensions(padding, frame_count)]
    )


def reference_payload(data: bytes, wire: WireProfile, tables: QuantiserTables) -> Outcome:
    """Return what the literal implementation makes of an extension payload."""

    def read() -> Outcome:
        payload = decode_payload(data, wire, tables)
        return {
            "q0": payload.q0,
            "dq": payload.dq,
            "qmax": payload.qmax,
            "offset": payload.offset,
            "state": list(payload.state),
            "latents": [list(latent) for latent in payload.latents],
            "levels": list(payload.levels),
            "range": payload.range_size,
            "tell": payload.tell,
        }

    return _guarded(read)


def native_outcome(answer: Any) -> Outcome:
    """Return an answer of a native batch call (a result or an error instance) in the common form."""
    if isinstance(answer, Exception):
        found = getattr(answer, "extensions", None) or ()
        return _rejection(answer.rule, answer.stage, answer.position, found)  # type: ignore[attr-defined]
    return answer
