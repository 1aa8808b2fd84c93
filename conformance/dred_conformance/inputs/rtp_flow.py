"""What RTP flows a capture holds, and which of them carry Opus."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from dred_conformance.inputs.capture import Datagram
from dred_conformance.inputs.red import parse_red
from dred_conformance.inputs.rtp import RtpPacket, parse_rtp
from dred_reference.errors import PacketError
from dred_reference.packet import parse_packet

_MAX_FLOWS = 4096
_TRIED_PACKETS = 200
_LOWEST_DYNAMIC_TYPE = 35
"""Below lie the static payload types; Opus has none (35 to 63 are what WebRTC adds to 96 to 127)."""


@dataclass(frozen=True, slots=True, order=True)
class FlowKey:
    """Five-tuple without the protocol, and the synchronisation source."""

    source: str
    source_port: int
    destination: str
    destination_port: int
    ssrc: int

    def __str__(self) -> str:
        ends = f"{self.source}:{self.source_port} -> {self.destination}:{self.destination_port}"
        return f"{ends} SSRC {self.ssrc:#010x}"


@dataclass(slots=True)
class PayloadStatistics:
    """What the payloads of one payload type look like."""

    packets: int = 0
    tried: int = 0
    parsed: int = 0
    configs: set[int] = field(default_factory=set)
    red_packets: int = 0
    red_copies: int = 0
    red_types: set[int] = field(default_factory=set)

    def add(self, payload: bytes) -> None:
        """Take one payload into account; empty ones say nothing."""
        if not payload:
            return
        self.packets += 1
        red = parse_red(payload)
        if red is not None:
            self.red_packets += 1
            self.red_copies += len(red.copies)
            if len(self.red_types) < 3:
                self.red_types.update([red.payload_type, *(copy.payload_type for copy in red.copies)])
        if self.tried < _TRIED_PACKETS:
            self.tried += 1
            self.configs.add(payload[0] >> 3)
            try:
                parse_packet(payload)
            except PacketError:
                return
            self.parsed += 1

    @property
    def is_red(self) -> bool:
        """Every packet is RED of one dynamic type, and at least one carries a copy.

        Without a copy RED cannot be told from an Opus packet that happens to start with that byte.
        """
        return (
            self.red_packets == self.packets > 0
            and self.red_copies > 0
            and len(self.red_types) == 1
            and min(self.red_types) >= _LOWEST_DYNAMIC_TYPE
        )

    @property
    def looks_like_opus(self) -> bool:
        """Nine packets of ten parse; of random bytes about two of three do."""
        return self.tried > 0 and self.parsed * 10 >= self.tried * 9

    @property
    def looks_encrypted(self) -> bool:
        """Configurations jump about as no encoder makes them."""
        return self.tried >= 20 and len(self.configs) > 12

    def describe(self) -> str:
        """Say in words what this is."""
        if self.is_red:
            return f"RED (RFC 2198) of payload type {min(self.red_types)}"
        if self.looks_encrypted:
            return f"not Opus, or encrypted (SRTP): {len(self.configs)} of 32 configurations in {self.tried}"
        if self.looks_like_opus:
            return "parses as Opus"
        return f"not Opus: {self.parsed} of {self.tried} parse"


@dataclass(slots=True)
class Flow:
    """One RTP flow."""

    key: FlowKey
    packets: int = 0
    ascending: int = 0
    last_sequence: int | None = None
    types: dict[int, PayloadStatistics] = field(default_factory=dict)

    def add(self, packet: RtpPacket) -> None:
        """Take one packet into account."""
        self.packets += 1
        if self.last_sequence is not None and 0 < (packet.sequence - self.last_sequence) % 65536 <= 100:
            self.ascending += 1
        self.last_sequence = packet.sequence
        self.types.setdefault(packet.payload_type, PayloadStatistics()).add(packet.payload)

    @property
    def is_plausible(self) -> bool:
        """Sequence numbers mostly ascend, as those of foreign datagrams do not."""
        return self.ascending * 2 >= self.packets - 1

    def opus_type(self) -> int | None:
        """Return the payload type that is Opus: the most frequent that looks like it."""
        candidates = [
            (statistics.packets, payload_type)
            for payload_type, statistics in self.types.items()
            if payload_type >= _LOWEST_DYNAMIC_TYPE
            and statistics.looks_like_opus
            and not (statistics.is_red or statistics.looks_encrypted)
        ]
        return max(candidates)[1] if candidates else None

    def red_types(self) -> set[int]:
        """Return the payload types that are RED."""
        return {payload_type for payload_type, statistics in self.types.items() if statistics.is_red}

    def describe(self) -> str:
        """Say in one line what flows here, with the options that select it."""
        kinds = "; ".join(
            f"payload type {payload_type}: {statistics.packets} packets, {statistics.describe()}"
            for payload_type, statistics in sorted(self.types.items())
        )
        return f"{self.key}: {kinds}"


@dataclass(slots=True)
class Survey:
    """What was found in a capture."""

    flows: dict[FlowKey, Flow] = field(default_factory=dict)
    datagrams: int = 0
    dtls: int = 0


def flow_key(datagram: Datagram, packet: RtpPacket) -> FlowKey:
    """Return which flow a datagram belongs to."""
    return FlowKey(
        datagram.source, datagram.source_port, datagram.destination, datagram.destination_port, packet.ssrc
    )


def survey(datagrams: Iterable[Datagram]) -> Survey:
    """Read through a capture and return its RTP flows; those beyond a fixed number are not told apart."""
    found = Survey()
    for datagram in datagrams:
        found.datagrams += 1
        head = datagram.payload[:2]
        # content types 20 to 63, version 254.x (RFC 7983 section 7)
        found.dtls += len(head) == 2 and 20 <= head[0] <= 63 and head[1] == 0xFE
        packet = parse_rtp(datagram.payload)
        if packet is None:
            continue
        key = flow_key(datagram, packet)
        flow = found.flows.get(key)
        if flow is None:
            if len(found.flows) >= _MAX_FLOWS:
                continue
            flow = found.flows[key] = Flow(key)
        flow.add(packet)
    return found
