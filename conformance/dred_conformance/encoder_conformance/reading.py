"""Reads a stream of packets with both implementations."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import dred_native
from dred_conformance.differential.built_payloads import native_model
from dred_conformance.encoder_conformance.stream import EncodedStream, ReadDred, ReadPacket
from dred_conformance.inputs import InputError, SourcePacket
from dred_conformance.inspection.dred_section import NamedTables, read_dred
from dred_conformance.inspection.reencoding import Written, find_written
from dred_conformance.model_choice import Reading, open_with_profile
from dred_model import ModelBundle
from dred_reference.errors import DredError, ExtensionError
from dred_reference.extension import Extension, parse_extensions
from dred_reference.location import LocatedPayload, frame_offset_2p5ms
from dred_reference.packet import Packet, parse_packet
from dred_reference.payload import decode_header, decode_payload
from dred_reference.range_decoder import RangeDecoder
from dred_reference.wire import WireProfile, strip_prefix

__all__ = ["MOST_PACKETS", "StreamReader", "plain_name"]

MOST_PACKETS = 360_000  # two hours of 20 ms
_USUAL_UNITS = 8
_MOST_LATENTS_LOOKED_AT = 104  # one by one: a payload of a megabyte may hold 1024
_HEAD_BYTES = 4096


def plain_name(text: str) -> str:
    """Return a name fit for case ids, file names and shells."""
    return re.sub(r"[^A-Za-z0-9_.+-]", "_", text)[:100] or "stream"


def _pre_skip(path: Path) -> int | None:
    """Return what the first OpusHead of an Ogg file says to drop, in samples at 48 kHz."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    found = head.find(b"OpusHead")
    return int.from_bytes(head[found + 10 : found + 12], "little") if 0 <= found < len(head) - 12 else None


