"""The base codec's bitrate, corrected so that base and redundancy together cost what was asked for."""

__all__ = ["BitrateControl"]

_AVERAGING_S = 1.0  # over which the cost of the redundancy is averaged
_REPAYMENT_S = 1.5  # in which a debt or a credit is paid back
_LARGEST_CREDIT_S = 0.5  # what a pause saves beyond this is lost, or the speech after it would swell
_LARGEST_CORRECTION = 0.5  # of what the rule gives the base codec
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
        self._correction_limit = _LARGEST_CORRECTION * base_bitrate

    def base_bitrate(self) -> int:
        """Return the bitrate for the next packet of the base codec, in bits per second."""
        wanted = self._bitrate - self._redundancy + self._credit / _REPAYMENT_S
        limit = self._correction_limit
        corrected = min(max(wanted, self._base - limit), self._base + limit)
        # `corrected` never passes the total: what the base codec saves it may not spend twice.
        return round(min(max(corrected, _LOWEST_BITRATE), max(self._bitrate, _LOWEST_BITRATE) * 1.25))

    def spend(self, base_bytes: int, redundancy_bytes: int) -> None:
        """Note what a packet cost."""
        share = min(1.0, self._duration_s / _AVERAGING_S)
        self._redundancy += share * (8 * redundancy_bytes / self._duration_s - self._redundancy)
        self._credit += self._bitrate * self._duration_s - 8 * (base_bytes + redundancy_bytes)
        self._credit = min(self._credit, self._bitrate * _LARGEST_CREDIT_S)
