"""From the history to the range-coded data of a packet."""

from dataclasses import dataclass

from dred_reference.clauses import clause
from dred_reference.errors import WriteError
from dred_reference.latent import Symbols, quantise
from dred_reference.payload import (
    LARGEST_DATA,
    LARGEST_TOTAL_OFFSET,
    MOST_LATENTS,
    NEWEST_OFFSET,
    TOO_FEW_BITS,
    Header,
    check_levels,
    encode_header,
    encode_symbols,
)
from dred_reference.range_encoder import Checkpoint, RangeEncoder
from dred_reference.redundancy.record import Choice, Redundancy
from dred_reference.redundancy.selection import STEPS_PER_LATENT, History, StartRule, trimmed
from dred_reference.schedule import quantiser_level
from dred_reference.tables import QuantiserTables

__all__ = ["DEPLOYED_FILL", "KEPT_FILL", "RULES", "History", "RedundancyWriter"]

RULES = ("deployed", "corrected", "kept")
DEPLOYED_FILL = 52  # steps of 20 ms that the rules deployed and corrected look back on
KEPT_FILL = 104
FURTHER_LATENTS = 4  # that the rule kept adds at most so that the last one that was asked for is read


@dataclass(frozen=True)
class _Run:
    """A coder that has coded header, state and latents, and where it was after the state and each latent."""

    coder: RangeEncoder
    symbols: Symbols
    points: list[Checkpoint]
    tells: list[int]

    @property
    def latents(self) -> int:
        return len(self.tells) - 1

    def size(self, latents: int) -> int:
        """Return the bytes of so many latents."""
        return (self.tells[latents] + 7) // 8

    @clause("ENC-kept-last")
    def is_read(self, latents: int) -> bool:
        """Tell whether a decoder reads the last of so many latents, and so all of them, and no more."""
        return latents > 0 and 8 * self.size(latents) - self.tells[latents - 1] > TOO_FEW_BITS


class RedundancyWriter:
    """Writes the redundancy of one packet after the other.

    Parameters
    ----------
    tables : QuantiserTables
        Of the model that the latents come from.
    rule : str
        ``"deployed"``: what libopus of June 2026 writes, bit by bit.
        ``"corrected"``: the same latents, but the first packet after silence signals their true time.
        ``"kept"``: the first packet after silence has the newest speech, the history is twice as long, and no
        latent is written that a decoder does not read.

    Raises
    ------
    ValueError
        There is no such rule.
    """

    def __init__(self, tables: QuantiserTables, rule: str = "deployed") -> None:
        if rule not in RULES:
            raise ValueError(f"rule {rule!r} is none of {', '.join(RULES)}")
        self.rule = rule
        self._tables = tables
        self._start_rule = StartRule(is_delayed=rule != "kept", is_offset_true=rule != "deployed")

    @clause("ENC-write-none", "ENC-write-size", "ENC-kept-history", "ENC-kept-last")
    def write(self, history: History, choice: Choice) -> Redundancy | None:
        """Write the redundancy of the packet of the newest frame; once per packet, whether it is used or not.

        Parameters
        ----------
        history : SpeechHistory
            After that frame.
        choice : Choice

        Returns
        -------
        Redundancy or None
            None where there is nothing to send, or it does not fit.

        Raises
        ------
        WriteError
            W1: a level, number of latents or budget out of its range, or a latent that cannot be coded.
        """
        _check(choice)
        fill = min(len(history.latents), KEPT_FILL if self.rule == "kept" else DEPLOYED_FILL)
        start = self._start_rule.start(history, fill)
        if start.first >= fill or not 0 <= NEWEST_OFFSET - start.offset <= LARGEST_TOTAL_OFFSET:
            return None
        header = Header(choice.q0, choice.dq, choice.qmax, start.offset)
        further = FURTHER_LATENTS if self.rule == "kept" else 0
        run = self._code(history, header, start.first, fill, choice, further)
        if run is None:
            return None
        latents = trimmed(history.activity, start.first, min(run.latents, choice.max_latents))
        if latents == 0 or (latents == 1 and start.skipped > 0):
            return None
        if self.rule == "kept":
            latents = _read_to_the_last(run, history, start.first, latents)
        if latents == 0:
            return None
        run.coder.restore(run.points[latents])
        run.coder.shrink(run.size(latents))
        return Redundancy(
            run.coder.finish(),
            latents,
            start.offset,
            start.first,
            tuple(run.tells[: latents + 1]),
            run.symbols.state,
            run.symbols.latents[:latents],
        )

    @clause("ENC-write-state", "ENC-write-latents", "ENC-write-budget")
    def _code(
        self, history: History, header: Header, first: int, fill: int, choice: Choice, further: int
    ) -> _Run | None:
        """Code header, state and the latents that are there and fit, up to `further` more than asked for.

        None if no state fits.
        """
        stop = min(first + STEPS_PER_LATENT * (choice.max_latents + further), fill)
        levels = (header.q0, header.dq, header.qmax)
        rows = history.latents[first:stop:STEPS_PER_LATENT]
        symbols = quantise(history.states[first], rows, *levels, self._tables)
        coder = RangeEncoder(choice.max_bytes)
        encode_header(coder, header)
        encode_symbols(coder, symbols.state, self._tables.state_symbols[header.q0])
        if coder.tell() > 8 * choice.max_bytes:
            return None
        points, tells = [coder.checkpoint()], [coder.tell()]
        for index, latent in enumerate(symbols.latents):
            encode_symbols(coder, latent, self._tables.latent_symbols[quantiser_level(*levels, index)])
            if coder.tell() > 8 * choice.max_bytes:
                break
            points.append(coder.checkpoint())
            tells.append(coder.tell())
        return _Run(coder, symbols, points, tells)


@clause("ENC-kept-last")
def _read_to_the_last(run: _Run, history: History, first: int, wanted: int) -> int:
    """Return a number of latents that decoders read to the last: a few more if that helps, else fewer.

    With fewer, no silence may stand at the end either.
    """
    for latents in range(wanted, min(wanted + FURTHER_LATENTS, run.latents) + 1):
        if run.is_read(latents):
            return latents
    latents = trimmed(history.activity, first, wanted - 1)
    while latents and not run.is_read(latents):
        latents = trimmed(history.activity, first, latents - 1)
    return latents


def _check(choice: Choice) -> None:
    check_levels(choice.q0, choice.dq, choice.qmax)
    if not 0 <= choice.max_latents <= MOST_LATENTS:
        raise WriteError("W1", "payload", f"{choice.max_latents} latents are not 0 to {MOST_LATENTS}")
    if not 0 <= choice.max_bytes <= LARGEST_DATA:
        raise WriteError("W1", "payload", f"a limit of {choice.max_bytes} bytes is not 0 to {LARGEST_DATA}")
