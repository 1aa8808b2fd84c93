"""From the traces of the packet and extension readers to the tree that people read."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from dred_conformance.inspection.record import Node, Value
from dred_conformance.inspection.wording import BANDWIDTHS, CODE_MEANINGS, EXTENSION_NAMES, count, preview
from dred_reference.packet import CONFIGURATIONS
from dred_reference.trace import Field, Trace

_PACKET_GROUPS = {"toc": "TOC byte", "count": "frame count byte"}
_PACKET_NAMES = {
    "toc.config": "configuration",
    "toc.stereo": "stereo",
    "toc.code": "frame count code",
    "count.vbr": "VBR flag",
    "count.padding": "padding flag",
    "count.frames": "frame count",
    "padding.length": "padding length",
    "padding": "padding area",
    "last.length": "length of the last frame",
}
_MIN_COLLAPSED = 3


def value_of(field: Field) -> Value:
    """Return the value as JSON can hold it; bytes stand in the text instead."""
    return field.value if isinstance(field.value, bool | int | str) else None


def field_node(field: Field, base_bit: int, name: str = "", text: str = "") -> Node:
    """Return the node of one field, its span moved to bits of the packet."""
    if not text and isinstance(field.value, bytes):
        text = preview(field.value)
    return Node(
        name or field.name,
        value_of(field),
        text,
        base_bit + field.start_bit,
        base_bit + field.end_bit,
        field.clause,
    )


def _configuration_text(number: int) -> str:
    configuration = CONFIGURATIONS[number]
    bandwidth = BANDWIDTHS[configuration.bandwidth]
    return f"{configuration.mode}, {bandwidth}, frames of {configuration.frame_ms:g} ms"


_PACKET_TEXTS: dict[str, Callable[[int], str]] = {
    "toc.config": _configuration_text,
    "toc.stereo": lambda value: "stereo" if value else "mono",
    "toc.code": lambda value: CODE_MEANINGS[value],
    "count.vbr": lambda value: "the frames have their own sizes" if value else "the frames have one size",
    "count.padding": lambda value: "padding follows the frames" if value else "no padding",
    "padding.length": lambda value: f"{count(value, 'byte')} of padding at the end of the packet",
}


def _packet_text(field: Field) -> str:
    if isinstance(field.value, int):
        words = _PACKET_TEXTS.get(field.name)
        return words(field.value) if words is not None else ""
    if field.name.startswith("frames[") and field.value == b"":
        return "no bytes: not transmitted (DTX) or lost"
    return ""


def _packet_name(name: str) -> str:
    frame = re.fullmatch(r"frames\[(\d+)\](\.length)?", name)
    if frame is None:
        return _PACKET_NAMES.get(name, name)
    return f"{'length of ' if frame[2] else ''}frame {frame[1]}"


def group(name: str, children: Sequence[Node], text: str = "", clause: str = "") -> Node:
    """Return a node over `children`, which spans what they span."""
    starts = [child.start_bit for child in children if child.start_bit is not None]
    ends = [child.end_bit for child in children if child.end_bit is not None]
    return Node(name, None, text, min(starts, default=None), max(ends, default=None), clause, tuple(children))


def packet_nodes(trace: Trace) -> list[Node]:
    """Return TOC, frame count byte, lengths, frames and padding area of a packet."""
    nodes: list[Node] = []
    open_groups: dict[str, list[Node]] = {}
    for field in trace.fields:
        node = field_node(field, trace.base_bit, _packet_name(field.name), _packet_text(field))
        prefix = field.name.split(".", 1)[0]
        if prefix not in _PACKET_GROUPS:
            nodes.append(node)
        elif prefix in open_groups:
            open_groups[prefix].append(node)
            nodes[-1] = group(_PACKET_GROUPS[prefix], open_groups[prefix])
        else:
            open_groups[prefix] = [node]
            nodes.append(group(_PACKET_GROUPS[prefix], [node]))
    return nodes


def _elements(fields: Iterable[Field]) -> list[list[Field]]:
    """Split the fields of a padding area: an element starts at an id, a repeated one at its payload."""
    elements: list[list[Field]] = []
    for field in fields:
        continues = (
            bool(elements)
            and field.name != "id"
            and elements[-1][-1].note == field.note
            and elements[-1][-1].name != "payload"
        )
        if continues:
            elements[-1].append(field)
        else:
            elements.append([field])
    return elements


def _element_node(fields: list[Field], base_bit: int) -> Node:
    first = fields[0]
    values = {field.name: field.value for field in fields}
    children = [field_node(field, base_bit) for field in fields]
    if first.name != "id" or not isinstance(first.value, int):
        return group("repeated extension", children, first.note, first.clause)
    number, flag = first.value, values.get("L")
    frame = first.note.rsplit(", ", 1)[-1]
    clause = fields[-1].clause
    if number == 0:
        rest = "the rest of the area" if flag == 0 else "one byte"
        return group("padding", children, rest, "EXT-padding-byte" if flag else "EXT-padding-rest")
    if number == 1:
        step = values.get("increment", 1)
        text = "no effect" if step == 0 else f"{step} frame(s) on from {frame}"
        return group("frame separator", children, text, "EXT-separator-n" if flag else "EXT-separator-one")
    if number == 2:
        goes_on = "then more of the same frame may follow" if flag else "then the next frame is current"
        text = f"repeats the extensions of {frame} for all later frames, {goes_on}"
        return group("repeat", children, text, "EXT-repeat-more" if flag else "EXT-repeat-advance")
    payload = values.get("payload", b"")
    size = count(len(payload), "byte") if isinstance(payload, bytes) else ""
    how = "" if number < 32 else ", up to the end of the area" if flag == 0 else ", length given"
    usage = EXTENSION_NAMES.get(number)
    text = f"{frame}, {size}{how}" + (f" ({usage})" if usage else "")
    return group(f"extension {number}", children, text, clause)


def _collapse(nodes: list[Node]) -> list[Node]:
    """Join runs of single padding bytes, of which a CBR packet may have hundreds."""
    joined: list[Node] = []
    run: list[Node] = []

    def close() -> None:
        if len(run) < _MIN_COLLAPSED:
            joined.extend(run)
        else:
            whole = group("padding", run, count(len(run), "byte") + " of padding, 0x01 each", run[0].clause)
            joined.append(replace(whole, children=()))
        run.clear()

    for node in nodes:
        if node.clause == "EXT-padding-byte" and node.name == "padding":
            run.append(node)
        else:
            close()
            joined.append(node)
    close()
    return joined


def padding_nodes(trace: Trace) -> list[Node]:
    """Return the elements of a padding area: extensions, separators, repeats, padding."""
    return _collapse([_element_node(fields, trace.base_bit) for fields in _elements(trace.fields)])


def attach(elements: list[Node], payload: Node) -> list[Node]:
    """Put the node of the DRED payload into the extension that carries it."""
    attached = []
    for element in elements:
        carries = any(
            child.name == "payload" and child.start_bit == payload.start_bit for child in element.children
        )
        if carries:
            children = tuple(payload if child.name == "payload" else child for child in element.children)
            attached.append(replace(element, children=children))
        else:
            attached.append(element)
    return attached
