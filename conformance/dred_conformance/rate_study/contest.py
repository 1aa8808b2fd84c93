"""The rules against each other at the same budgets."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import dred_native
from dred_conformance.rate_study.clips import LATENTS, Clip, Moment, moments
from dred_conformance.rate_study.errors_by_age import Outcome, Receiver
from dred_reference.redundancy import Choice, RedundancyWriter
from dred_reference.redundancy.chosen_rate import ChosenRate
from dred_reference.redundancy.rate_model import Aim, RateModel
from dred_reference.tables import QuantiserTables

__all__ = ["FAMILIES", "Contest", "Family", "Standing"]

UNLIMITED = 4096  # bytes


@dataclass(frozen=True)
class Family:
    """Fixed ramps of one kind, from the coarsest to the finest.

    Attributes
    ----------
    name : str
    ramps : tuple of (q0, dq, qmax)
    """

    name: str
    ramps: tuple[tuple[int, int, int], ...]


FAMILIES = (
    Family("deployed", (*((q0, 5, 15) for q0 in (9, 6)), *((q0, 3, 15) for q0 in (6, 5, 4)))),
    Family("deployed slope, finer start", tuple((q0, 3, 15) for q0 in (4, 3, 2, 1, 0))),
    Family("stops at 8", ((8, 0, 15), *((q0, 3, 8) for q0 in (7, 6, 5, 4, 3, 2, 1, 0)))),
    Family(
        "starts at 9 or above", ((12, 0, 15), (11, 0, 15), (10, 3, 15), (9, 3, 15), (9, 1, 15), (9, 0, 15))
    ),
)
"""``deployed``: what the rule of libopus can choose at two or more latents; its finest start is 4."""


@dataclass(frozen=True, eq=False)
class Standing:
    """How a rule does at a budget.

    Attributes
    ----------
    rule : str
    budget : float
        Bytes of range-coded data per packet that it might spend.
    means : str
        With which ramps it met the budget.
    outcome : Outcome
    is_spent : bool
        Whether it comes within 3 % of the budget.
    """

    rule: str
    budget: float
    means: str
    outcome: Outcome

    @property
    def is_spent(self) -> bool:
        """Whether the rule could spend the budget, to 3 %."""
        return abs(self.outcome.mean_size / self.budget - 1) <= 0.03


class Contest:
    """Puts rules to the same moments of the same clips.

    Parameters
    ----------
    clips : sequence of Clip
    model : dred_native.Model
        With a decoder network.
    tables : QuantiserTables
        Of the same model.
    rate_model : RateModel
        Also of the same.
    every : int
        Judge one packet of so many.
    advance : callable
        Called after each run over the clips.
    """

    def __init__(
        self,
        clips: Iterable[Clip],
        model: dred_native.Model,
        tables: QuantiserTables,
        rate_model: RateModel,
        *,
        every: int = 5,
        advance: Callable[[], None] = lambda: None,
    ) -> None:
        self._clips = [list(moments(clip)) for clip in clips]
        self._model = model
        self._tables = tables
        self._rate_model = rate_model
        self._every = every
        self._advance = advance
        self._ramps: dict[tuple[int, int, int], Outcome] = {}

    @property
    def packets(self) -> int:
        """How many packets each rule is judged by."""
        return sum(len(clip[:: self._every]) for clip in self._clips)

    def ramp(self, ramp: tuple[int, int, int]) -> Outcome:
        """Return the outcome of one ramp for all packets; each is computed once."""
        if ramp not in self._ramps:
            receiver = Receiver(self._model)
            writer = RedundancyWriter(self._tables, "deployed")
            for clip in self._clips:
                for moment in clip[:: self._every]:
                    _judge(receiver, writer, moment, Choice(*ramp, LATENTS, UNLIMITED))
            self._ramps[ramp] = receiver.outcome
            self._advance()
        return self._ramps[ramp]

    def family(self, family: Family, budget: float) -> Standing:
        """Return how a family does: with the two ramps next to the budget in turns, or with its last one."""
        outcomes = sorted(
            ((self.ramp(ramp), ramp) for ramp in family.ramps), key=lambda each: each[0].mean_size
        )
        cheaper = [each for each in outcomes if each[0].mean_size <= budget]
        dearer = [each for each in outcomes if each[0].mean_size > budget]
        if not cheaper or not dearer:
            outcome, ramp = cheaper[-1] if cheaper else dearer[0]
            return Standing(family.name, budget, _said(ramp), outcome)
        (low, low_ramp), (high, high_ramp) = cheaper[-1], dearer[0]
        share = (budget - low.mean_size) / (high.mean_size - low.mean_size)
        means = f"{_said(low_ramp)} and {share:.0%} {_said(high_ramp)}"
        return Standing(family.name, budget, means, low.shared(high, share))

    def chosen(self, name: str, budget: float, aim: Aim) -> Standing:
        """Return how our rule does with an aim, from a fresh start with each clip."""
        receiver = Receiver(self._model)
        for clip in self._clips:
            rate = ChosenRate(
                self._tables,
                budget,
                LATENTS,
                model=self._rate_model,
                aim=aim,
            )
            writer = RedundancyWriter(self._tables, "kept")
            for index, moment in enumerate(clip):
                choice = rate.choose(moment, UNLIMITED)
                sent = None if choice is None else writer.write(moment, choice)
                if sent is None:
                    raise ValueError("speech without redundancy")
                rate.spent(len(sent.data))
                if index % self._every == 0:
                    receiver.judge(moment, sent)
        self._advance()
        return Standing(name, budget, "by price", receiver.outcome)


def _judge(receiver: Receiver, writer: RedundancyWriter, moment: Moment, choice: Choice) -> None:
    sent = writer.write(moment, choice)
    if sent is None:
        raise ValueError(f"{choice} does not fit")
    receiver.judge(moment, sent)


def _said(ramp: tuple[int, int, int]) -> str:
    q0, dq, qmax = ramp
    return f"{q0}" if dq == 0 else f"{q0}+{dq}" if qmax == 15 else f"{q0}+{dq}<={qmax}"
