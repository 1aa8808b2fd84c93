"""What a stream cost, what it carries, and how long that took."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dred_conformance.encoding.redundant_packets import RedundantPacket

__all__ = ["LATENT_MS", "StreamStatistics"]

LATENT_MS = 40
_INSIDE = ("features", "network")  # stages that run inside the stage "analysis"


def _percentile(values: list[int], percent: float) -> float:
    return float(np.percentile(values, percent)) if values else 0.0


@dataclass
class StreamStatistics:
    """Figures of a stream, collected packet by packet.

    Attributes
    ----------
    seconds
        Duration of the speech.
    stream_seconds
        Duration of the packets, which is a little more.
    kept
        Packets that were left as they were: they could not be read, or have DRED that was to be kept.
    """

    seconds: float = 0.0
    stream_seconds: float = 0.0
    base_bytes: int = 0
    dred_bytes: int = 0
    total_bytes: int = 0
    kept: int = 0
    redundancy_ms: list[int] = field(default_factory=list)
    payload_bytes: list[int] = field(default_factory=list)

    def add(self, packet: RedundantPacket, seconds: float) -> None:
        """Count a packet that lasts so long."""
        self.stream_seconds += seconds
        self.base_bytes += packet.base_bytes
        self.dred_bytes += packet.redundancy_bytes
        self.total_bytes += len(packet.data)
        latents = 0 if packet.redundancy is None else packet.redundancy.latents
        self.redundancy_ms.append(LATENT_MS * latents)
        self.payload_bytes.append(0 if packet.redundancy is None else len(packet.redundancy.data))

    def to_json(self, stage_seconds: Mapping[str, float]) -> dict[str, Any]:
        """Return everything under names with units.

        Parameters
        ----------
        stage_seconds
            Time spent by stage, as a `Stopwatch` counts.
        """
        packets = len(self.redundancy_ms)
        with_dred = [size for size in self.payload_bytes if size]
        per_second = 8 / self.stream_seconds if self.stream_seconds else 0.0
        filling = self.total_bytes - self.base_bytes - self.dred_bytes
        stages = dict(stage_seconds)
        inside = sum(stages.get(name, 0.0) for name in _INSIDE)
        if "analysis" in stages:
            stages["resampling"] = stages.pop("analysis") - inside
        return {
            "seconds": round(self.seconds, 6),
            "packets": packets,
            "packets_with_dred": len(with_dred),
            "share_with_dred": round(len(with_dred) / packets, 4) if packets else 0.0,
            "packets_left_as_they_were": self.kept,
            "bytes": {
                "base": self.base_bytes,
                "dred": self.dred_bytes,
                "filling": filling,
                "total": self.total_bytes,
                "mean_data": round(sum(with_dred) / len(with_dred), 2) if with_dred else 0.0,
            },
            "bitrate": {
                "base": round(self.base_bytes * per_second),
                "dred": round(self.dred_bytes * per_second),
                "total": round(self.total_bytes * per_second),
            },
            "redundancy_ms": {
                "mean": round(float(np.mean(self.redundancy_ms)), 2) if packets else 0.0,
                **{f"p{percent}": _percentile(self.redundancy_ms, percent) for percent in (10, 50, 90)},
            },
            "ms_per_second_of_speech": {
                name: round(1000 * spent / self.seconds, 3) if self.seconds else 0.0
                for name, spent in stages.items()
            },
        }
