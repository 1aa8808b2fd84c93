"""From the trace of a DRED payload to the tree that people read."""

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from dred_conformance.inspection.record import DredReport, Node
from dred_conformance.inspection.trace_tree import field_node, group
from dred_conformance.inspection.wording import count, moment
from dred_reference.schedule import SLOPE_SIXTEENTHS
from dred_reference.trace import Field, Trace

_NAMES = {
    "dq": "dQ",
    "offset.has_extra": "extra offset flag",
    "offset.extra": "extra offset",
    "offset.low": "offset",
}
_TEXTS: dict[str, Callable[[int], str]] = {
    "q0": lambda _: "level of the initial state and of the newest latent",
    "dq": lambda value: f"slope: {SLOPE_SIXTEENTHS[value] / 16:g} levels per latent",
    "offset.has_extra": lambda value: "an extra offset follows" if value else "no extra offset",
    "offset.extra": lambda value: f"{80 * value} ms further back",
    "offset.low": lambda value: f"newest speech ends {2.5 * value:g} ms before 40 ms into the frame",
}


def _label(name: str) -> str:
    """Return ``state`` or ``latents[3]`` for what belongs to one of them, else an empty string."""
    if name.startswith("latents["):
        return name.partition("]")[0] + "]"
    return "state" if name.startswith("state[") else ""


def information_bits(trace: Trace) -> dict[str, float]:
    """Return the information in the symbols of the state and of each latent.

    Taken from how much the range shrinks, not from the frequencies: a symbol of frequency zero still gets the
    remainder of the range that does not divide.
    """
    bits: defaultdict[str, float] = defaultdict(float)
    before = 0.0
    for symbol in trace.symbols:
        used = symbol.tell + symbol.range_size.bit_length() - math.log2(symbol.range_size)
        label = _label(symbol.name)
        if label:
            bits[label] += used - before
        before = used
    return bits


def _header_text(field: Field) -> str:
    value = field.value
    if isinstance(value, bytes):
        return f"{value.hex(' ')}: {field.note}" if value else f"none: {field.note}"
    if field.name == "qmax":
        return f"highest level{', ' + field.note if field.note else ''}"
    words = _TEXTS.get(field.name)
    return words(value) if words is not None and isinstance(value, int) else field.note


def _symbols(fields: list[Field], base_bit: int) -> tuple[Node, ...]:
    return tuple(
        field_node(field, base_bit, text="not coded" if field.clause == "DRED-symbol-skip" else "")
        for field in fields
    )


def _symbol_group(
    name: str, text: str, clause: str, fields: list[Field], base_bit: int, *, symbols: bool
) -> Node:
    """Return the node over a run of symbols, with or without a line for each."""
    whole = group(name, _symbols(fields, base_bit), text, clause)
    return whole if symbols else replace(whole, children=())


def _latents(fields: dict[str, list[Field]], dred: DredReport, base_bit: int, *, symbols: bool) -> Node:
    nodes = []
    for latent in dred.latents:
        time = f"{latent.from_ms:g} to {latent.to_ms:g} ms"
        zeros = ", all zero" if not any(latent.symbols) else ""
        text = f"level {latent.level}, {latent.bits or 0:.1f} bits, {time}{zeros}"
        own = fields[f"latents[{latent.index}]"]
        nodes.append(
            _symbol_group(f"latent {latent.index}", text, "DRED-latents", own, base_bit, symbols=symbols)
        )
    return group("latents", nodes, f"{count(len(nodes), 'latent')} of 40 ms, newest first", "DRED-latents")


def payload_node(trace: Trace, dred: DredReport, *, symbols: bool) -> Node:
    """Return the DRED payload as a node: prefix, header, state, latents, bits left over.

    Parameters
    ----------
    symbols
        Whether each symbol of state and latents has its own line.
    """
    base_bit = trace.base_bit
    fields: defaultdict[str, list[Field]] = defaultdict(list)
    children: list[Node] = []
    tail: list[Node] = []
    for field in trace.fields:
        label = _label(field.name)
        if label:
            fields[label].append(field)
        elif field.name == "unread":
            tail.append(field_node(field, base_bit, "bits left", "decoding stops at 7 or fewer"))
        else:
            name = _NAMES.get(field.name, field.name)
            children.append(field_node(field, base_bit, name, _header_text(field)))
    total = f"units of 2.5 ms: newest speech ends {moment(dred.offset_ms)}"
    children.append(Node("offset in all", dred.offset_2p5ms, total, clause="DRED-offset-sign"))
    if dred.state is not None:
        coded = sum(value != 0 for value in dred.state)
        text = (
            f"level {dred.q0}, {dred.state_bits or 0:.1f} bits, {coded} of {len(dred.state)} values not zero"
        )
        children.append(
            _symbol_group("initial state", text, "DRED-state", fields["state"], base_bit, symbols=symbols)
        )
        children.append(_latents(fields, dred, base_bit, symbols=symbols))
    children.extend(tail)
    text = f"{dred.wire}, {count(dred.payload_bytes, 'byte')}"
    # symbols may lie past the end of a payload that was cut; the payload itself does not
    start, end = 8 * dred.position, 8 * (dred.position + dred.payload_bytes)
    return Node("DRED payload", None, text, start, end, "DRED-locate", tuple(children))
