"""The rate rule of deployed encoders, for whole streams."""

from dred_conformance.encoding.rate_rule import MOST_REDUNDANCY_MS, RateRequest
from dred_reference.redundancy import Choice, SpeechHistory, deployed_rate

__all__ = ["DeployedRule"]

LEAST_DATA_BYTES = 8
_RATE = 48000  # Hz; the rule depends on the duration of a packet only


class DeployedRule:
    """Divides a bitrate as libopus of June 2026 does.

    Parameters
    ----------
    request
        The stream.
    writing
        Rule of `dred_reference.redundancy.RedundancyWriter`.
    """

    def __init__(self, request: RateRequest, writing: str = "deployed") -> None:
        self._request = request
        self.writing = writing
        self._rate = deployed_rate(
            request.bitrate,
            _RATE,
            round(request.duration_ms * _RATE / 1000),
            request.loss_percent,
            min(-(-request.redundancy_ms // 10), MOST_REDUNDANCY_MS // 10),
            in_band_fec=request.fec,
        )

    @property
    def base_bitrate(self) -> int:
        """What is left for the base codec, in bits per second."""
        data_bytes = self._request.data_bytes
        if data_bytes is None:
            return self._rate.main_bitrate
        return max(0, self._request.bitrate - round(self._request.bits_per_second(data_bytes)))

    def choose(self, history: SpeechHistory, room: int) -> Choice | None:  # noqa: ARG002  # the same for every packet
        """Return the levels for the bitrate, and as many latents as it is estimated to pay for."""
        rate, request = self._rate, self._request
        latents = request.latents
        if request.data_bytes is not None:
            room = min(room, request.data_bytes)
        elif request.vbr:
            latents = min(latents, rate.target_latents)
        if latents < 1 or room < LEAST_DATA_BYTES:
            return None
        return Choice(rate.q0, rate.dq, rate.qmax, latents, room)
