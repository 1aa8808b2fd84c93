"""The base codec's bitrate, corrected so that base and redundancy together cost what was asked for."""

__all__ = ["BitrateControl"]

_AVERAGING_S = 1.0  # over which the cost of the redundancy is averaged
_REPAYMENT_S = 0.75  # in which a debt or a credit is paid back
_LARGEST_CREDIT_S = 1.0  # what pauses save beyond this is lost, or the speech after them would swell
_LARGEST_CORRECTION = 0.5  # of what is left for the base codec
_PAUSE = 0.25  # a base codec that needs less than this part of its share has nothing to say
_LOWEST_BITRATE = 6000  # bits per second: what a base codec needs for intelligible speech


class BitrateControl:
    """Gives the base codec what the redundancy leaves, and pays debts back slowly.

    Parameters
    ----------
    bitrate
        Total, in bits per second.
    base_bitrate
        The base codec's share by the rule.
    duration_s
        Of a packet.
    """

    def __init__(self, bitrate: int, base_bitrate: int, duration_s: float) -> None:
        self._bitrate = bitrate
        self._base = base_bitrate
        self._duration_s = duration_s
        self._redundancy = float(bitrate - base_bitrate)  # mean bitrate of the redundancy
        self._credit = 0.0  # bits not spent so far

    def base_bitrate(self) -> int:
        """Return the bitrate for the next packet of the base codec, in bits per second."""
        least = min(_LOWEST_BITRATE, self._base)
        left = max(self._bitrate - self._redundancy, least)
        limit = _LARGEST_CORRECTION * left
        return round(max(left + min(max(self._credit / _REPAYMENT_S, -limit), limit), least))

    def spend(self, base_bytes: int, redundancy_bytes: int) -> None:
        """Note what a packet cost."""
        if 8 * base_bytes >= _PAUSE * self._base * self._duration_s:
            share = min(1.0, self._duration_s / _AVERAGING_S)
            self._redundancy += share * (8 * redundancy_bytes / self._duration_s - self._redundancy)
        self._credit += self._bitrate * self._duration_s - 8 * (base_bytes + redundancy_bytes)
        self._credit = min(self._credit, self._bitrate * _LARGEST_CREDIT_S)
