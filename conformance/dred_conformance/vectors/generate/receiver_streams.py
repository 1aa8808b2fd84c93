"""Streams for receivers: packets of frames that nobody will decode, with LBRR flags and DRED as told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dred_conformance.vectors.generate.extension_bytes import DRED_ID, long_rest, separator
from dred_conformance.vectors.generate.packet_bytes import code3, toc
from dred_conformance.vectors.generate.wires import EXPERIMENTAL

__all__ = [
    "MS",
    "Sent",
    "Stream",
    "concealed",
    "dred",
    "duration_ms",
    "frame_with",
    "lbrr",
    "packet",
    "regular",
]

MS = 48  # samples at 48 kHz in a millisecond
CLOCK = 1000 * MS  # by how much the receiver's clock is ahead of the timestamps
_FRAME_MS = (*(10.0, 20.0, 40.0, 60.0) * 3, *(10.0, 20.0) * 2, *(2.5, 5.0, 10.0, 20.0) * 4)


def duration_ms(config: int, frames: int = 1) -> float:
    """Return the duration of a packet."""
    return _FRAME_MS[config] * frames


def frame_with(config: int, *, mid: bool = False, side: bool = False, vad: bool = True) -> bytes:
    """Return a frame of two bytes with these LBRR flags; a decoder that reads further finds noise."""
    flags = max(1, int(_FRAME_MS[config]) // 20)
    bits = [vad] * flags + [mid] + [vad] * flags + [side]
    first = sum(1 << 7 - place for place, bit in enumerate(bits[:8]) if bit)
    return bytes([first, 0x5A])


def packet(
    config: int,
    frames: Sequence[bytes] | int = 1,
    payload: bytes | None = None,
    *,
    dred_frame: int = 0,
    stereo: bool = False,
    extension_id: int = DRED_ID,
) -> bytes:
    """Return a packet; ``frames`` may be their number, then they have no LBRR."""
    parts = [frame_with(config)] * frames if isinstance(frames, int) else list(frames)
    if payload is None and len(parts) == 1:
        return toc(config, 0, stereo=stereo) + parts[0]
    area = None
    if payload is not None:
        area = separator(dred_frame) if dred_frame > 1 else separator() * dred_frame
        area += long_rest(extension_id, payload)
    is_vbr = len({len(part) for part in parts}) > 1
    return code3(config, parts, padding=area, vbr=is_vbr, stereo=stereo)


@dataclass(frozen=True)
class Sent:
    """A packet with its time; it arrives ``late_ms`` after it would without jitter."""

    at_ms: float
    data: bytes
    late_ms: float = 0

    @property
    def members(self) -> dict[str, Any]:
        """As the protocol has it."""
        timestamp = round(self.at_ms * MS)
        arrival = timestamp + round(self.late_ms * MS) + CLOCK
        return {"timestamp": timestamp, "arrival": arrival, "packet": self.data.hex()}


@dataclass(frozen=True)
class Stream:
    """What a receiver is given.

    Attributes
    ----------
    sent
        The packets that arrive, those that nothing delays in the order in which they were sent.
    ms
        Duration of the output.
    delay_ms
        Delay of the jitter buffer; None: it waits.
    """

    sent: tuple[Sent, ...]
    ms: float
    delay_ms: float | None = None
    lbrr: bool = True
    dred: bool = True
    wire: str = EXPERIMENTAL
    rate: int = 48000

    @classmethod
    def of(cls, sent: Iterable[Sent], ms: float, **settings: Any) -> "Stream":
        """Return a stream."""
        return cls(tuple(sent), ms, **settings)

    def request(self, model: str) -> dict[str, Any]:
        """Return the request; packets come in the order of their arrival, equal ones as given."""
        packets = sorted((each.members for each in self.sent), key=lambda each: int(each["arrival"]))
        return {
            "op": "receiver",
            "packets": packets,
            "duration": round(self.ms * MS),
            "delay": None if self.delay_ms is None else round(self.delay_ms * MS),
            "lbrr": self.lbrr,
            "dred": self.dred,
            "sampling_rate": self.rate,
            "wire": self.wire,
            "model": model,
        }


def _decision(start_ms: float, ms: float, source: str, **more: int) -> dict[str, Any]:
    return {"start": round(start_ms * MS), "duration": round(ms * MS), "source": source, **more}


def regular(start_ms: float, ms: float) -> list[dict[str, Any]]:
    """Return the decision to play a packet."""
    return [_decision(start_ms, ms, "regular", packet=round(start_ms * MS))]


def lbrr(start_ms: float, ms: float) -> list[dict[str, Any]]:
    """Return the decision to play the LBRR of the packet behind it."""
    return [_decision(start_ms, ms, "lbrr", packet=round((start_ms + ms) * MS))]


def dred(start_ms: float, packet_ms: float, *features: int) -> list[dict[str, Any]]:
    """Return one decision for each feature frame, 10 ms each."""
    return [
        _decision(start_ms + 10 * place, 10, "dred", packet=round(packet_ms * MS), feature=feature)
        for place, feature in enumerate(features)
    ]


def concealed(start_ms: float, *durations_ms: float) -> list[dict[str, Any]]:
    """Return one decision for each piece of concealment."""
    decisions = []
    for ms in durations_ms:
        decisions.append(_decision(start_ms, ms, "concealment"))
        start_ms += ms
    return decisions
