"""What a check is, and what it says of a stream."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from dred_conformance.runner.verdict import Verdict

__all__ = ["Check", "Finding"]


@dataclass(frozen=True, slots=True)
class Check:
    """One question to a stream.

    Attributes
    ----------
    name
        Last part of the case id; no hyphen in it.
    title
        What is asked, for people.
    stage
        Stage of the ladder.
    clauses
        Ids of the registry.
    strength
        ``must``: a breach is a failure. ``should``: it is non-strict. ``none``: measured, not judged.
    needs_input
        Whether it cannot be answered without the speech that the encoder was given.
    """

    name: str
    title: str
    stage: str
    clauses: tuple[str, ...]
    strength: Literal["must", "should", "none"] = "must"
    needs_input: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer.

    Attributes
    ----------
    verdict
    text
        One sentence, with packet numbers.
    figures
        What was measured; None where a measure does not apply.
    packet
        The packet to look at first, if there is one.
    expected, actual
        What should be in that packet, and what is.
    remarks
        What is worth knowing beside the verdict.
    """

    verdict: Verdict
    text: str
    figures: Mapping[str, float | None] = field(default_factory=dict)
    packet: int | None = None
    expected: str = ""
    actual: str = ""
    remarks: tuple[str, ...] = ()
