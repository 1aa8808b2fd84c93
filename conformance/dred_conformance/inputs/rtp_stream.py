"""Captures to Opus packets: pick the RTP flow, order it, take the payloads out."""

from collections.abc import Iterator
from dataclasses import dataclass

from dred_conformance.inputs.byte_stream import ByteStream
from dred_conformance.inputs.capture import Datagram, read_datagrams
from dred_conformance.inputs.errors import InputError
from dred_conformance.inputs.record import Origin, SourcePacket
from dred_conformance.inputs.red import parse_red
from dred_conformance.inputs.resequencing import Arrival, Gap, Resequencer
from dred_conformance.inputs.rtp import parse_rtp
from dred_conformance.inputs.rtp_flow import Flow, FlowKey, Survey, flow_key, survey

_LISTED_FLOWS = 12
_CHOOSE = "choose with --ssrc, --port or --payload-type"


@dataclass(frozen=True, slots=True)
class RtpSelection:
    """What the user said about the flow; ``None`` leaves it to the reader.

    Attributes
    ----------
    port
        Source or destination port.
    red
        Whether payloads are RED (RFC 2198).
    """

    payload_type: int | None = None
    ssrc: int | None = None
    port: int | None = None
    red: bool | None = None

    def matches(self, flow: Flow) -> bool:
        """Tell whether `flow` is one of those meant."""
        key = flow.key
        return (
            self.ssrc in {None, key.ssrc}
            and self.port in {None, key.source_port, key.destination_port}
            and (self.payload_type is None or self.payload_type in flow.types)
        )


@dataclass(frozen=True, slots=True)
class _Choice:
    key: FlowKey
    opus_types: frozenset[int]
    red_types: frozenset[int]


def _listing(flows: list[Flow]) -> str:
    busiest = sorted(flows, key=lambda flow: (-flow.packets, flow.key))
    lines = [f"  {flow.describe()}" for flow in busiest[:_LISTED_FLOWS]]
    more = len(flows) - _LISTED_FLOWS
    return "\n".join([*lines, f"  and {more} more"] if more > 0 else lines)


def _types(flow: Flow, selection: RtpSelection) -> tuple[frozenset[int], frozenset[int]]:
    opus = flow.opus_type()
    red = flow.red_types() if selection.red is None else set()
    wanted = selection.payload_type
    if wanted is not None:
        is_red = wanted in red or selection.red is True
        return frozenset() if is_red else frozenset({wanted}), frozenset({wanted}) if is_red else frozenset()
    if selection.red is True and opus is not None:
        return frozenset(), frozenset({opus})
    return frozenset() if opus is None else frozenset({opus}), frozenset(red)


def _choose(found: Survey, selection: RtpSelection) -> _Choice:
    plausible = [flow for flow in found.flows.values() if flow.is_plausible]
    if not plausible:
        raise InputError(
            "I5", f"no RTP among the {found.datagrams} UDP datagrams of the capture",
            advice="was the media path captured, and is it not inside TURN or another tunnel?",
        )  # fmt: skip
    matching = [flow for flow in plausible if selection.matches(flow)]
    if not matching:
        raise InputError(
            "I5", f"no RTP flow is what the options ask for; found:\n{_listing(plausible)}", advice=_CHOOSE
        )
    choices = [
        _Choice(flow.key, opus, red)
        for flow in matching
        for opus, red in [_types(flow, selection)]
        if opus | red
    ]
    if len(choices) > 1:
        # a single datagram that looks like RTP is chance, unless it is all there is
        choices = [choice for choice in choices if found.flows[choice.key].packets > 1] or choices
    if not choices:
        encrypted = " The capture has DTLS handshakes: its media are encrypted (SRTP)." if found.dtls else ""
        raise InputError(
            "I5", f"no RTP flow parses as Opus.{encrypted} Found:\n{_listing(matching)}",
            advice="name it with --payload-type to read it all the same",
        )  # fmt: skip
    if len(choices) > 1:
        listed = _listing([found.flows[choice.key] for choice in choices])
        raise InputError("I5", f"several RTP flows carry Opus:\n{listed}", advice=_CHOOSE)
    return choices[0]


