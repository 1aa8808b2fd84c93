"""The rate rule of deployed encoders, for whole streams."""

from dred_conformance.encoding.rate_rule import RateRequest
from dred_reference.redundancy import Choice, DeployedRate, SpeechHistory, deployed_rate

__all__ = ["DeployedRule", "deployed_division"]

LEAST_DATA_BYTES = 8
_RATE = 48000  # Hz; the rule depends on the duration of a packet only


def deployed_division(request: RateRequest) -> DeployedRate:
    """Divide the bitrate of a stream as libopus of June 2026 does."""
    return deployed_rate(
        request.bitrate,
        _RATE,
        round(request.duration_ms * _RATE / 1000),
        request.loss_percent,
        -(-request.redundancy_ms // 10),
        in_band_fec=request.fec,
    )


class DeployedRule:
    """The same division, and the levels and number of latents that come with it.

    Parameters
    ----------
    request
        The stream. If it says what the redundancy shall have, only the levels are those of the rule.
    """

    writing = "deployed"

    def __init__(self, request: RateRequest) -> None:
        self._request = request
        self._rate = deployed_division(request)
        self._fixed_bytes = request.data_bytes
        if request.dred_bitrate is not None:
            self._fixed_bytes = int(request.bytes_per_packet(request.dred_bitrate))

    @property
    def base_bitrate(self) -> int:
        """What is left for the base codec, in bits per second."""
        if self._fixed_bytes is None:
            return self._rate.main_bitrate
        return max(0, self._request.bitrate - round(self._request.bits_per_second(self._fixed_bytes)))

    def choose(self, history: SpeechHistory, room: int) -> Choice | None:  # noqa: ARG002  # every packet alike
        """Return the levels for the bitrate, and as many latents as it is estimated to pay for."""
        rate, latents = self._rate, self._request.latents
        if self._fixed_bytes is not None:
            room = min(room, self._fixed_bytes)
        elif self._request.vbr:
            latents = min(latents, rate.target_latents)
        if latents < 1 or room < LEAST_DATA_BYTES:
            return None
        return Choice(rate.q0, rate.dq, rate.qmax, latents, room)

    def spent(self, size: int) -> None:
        """Nothing: the rule does not learn."""
