"""From a packet of any container to its report."""

from dataclasses import dataclass, replace

from dred_conformance.inputs import SourcePacket
from dred_conformance.inspection.absence import explain_absence
from dred_conformance.inspection.continuity import Continuity
from dred_conformance.inspection.dred_section import NamedTables, read_dred
from dred_conformance.inspection.findings import (
    broken_off_finding,
    level_findings,
    offset_findings,
    placement_findings,
    size_findings,
)
from dred_conformance.inspection.payload_tree import payload_node
from dred_conformance.inspection.record import (
    Absence,
    DredReport,
    ExtensionReport,
    Finding,
    Node,
    PacketReport,
    Rejection,
    Toc,
)
from dred_conformance.inspection.reencoding import find_written, written_findings
from dred_conformance.inspection.trace_tree import attach, packet_nodes, padding_nodes
from dred_reference.errors import DredError, ExtensionError, PacketError
from dred_reference.extension import Extension, parse_extensions
from dred_reference.location import LocatedPayload, find_dred
from dred_reference.packet import Packet, parse_packet
from dred_reference.trace import Trace
from dred_reference.wire import WireProfile


@dataclass(frozen=True, slots=True)
class _Padding:
    """What the padding of a packet holds."""

    extensions: tuple[Extension, ...]
    error: ExtensionError | None
    located: LocatedPayload | None


def _header_report(source: SourcePacket) -> PacketReport:
    fault = source.fault
    return PacketReport(
        source.index,
        len(source.data),
        source.origin.container,
        source.origin.byte_offset,
        source.origin.description,
        source.time_ms,
        source.timestamp,
        source.final_range,
        source.lost,
        source.self_delimited,
        source.notes,
        None if fault is None else Rejection(fault.rule, "input", fault.message, fault.position),
    )


def _rejection(error: DredError, base: int = 0) -> Rejection:
    position = None if error.position is None else base + error.position
    return Rejection(error.rule, error.stage, error.message, position)


class Inspector:
    """Inspects packets in their order; keeps the one before, to see what contradicts it.

    Parameters
    ----------
    wire
        How DRED is marked.
    model
        Tables to read the symbols with; without them only the header of a payload is read.
    symbols
        Whether the tree shows every symbol of state and latents.
    """

    def __init__(self, wire: WireProfile, model: NamedTables | None, *, symbols: bool = False) -> None:
        self.wire = wire
        self.model = model
        self._symbols = symbols
        self._continuity = Continuity()

    def inspect(self, source: SourcePacket, *, tree: bool = True) -> PacketReport:
        """Return the report on one packet; no packet whatever raises.

        Parameters
        ----------
        tree
            Whether the report carries every field with its bits and the bits of each latent. Takes longer.
        """
        report = _header_report(source)
        if source.fault is not None:
            absence = Absence("input-fault", "the packet could not be taken out of its container")
            return self._continuity.gap(replace(report, absence=absence))
        if source.lost:
            return self._continuity.gap(replace(report, absence=Absence("lost", "the packet did not arrive")))
        trace = Trace()
        try:
            packet = parse_packet(source.data, self_delimited=source.self_delimited, trace=trace)
        except PacketError as error:
            absence = Absence("packet-error", f"the packet is invalid: {error.message} (rule {error.rule})")
            report = replace(report, rejection=_rejection(error), absence=absence)
            return self._continuity.gap(replace(report, tree=tuple(packet_nodes(trace))))
        report = replace(
            report,
            toc=_toc(packet),
            frame_bytes=tuple(len(frame) for frame in packet.frames),
            duration_ms=packet.duration_ms,
            padding_bytes=len(packet.padding),
        )
        return self._continuity.check(self._with_padding(report, packet, trace, tree=tree))

    def _with_padding(
        self, report: PacketReport, packet: Packet, trace: Trace, *, tree: bool
    ) -> PacketReport:
        area = trace.child("padding", 8 * packet.padding_offset, "padding") if tree else None
        padding = self._read_padding(packet, area)
        findings = list(placement_findings(packet, padding.extensions, self.wire))
        report = replace(report, extensions=_extension_reports(packet, padding.extensions))
        payload: Node | None = None
        if padding.located is None:
            if padding.error is not None:
                report = replace(report, rejection=_rejection(padding.error, packet.padding_offset))
            absence = explain_absence(packet, padding.extensions, padding.error, self.wire)
            report = replace(report, absence=absence)
        else:
            inner = Trace("payload", 8 * padding.located.position, "payload") if tree else None
            dred = read_dred(padding.located, self.wire, self.model, inner)
            report = replace(report, dred=dred)
            findings.extend(self._dred_findings(packet, padding.located, dred))
            if padding.error is not None:
                findings.append(broken_off_finding(packet, padding.error))
            if inner is not None:
                payload = payload_node(inner, dred, symbols=self._symbols)
        report = replace(report, findings=tuple(findings))
        return report if area is None else replace(report, tree=_tree(trace, area, payload))

    def _read_padding(self, packet: Packet, area: Trace | None) -> _Padding:
        error: ExtensionError | None = None
        try:
            extensions = parse_extensions(packet.padding, len(packet.frames), trace=area)
        except ExtensionError as caught:
            extensions, error = caught.extensions, caught
        try:
            located = find_dred(packet, self.wire)
        except ExtensionError:
            located = None
        return _Padding(extensions, error, located)

    def _dred_findings(self, packet: Packet, located: LocatedPayload, dred: DredReport) -> list[Finding]:
        findings = [*offset_findings(dred, packet), *level_findings(dred), *size_findings(dred)]
        if self.model is not None:
            written = find_written(located, self.wire, self.model, dred)
            findings.extend(written_findings(dred, located.payload, written))
        return findings


def _tree(trace: Trace, area: Trace, payload: Node | None) -> tuple[Node, ...]:
    """Join the trees of packet, padding area and DRED payload."""
    elements = padding_nodes(area)
    if payload is not None:
        elements = attach(elements, payload)
    return tuple(
        replace(node, children=tuple(elements)) if node.name == "padding area" else node
        for node in packet_nodes(trace)
    )


def _toc(packet: Packet) -> Toc:
    configuration = packet.configuration
    return Toc(
        packet.config,
        configuration.mode,
        configuration.bandwidth,
        configuration.frame_ms,
        packet.stereo,
        packet.code,
    )


def _extension_reports(packet: Packet, extensions: tuple[Extension, ...]) -> tuple[ExtensionReport, ...]:
    return tuple(
        ExtensionReport(
            extension.id,
            extension.frame,
            len(extension.payload),
            packet.padding_offset + extension.position,
            extension.repeated,
        )
        for extension in extensions
    )