class _Unwrapper:
    """Arrivals to records; keeps the index, the start of time and notes that wait for the next record."""

    def __init__(self, choice: _Choice) -> None:
        self._choice = choice
        self._index = 0
        self._start_s: float | None = None
        self._notes: list[str] = []

    def _record(
        self, data: bytes, arrival: Arrival, notes: list[str], fault: InputError | None
    ) -> SourcePacket:
        datagram, packet = arrival.datagram, arrival.packet
        if self._start_s is None:
            self._start_s = datagram.time_s
        time_ms = None
        if datagram.time_s is not None and self._start_s is not None:
            time_ms = (datagram.time_s - self._start_s) * 1000
        record = SourcePacket(
            self._index,
            data,
            Origin(
                "pcap",
                datagram.byte_offset,
                f"frame {datagram.frame}, {self._choice.key}, sequence {packet.sequence}",
            ),
            time_ms=time_ms,
            timestamp=packet.timestamp,
            fault=fault,
            notes=(*self._notes, *arrival.notes, *notes),
        )
        self._index += 1
        self._notes = []
        return record

    def _lost(self, gap: Gap) -> SourcePacket:
        place = f"{self._choice.key}, sequence {gap.sequence} is not in the capture"
        record = SourcePacket(self._index, b"", Origin("pcap", None, place), lost=True)
        self._index += 1
        return record

    def records(self, arrival: Arrival | Gap) -> Iterator[SourcePacket]:
        if isinstance(arrival, Gap):
            yield self._lost(arrival)
            return
        packet, datagram = arrival.packet, arrival.datagram
        is_red = packet.payload_type in self._choice.red_types
        if not is_red and packet.payload_type not in self._choice.opus_types:
            self._notes.extend(arrival.notes)
            return
        notes = [packet.note] if packet.note else []
        if datagram.missing_bytes:
            cut = InputError(
                "I2", f"the capture cut {datagram.missing_bytes} bytes off this datagram",
                position=datagram.byte_offset, advice="capture whole packets, with 'tcpdump -s 0'",
            )  # fmt: skip
            yield self._record(b"", arrival, notes, cut)
        elif not packet.payload:
            self._notes.extend(
                [*arrival.notes, f"sequence {packet.sequence} holds no payload, only RTP padding"]
            )
        elif not is_red:
            yield self._record(packet.payload, arrival, notes, None)
        else:
            yield self._red(arrival, packet.payload, notes)

    def _red(self, arrival: Arrival, payload: bytes, notes: list[str]) -> SourcePacket:
        red = parse_red(payload)
        if red is None:
            fault = InputError("I1", "the RED block headers do not fit the payload (RFC 2198)")
            return self._record(b"", arrival, notes, fault)
        for copy in red.copies:
            notes.append(
                f"RED copy of {copy.length} bytes, {copy.timestamp_offset / 48:g} ms older, was left aside"
            )
        return self._record(red.primary, arrival, notes, None)


def read_rtp(stream: ByteStream, selection: RtpSelection, notes: list[str]) -> Iterator[SourcePacket]:
    """Yield the Opus packets of one RTP flow in the order of their sequence numbers.

    The capture is read twice: once to see what is in it, once for the packets.

    Parameters
    ----------
    notes
        Receives what is to be said about the whole input.

    Raises
    ------
    InputError
        ``I5`` if no flow or several come into question, and what the container itself raises.
    """
    stream.make_rewindable()
    damage: list[InputError] = []
    found = survey(_until_damage(read_datagrams(stream), damage))
    if damage and not found.datagrams:
        raise damage[0]
    choice = _choose(found, selection)
    others = len([flow for flow in found.flows.values() if flow.is_plausible and flow.key != choice.key])
    notes.append(f"RTP flow {found.flows[choice.key].describe()}; {others} other RTP flow(s) passed over")
    if found.dtls:
        notes.append("the capture has DTLS handshakes: its media may be encrypted (SRTP)")
    stream.rewind()
    unwrapper = _Unwrapper(choice)
    order = Resequencer()
    for datagram in _until_damage(read_datagrams(stream), damage := []):
        packet = parse_rtp(datagram.payload)
        if packet is None or flow_key(datagram, packet) != choice.key:
            continue
        for arrival in order.push(datagram, packet):
            yield from unwrapper.records(arrival)
    for arrival in order.flush():
        yield from unwrapper.records(arrival)
    if damage:
        raise damage[0]


def _until_damage(datagrams: Iterator[Datagram], damage: list[InputError]) -> Iterator[Datagram]:
    """Yield what can be read, and leave the error that ended it in `damage`."""
    try:
        yield from datagrams
    except InputError as error:
        damage.append(error)
