"""Our rate rule: levels and number of latents for a budget, from what every ramp costs and should buy.

For each packet all ramps and all numbers of latents are on offer. The cost of each is known to the bit
(`SymbolCosts`), its error is estimated from the errors of the levels (`RateModel`), and the one with the
least error plus price times bytes is taken. The price follows the budget: it rises while packets are larger
than the budget and falls while they are smaller. Speech that costs more at the same level has larger errors
there, too, so bytes are counted in proportion to what this speech costs at a middle level: all packets get
about the same levels, and dear ones more bytes, which buys more than giving each the same.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dred_reference.clauses import clause
from dred_reference.payload import NEWEST_OFFSET
from dred_reference.redundancy.rate_model import (
    ALL_AGES,
    ANY_MODEL,
    MIDDLE_LEVEL,
    Aim,
    RateModel,
    age_weights,
)
from dred_reference.redundancy.record import Choice
from dred_reference.redundancy.schedules import all_schedules
from dred_reference.redundancy.selection import STEPS_PER_LATENT, History, StartRule, trimmed
from dred_reference.redundancy.symbol_costs import SymbolCosts
from dred_reference.redundancy.writer import KEPT_FILL
from dred_reference.tables import QuantiserTables

__all__ = ["ChosenRate"]

LARGE_OFFSET_BITS = 8.0  # the upper part of an offset that is further back than 31 units
LARGEST_SMALL_OFFSET = 31
_REMEMBERED = 256  # costs of latents: more than a history holds
_START_BYTES = 40.0  # a packet at the start price of an aim
_LOWEST_PRICE, _HIGHEST_PRICE = 2e-3, 10.0
_LARGEST_EXCESS = 4.0  # one packet changes the price by a fifth at most
_LEAST_RELATIVE_COST = 0.5
_GAIN = 0.05  # of the price, in the logarithm: packets share most of their speech, so it takes about a second


class _RememberedCosts:
    """Costs at each level of latents or states, each computed once."""

    def __init__(self, compute: Callable[[NDArray[np.float32]], NDArray[np.float64]]) -> None:
        self._compute = compute
        self._remembered: dict[bytes, NDArray[np.float64]] = {}

    def of(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        key = values.tobytes()
        if key not in self._remembered:
            if len(self._remembered) >= _REMEMBERED:
                del self._remembered[next(iter(self._remembered))]
            self._remembered[key] = self._compute(values[np.newaxis])[0]
        return self._remembered[key]


class ChosenRate:
    """Chooses levels and number of latents packet by packet.

    Parameters
    ----------
    tables : QuantiserTables
        Of the model.
    budget : float
        Bytes of range-coded data per packet; 1 or more.
    most_latents : int
        Latents wanted, 1 to 52: the redundancy in units of 40 ms.
    model : RateModel
        What is known of the model beside its tables.
    is_mean : bool
        Whether packets may be larger and smaller than the budget as long as their mean is the budget.
        Otherwise each is as good as its own limit allows.
    aim : Aim
        Which errors count how much.

    Raises
    ------
    ValueError
        An argument out of its range.
    """

    def __init__(
        self,
        tables: QuantiserTables,
        budget: float,
        most_latents: int = 26,
        *,
        model: RateModel = ANY_MODEL,
        is_mean: bool = True,
        aim: Aim = ALL_AGES,
    ) -> None:
        if not budget >= 1 or not 1 <= most_latents <= KEPT_FILL // STEPS_PER_LATENT:
            raise ValueError(f"a budget of {budget} bytes, {most_latents} latents")
        self._budget = budget
        self._is_mean = is_mean
        costs = SymbolCosts(tables)
        self._latent_costs = _RememberedCosts(costs.latents)
        self._state_costs = _RememberedCosts(costs.states)
        self._schedules = all_schedules(most_latents, model.barrier)
        errors = np.array(model.errors) ** aim.exponent
        # Errors fall about as the budget rises, so what a byte more takes off their power falls like this.
        start = aim.start_price * (_START_BYTES / budget) ** (1 + aim.exponent)
        self._price = start if is_mean else 0.0
        weights = age_weights(most_latents, aim.recent_share, aim.decay_ms)
        known = np.cumsum(errors[self._schedules.levels] * weights, axis=1)
        unknown = model.unknown_error**aim.exponent * (weights.sum() - np.cumsum(weights))
        self._errors = known + unknown  # (ramps, latents): expected error with so many latents
        self._most_latents = most_latents
        self._middle_bits = model.middle_bits

    @clause("ENC-chosen-rate")
    def choose(self, history: History, max_bytes: int) -> Choice | None:
        """Choose for the packet of the newest frame.

        Parameters
        ----------
        history : SpeechHistory
            After that frame.
        max_bytes : int
            Most bytes of range-coded data that the packet has room for.

        Returns
        -------
        Choice or None
            For a `RedundancyWriter` of the rule ``"kept"``; None where nothing fits or there is nothing to
            say.
        """
        fill = min(len(history.latents), KEPT_FILL)
        start = StartRule(is_delayed=False, is_offset_true=True).start(history, fill)
        stop = min(start.first + STEPS_PER_LATENT * self._most_latents, fill)
        rows = history.latents[start.first : stop : STEPS_PER_LATENT]
        count = trimmed(history.activity, start.first, len(rows))
        if count == 0 or (count == 1 and start.skipped > 0):
            return None
        by_level = np.stack([self._latent_costs.of(row) for row in rows[:count]])  # (count, levels)
        state = self._state_costs.of(history.states[start.first])
        size = np.ceil(self._bits(by_level, state, start.offset) / 8)
        relative_cost = float(by_level[:, MIDDLE_LEVEL].mean()) / self._middle_bits
        price = self._price / min(max(relative_cost, _LEAST_RELATIVE_COST), 1 / _LEAST_RELATIVE_COST)
        value = self._errors[:, :count] + price * size
        value[size > max_bytes] = np.inf
        ramp, latents = np.unravel_index(int(np.argmin(value)), value.shape)
        if not np.isfinite(value[ramp, latents]):
            return None
        return Choice(*self._schedules.headers[int(ramp)], int(latents) + 1, max_bytes)

    @clause("ENC-chosen-price")
    def spent(self, size: int) -> None:
        """Follow the budget.

        Parameters
        ----------
        size : int
            Bytes of range-coded data that a packet got; not called for packets that have nothing to say.
        """
        if self._is_mean:
            excess = min((size - self._budget) / self._budget, _LARGEST_EXCESS)
            price = self._price * float(np.exp(_GAIN * excess))
            self._price = min(max(price, _LOWEST_PRICE), _HIGHEST_PRICE)

    def _bits(
        self, by_level: NDArray[np.float64], state: NDArray[np.float64], offset: int
    ) -> NDArray[np.float64]:
        """Return the bits of each ramp with 1, 2, .. latents, shape (ramps, count)."""
        count = len(by_level)
        levels = self._schedules.levels[:, :count]
        latents = np.cumsum(by_level[np.arange(count), levels], axis=1)
        header = self._schedules.header_bits + 1  # a coder spends up to a bit more than its symbols
        if NEWEST_OFFSET - offset > LARGEST_SMALL_OFFSET:
            header = header + LARGE_OFFSET_BITS
        bits: NDArray[np.float64] = latents + (header + state[levels[:, 0]])[:, np.newaxis]
        return bits
