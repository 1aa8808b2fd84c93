"""Finds the first decision of a receiver that differs, and says in words what both would have played."""

from collections.abc import Mapping, Sequence
from typing import Any

from dred_conformance.runner.verdict import Difference

__all__ = ["decision_in_words", "first_other_decision"]

_SAMPLES_PER_MS = 48
_MEMBERS = ("start", "duration", "source", "packet", "feature")
_SOURCES = {
    "regular": "the packet of {packet}",
    "lbrr": "LBRR of the packet of {packet}",
    "dred": "DRED of the packet of {packet}, feature {feature}",
    "concealment": "concealment",
}


def first_other_decision(wanted: Sequence[Mapping[str, Any]], found: Any) -> tuple[Difference, str] | None:
    """Compare decisions in the order of time.

    Parameters
    ----------
    wanted
        Those of the case.
    found
        Those of the answer, whatever they are.

    Returns
    -------
    difference, reason
        Both in words; ``None`` if all are the same.
    """
    if not isinstance(found, list):
        return Difference("decisions", f"{len(wanted)} decisions", None), "there are no decisions"
    for index, decision in enumerate(wanted):
        other = found[index] if index < len(found) else None
        if not _is_same(decision, other):
            difference = Difference(
                f"decisions[{index}]", decision_in_words(decision), decision_in_words(other)
            )
            said = f"{difference.expected}, not {difference.actual}"
            return difference, f"other decision at {_time(decision['start'])}: {said}"
    if len(found) > len(wanted):
        extra = decision_in_words(found[len(wanted)])
        difference = Difference(f"decisions[{len(wanted)}]", decision_in_words(None), extra)
        return difference, f"goes on after the last decision: {extra}"
    return None


def _is_same(wanted: Mapping[str, Any], found: Any) -> bool:
    if not isinstance(found, dict) or found != dict(wanted):
        return False
    return all(type(found[name]) is type(wanted[name]) for name in wanted)  # JSON's true is no 1


def _time(samples: Any) -> str:
    if type(samples) is not int:
        return repr(samples)[:40]
    return f"{samples / _SAMPLES_PER_MS:.10g} ms"


def decision_in_words(decision: Any) -> str:
    """Return a decision in words, whatever an adapter made of it."""
    if decision is None:
        return "nothing more"
    if not isinstance(decision, dict) or not set(decision) <= set(_MEMBERS):
        return f"no decision: {str(decision)[:100]}"
    source = decision.get("source")
    template = _SOURCES.get(source, "{source}") if isinstance(source, str) else "{source}"
    packet = _time(decision["packet"]) if "packet" in decision else "no packet"
    said = template.format(packet=packet, feature=decision.get("feature", "missing"), source=str(source)[:40])
    more = [name for name in ("packet", "feature") if name in decision and f"{{{name}}}" not in template]
    extra = "".join(f", {name} {str(decision[name])[:40]}" for name in more)
    return f"{_time(decision.get('duration'))} from {_time(decision.get('start'))} on: {said}{extra}"
