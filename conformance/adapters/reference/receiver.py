"""The operation ``receiver``: what is played at every moment; the audio itself is left out."""

from typing import Any

from request import MalformedRequestError, Request
from sources import tables_of, wire_of

from dred_reference.receiver import Arrival, Decision, decide, redundancy_reader

__all__ = ["receiver"]

SAMPLING_RATES = (8000, 12000, 16000, 24000, 48000)
LONGEST_48K = 1000 * 48000


def arrivals_of(request: Request) -> list[Arrival]:
    """Return the packets of a request."""
    return [
        Arrival(each.integer("timestamp"), each.integer("arrival"), each.octets("packet"))
        for each in request.objects("packets")
    ]


def members_of(decision: Decision) -> dict[str, Any]:
    """Return a decision as the protocol shows it."""
    members: dict[str, Any] = {
        "start": decision.start_48k,
        "duration": decision.duration_48k,
        "source": decision.source,
    }
    if decision.packet_48k is not None:
        members["packet"] = decision.packet_48k
    if decision.feature is not None:
        members["feature"] = decision.feature
    return members


def receiver(request: Request) -> Any:
    """Decide for a whole stream."""
    if request.integer("sampling_rate") not in SAMPLING_RATES:
        raise MalformedRequestError(f"sampling_rate must be one of {SAMPLING_RATES}")
    read = redundancy_reader(wire_of(request), tables_of(request))
    decisions = decide(
        arrivals_of(request),
        request.integer("duration", 0, LONGEST_48K),
        read if request.boolean("dred", True) else None,
        delay_48k=request.optional_integer("delay", None),
        lbrr=request.boolean("lbrr", True),
    )
    return {"decisions": [members_of(decision) for decision in decisions]}
