"""Our rate rule, for whole streams: the share of deployed encoders, spent on what buys most."""

from dred_conformance.encoding.deployed_rule import deployed_division
from dred_conformance.encoding.rate_rule import RateRequest
from dred_reference.redundancy import Choice, SpeechHistory
from dred_reference.redundancy.chosen_rate import ChosenRate
from dred_reference.redundancy.rate_model import Aim, RateModel
from dred_reference.tables import QuantiserTables

__all__ = ["ChosenRule"]

PACKET_OVERHEAD = 5  # bytes: frame count, padding length, extension header, prefix
LEAST_DATA_BYTES = 12  # fewer hold no state, whatever the level
# More bytes than these buy no redundancy that could be heard; the base codec has better use for them.
MOST_STATE_BYTES, MOST_LATENT_BYTES = 30, 4


class ChosenRule:
    """Divides a bitrate as deployed encoders do, and chooses the levels of each packet by their true costs.

    Parameters
    ----------
    request
        The stream.
    tables
        Of the model.
    rate_model
        What else is known of it.
    aim
        What the bits shall buy.
    """

    writing = "kept"

    def __init__(
        self, request: RateRequest, tables: QuantiserTables, rate_model: RateModel, aim: Aim
    ) -> None:
        self._request = request
        self._budget = self._data_budget()
        self._chosen: ChosenRate | None = None
        if self._budget >= LEAST_DATA_BYTES and request.latents:
            is_mean = request.vbr and request.data_bytes is None
            self._chosen = ChosenRate(
                tables, self._budget, request.latents, model=rate_model, is_mean=is_mean, aim=aim
            )

    def _data_budget(self) -> float:
        """Return the bytes of range-coded data for each packet."""
        request = self._request
        if request.data_bytes is not None:
            return request.data_bytes
        bitrate = request.dred_bitrate
        if bitrate is None:
            bitrate = deployed_division(request).target_bitrate
        budget = request.bytes_per_packet(bitrate) - PACKET_OVERHEAD
        return min(budget, MOST_STATE_BYTES + MOST_LATENT_BYTES * request.latents)

    @property
    def base_bitrate(self) -> int:
        """What is left for the base codec, in bits per second."""
        if self._chosen is None:
            return self._request.bitrate
        spent = self._request.bits_per_second(self._budget + PACKET_OVERHEAD)
        return max(0, self._request.bitrate - round(spent))

    def choose(self, history: SpeechHistory, room: int) -> Choice | None:
        """Return the ramp and the number of latents that buy most for their price."""
        if self._chosen is None or room < LEAST_DATA_BYTES:
            return None
        if self._request.data_bytes is not None:
            room = min(room, self._request.data_bytes)
        return self._chosen.choose(history, room)

    def spent(self, size: int) -> None:
        """Let the price follow the budget."""
        if self._chosen is not None:
            self._chosen.spent(size)
