"""Streams of encoders, good and bad in one way each; made from packets of silence and our own redundancy."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from dred_conformance.encoder_conformance.analysis import speech_of
from dred_conformance.encoder_conformance.judging import JudgedStream, Source, judge_stream
from dred_conformance.encoder_conformance.reading import StreamReader
from dred_conformance.encoder_conformance.record import Finding
from dred_conformance.encoder_conformance.session import LOOKAHEAD_MS
from dred_conformance.encoder_conformance.signals import made_signal
from dred_conformance.encoder_conformance.sound import Sound
from dred_conformance.encoder_conformance.speech import Speech
from dred_conformance.encoder_conformance.stream import EncodedStream
from dred_conformance.outputs import write_opus_demo
from dred_conformance.runner.verdict import Verdict
from dred_model import ModelBundle
from dred_reference.analysis import FeatureExtractor, NetworkPitch
from dred_reference.encoding import LatentEncoder
from dred_reference.extension import Extension
from dred_reference.packet_padding import add_extensions
from dred_reference.payload import Header, decode_payload, encode_payload
from dred_reference.redundancy import Choice, RedundancyWriter, SpeechHistory
from dred_reference.tables import QuantiserTables
from dred_reference.wire import WIRE_PROFILES

WIRE = WIRE_PROFILES["experimental-12"]
ONE_FRAME = b"\x48" + bytes(20)  # SILK, wideband, 20 ms
TWO_FRAMES = b"\x41" + bytes(20)  # two frames of 10 ms
RATE, SECONDS = 16000, 2.6
GOOD = (Verdict.PASS, Verdict.UNSUPPORTED)


@dataclass
class AlwaysActive:
    """A history of which nothing is silent."""

    history: SpeechHistory

    def __getattr__(self, name: str) -> object:
        if name == "activity":
            return np.ones_like(self.history.activity)
        return getattr(self.history, name)


@dataclass(frozen=True)
class MadeStreams:
    """The speech, and for each kind of stream the DRED payloads of its packets, and the latents written."""

    sound: Sound
    tables: QuantiserTables
    payloads: dict[str, list[bytes | None]]
    written: dict[str, list[int]]
    one_frame: bytes = ONE_FRAME
    two_frames: bytes = TWO_FRAMES

    def packets(self, rule: str = "kept") -> list[bytes]:
        return self.with_each(self.payloads[rule], lambda payload: [(0, payload)])

    def with_each(
        self,
        payloads: list[bytes | None],
        make: Callable[[bytes], list[tuple[int, bytes]]],
        base: bytes = ONE_FRAME,
    ) -> list[bytes]:
        """Return packets that carry what ``make`` makes of each payload: frames and payloads."""
        return [with_dred(base, [] if each is None else make(each)) for each in payloads]

    def again(self, payload: bytes, *, moved: int = 0, bent: bool = False) -> bytes:
        """Return a payload with another offset, or with one symbol of its state changed."""
        found = decode_payload(payload, WIRE, self.tables)
        header = Header(found.q0, found.dq, found.qmax, found.offset + moved)
        largest = max(range(len(found.state)), key=lambda index: abs(found.state[index]))
        state = [value + (bent and index == largest) for index, value in enumerate(found.state)]
        return encode_payload(header, state, found.latents, WIRE, self.tables).payload

    def latents_read(self, payload: bytes | None) -> int:
        """Return how many latents a decoder reads."""
        return 0 if payload is None else len(decode_payload(payload, WIRE, self.tables).latents)


def with_dred(packet: bytes, payloads: list[tuple[int, bytes]]) -> bytes:
    """Return a packet with DRED on the given frames."""
    if not payloads:
        return packet
    return add_extensions(packet, [Extension(WIRE.extension_id, frame, data) for frame, data in payloads])


@pytest.fixture(scope="session")
def made(official_model: ModelBundle) -> MadeStreams:
    """Three seconds of a test signal, 0.7 s of them silent, written by each rule in one pass."""
    sound = made_signal("low_voice", RATE, 1)
    sound = Sound(sound.samples[: round(SECONDS * RATE)], RATE)
    tables = official_model.tables.to_reference_tables()
    extractor = FeatureExtractor(NetworkPitch(official_model.to_reference_pitch_network()))
    history = SpeechHistory(RATE, 1, LatentEncoder(official_model.to_reference_encoder()), extractor)
    fine, coarse = Choice(6, 3, 8, 12, 300), Choice(11, 5, 15, 12, 300)
    writers = {
        "kept": (RedundancyWriter(tables, "kept"), fine),
        "deployed": (RedundancyWriter(tables, "deployed"), fine),
        "untrimmed": (RedundancyWriter(tables, "kept"), fine),
        "lossy": (RedundancyWriter(tables, "corrected"), coarse),
    }
    payloads: dict[str, list[bytes | None]] = {kind: [] for kind in writers}
    latents: dict[str, list[int]] = {kind: [] for kind in writers}
    for frame in sound.samples[:, 0].reshape(-1, RATE // 50):
        history.add(frame, bool(np.any(frame)))
        for kind, (writer, choice) in writers.items():
            written = writer.write(AlwaysActive(history) if kind == "untrimmed" else history, choice)
            payloads[kind].append(None if written is None else WIRE.prefix + written.data)
            latents[kind].append(0 if written is None else written.latents)
    return MadeStreams(sound, tables, payloads, latents)


Read = Callable[..., EncodedStream]
Judge = Callable[..., JudgedStream]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read packets as a stream: ``read(packets, bundle=None)``."""

    def read_packets(packets: list[bytes], bundle: ModelBundle | None = None) -> EncodedStream:
        path = tmp_path / "stream.bit"
        path.write_bytes(write_opus_demo([(packet, 0) for packet in packets]))
        return StreamReader(WIRE, bundle).read(path, container="bit")

    return read_packets


@pytest.fixture(scope="session")
def speech(made: MadeStreams, official_model: ModelBundle) -> Speech:
    """The speech as the checks take it; its features are extracted once."""
    return speech_of(made.sound, LOOKAHEAD_MS, official_model)


@pytest.fixture
def judge(read: Read, speech: Speech, official_model: ModelBundle) -> Judge:
    """Judge packets against the speech that they were made from, or another one."""

    def judge_packets(packets: list[bytes], other: Sound | None = None) -> JudgedStream:
        against = speech if other is None else speech_of(other, LOOKAHEAD_MS, official_model)
        stream = read(packets, official_model)
        return judge_stream(stream, Source("speech", against), official_model, WIRE)

    return judge_packets


def bad_of(judged: JudgedStream) -> dict[str, Finding]:
    """Return the checks that found fault."""
    return {check.name: finding for check, finding in judged.findings if finding.verdict not in GOOD}


@pytest.fixture(name="bad_of")
def bad_of_fixture() -> Callable[[JudgedStream], dict[str, Finding]]:
    """The checks that found fault."""
    return bad_of
