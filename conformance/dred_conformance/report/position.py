"""Which bit of the input lies under the first difference of a failed case."""

import re
from collections.abc import Callable
from typing import Any

from dred_conformance.vectors.case import Case
from dred_model import ModelError, find_model
from dred_reference.errors import DredError, ExtensionError
from dred_reference.extension import parse_extensions
from dred_reference.packet import parse_packet
from dred_reference.payload import decode_payload
from dred_reference.trace import Trace
from dred_reference.wire import WIRE_PROFILES

__all__ = ["locate"]

# Members of a result that stand in the trace under another name.
_PACKET_FIELDS = {
    "config": "toc.config",
    "stereo": "toc.stereo",
    "code": "toc.code",
    "frames": "count.frames",
}
_PAYLOAD_FIELDS = {"offset": "offset.low", "latents": "unread"}
_FIRST_INDEX = re.compile(r"\[(\d+)\]")


def locate(case: Case, path: str) -> int | None:
    """Return the bit at which the reading of the member ``path`` begins; ``None`` if it is not known.

    Bit 0 is the most significant bit of the first byte of the packet, the padding area or the payload (with
    its prefix) that the case puts in.
    """
    finders: dict[str, Callable[[Case, str], int | None]] = {
        "packet": _in_packet,
        "extension": _in_padding,
        "payload": _in_payload,
        "latent": _in_latents,
    }
    finder = finders.get(case.op)
    if finder is None or case.result == "invalid":
        return None
    try:
        return finder(case, path.partition(" (")[0])
    except (DredError, ModelError):
        return None


def _field(trace: Trace, name: str) -> int | None:
    return next((field.start_bit for field in trace.fields if field.name == name), None)


def _in_packet(case: Case, path: str) -> int | None:
    trace = Trace()
    data = bytes.fromhex(case.input["packet"])
    parse_packet(data, self_delimited=case.input.get("self_delimited", False), trace=trace)
    if path == "frames":  # their number: the count byte of code 3, else the code
        count = _field(trace, "count.frames")
        return _field(trace, "toc.code") if count is None else count
    return _field(trace, _PACKET_FIELDS.get(path, path))


def _in_padding(case: Case, path: str) -> int | None:
    index = _FIRST_INDEX.search(path)
    if index is None:
        return None
    try:
        found = parse_extensions(bytes.fromhex(case.input["padding"]), case.input["frame_count"])
    except ExtensionError as error:
        found = error.extensions
    position = int(index.group(1))
    return 8 * found[position].position if position < len(found) else None


def _payload_trace(case: Case) -> Trace | None:
    bundle = find_model(case.input["model"])
    if bundle is None or "payload" not in case.input:
        return None
    trace = Trace("payload", 0, "payload")
    decode_payload(
        bytes.fromhex(case.input["payload"]),
        WIRE_PROFILES[case.input["wire"]],
        bundle.tables.to_reference_tables(),
        frame_offset=case.input.get("frame_offset", 0),
        max_latents=case.input.get("max_latents"),
        trace=trace,
    )
    return trace


def _in_payload(case: Case, path: str) -> int | None:
    trace = _payload_trace(case)
    return None if trace is None else _field(trace, _PAYLOAD_FIELDS.get(path, path))


def _in_latents(case: Case, path: str) -> int | None:
    trace = _payload_trace(case)
    index = _FIRST_INDEX.search(path)
    if trace is None or index is None or not path.startswith("latents"):
        return None if trace is None else _field(trace, path)
    expected: dict[str, Any] = case.expected
    bundle = find_model(case.input["model"])
    if bundle is None or expected["latent_count"] == 0:
        return None
    latent, dimension = divmod(int(index.group(1)), bundle.latent_dim + 1)  # the level value comes last
    return _field(trace, f"latents[{latent}][{dimension}]")