class StreamReader:
    """Reads streams of one wire profile.

    Parameters
    ----------
    wire
        How DRED is marked.
    bundle
        The model whose tables read the symbols; without one only headers are read.
    choose
        Chooses both anew by how the DRED of the first stream with some is marked.
    """

    def __init__(
        self,
        wire: WireProfile,
        bundle: ModelBundle | None,
        choose: Callable[[WireProfile], Reading] | None = None,
    ) -> None:
        self._choose = choose
        self._use(wire, bundle)

    def _use(self, wire: WireProfile, bundle: ModelBundle | None) -> None:
        self.wire = wire
        self.bundle = bundle
        self._tables = None if bundle is None else bundle.tables.to_reference_tables()
        self._native = None if bundle is None else native_model(bundle)

    def read(self, path: Path, name: str | None = None, container: str | None = None) -> EncodedStream:
        """Read a file of packets.

        Raises
        ------
        InputError
            The container cannot be read, or the stream is longer than `MOST_PACKETS`.
        OSError
            The file cannot be read.
        """
        with open_with_profile(str(path), container=container) as (opened, carried):
            if carried is not None and self._choose is not None:
                reading = self._choose(carried)
                self._use(reading.wire, reading.bundle)
                self._choose = None
            packets = tuple(self._packets(opened.packets))
            return EncodedStream(
                plain_name(path.stem) if name is None else name,
                path,
                opened.container,
                packets,
                _pre_skip(path) if opened.container == "ogg" else None,
                None if self.bundle is None else self.bundle.name,
            )

    def _packets(self, sources: Iterator[SourcePacket]) -> Iterator[ReadPacket]:
        start, usual = 0, _USUAL_UNITS
        for number, source in enumerate(sources):
            if number == MOST_PACKETS:
                raise InputError("I4", f"the stream has more than {MOST_PACKETS} packets")
            packet = self._packet(source, start, usual)
            yield packet
            usual = packet.duration
            start += packet.duration

    def _packet(self, source: SourcePacket, start: int, usual: int) -> ReadPacket:
        unread = ReadPacket(source.index, source.data, start, usual)
        if source.fault is not None:
            return replace(unread, problem=f"{source.fault.message} ({source.fault.rule})")
        if source.lost:
            return replace(unread, lost=True)
        try:
            packet = parse_packet(source.data, self_delimited=source.self_delimited)
        except DredError as error:
            other = self._native_problem(source)
            said = "" if other == error.rule else f"packet: {error.rule} against {other or 'no fault'}"
            return replace(unread, problem=f"{error.message} (rule {error.rule})", disagreement=said)
        return self._parsed(source, packet, start)

    @staticmethod
    def _native_problem(source: SourcePacket) -> str:
        try:
            dred_native.parse_packet(source.data, source.self_delimited)
        except dred_native.DredError as error:
            return str(error.rule)
        return ""

    def _parsed(self, source: SourcePacket, packet: Packet, start: int) -> ReadPacket:
        problem = ""
        try:
            extensions = parse_extensions(packet.padding, len(packet.frames))
        except ExtensionError as error:
            extensions, problem = error.extensions, f"{error.message} (rule {error.rule})"
        dreds = tuple(each for each in extensions if self.wire.matches(each.id, each.payload))
        units = packet.configuration.frame_2p5ms
        return ReadPacket(
            source.index,
            source.data,
            start,
            units * len(packet.frames),
            len(packet.frames),
            units,
            problem,
            False,
            extensions,
            dreds,
            self._dred(packet, dreds[0]) if dreds else None,
            self._packet_disagreement(source, packet, extensions, is_broken=bool(problem)),
        )

    @staticmethod
    def _packet_disagreement(
        source: SourcePacket, packet: Packet, extensions: tuple[Extension, ...], *, is_broken: bool
    ) -> str:
        try:
            parsed = dred_native.parse_packet(source.data, source.self_delimited)
            if parsed["frames"] != list(packet.frames) or parsed["padding"] != packet.padding:
                return "packet: other frames or padding"
            found = dred_native.parse_extensions(packet.padding, len(packet.frames))
        except dred_native.DredError as error:
            return "" if is_broken else f"packet: no fault against {error}"
        if is_broken:
            return "extensions: a fault against none"
        wanted = [(each.id, each.frame, each.payload) for each in extensions]
        return "" if found == wanted else "extensions: others are found"

    def _dred(self, packet: Packet, extension: Extension) -> ReadDred:
        located = LocatedPayload(
            extension.payload,
            extension.frame,
            frame_offset_2p5ms(packet.config, extension.frame),
            packet.padding_offset + extension.position,
        )
        data = strip_prefix(located.payload, self.wire)
        decoder = RangeDecoder(data)
        header = decode_header(decoder, located.frame_offset)
        levels = (header.q0, header.dq, header.qmax, header.offset, len(data))
        if self._tables is None or self._native is None or self.bundle is None:
            return ReadDred(located, None, *levels, header_bits=decoder.tell())
        payload = decode_payload(located.payload, self.wire, self._tables, frame_offset=located.frame_offset)
        looked_at = min(len(payload.latents), _MOST_LATENTS_LOOKED_AT)
        tells = [self._tell(located.payload, count) for count in range(looked_at + 1)]
        return ReadDred(
            located,
            payload,
            *levels,
            decoder.tell(),
            tells[0] - decoder.tell(),
            tuple(after - before for before, after in pairwise(tells)),
            self._written(located),
            self._payload_disagreement(located, payload),
        )

    def _tell(self, payload: bytes, latents: int) -> int:
        assert self._native is not None
        return dred_native.decode_payload(payload, self.wire.name, self._native, max_latents=latents)["tell"]

    def _written(self, located: LocatedPayload) -> Written | None:
        assert self._tables is not None
        assert self.bundle is not None
        model = NamedTables(self.bundle.name, self._tables)
        dred = read_dred(located, self.wire, model, None)
        if len(dred.latents) > _MOST_LATENTS_LOOKED_AT:
            return None
        return find_written(located, self.wire, model, dred)

    def _payload_disagreement(self, located: LocatedPayload, payload: object) -> str:
        assert self._native is not None
        found = dred_native.decode_payload(
            located.payload, self.wire.name, self._native, located.frame_offset
        )
        for name, value in found.items():
            wanted = getattr(payload, "range_size" if name == "range" else name, value)
            plain = (
                [list(row) if isinstance(row, tuple) else row for row in wanted]
                if isinstance(wanted, tuple)
                else wanted
            )
            if plain != value:
                return f"payload: {name}"
        return ""
