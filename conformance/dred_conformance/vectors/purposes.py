"""What a case is there for that kills no seeded bug: a reason by the first rule that fits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["FALLBACK", "RULES", "PurposeRule", "purpose_of"]

_WRITERS = frozenset(
    {"packet_write", "extension_write", "packet_pad", "payload_write", "latent_write", "range_encode"}
)
_WHOLE_PACKETS = frozenset({"payload", "availability", "feature"})
_FRAMING_RULES = frozenset({"R1", "R2", "R3", "R4", "R5", "R6", "R7", "E1", "E2", "E3", "E4", "E5"})


@dataclass(frozen=True)
class PurposeRule:
    """A reason, and whether it is that of a case of a group.

    Attributes
    ----------
    fits
        Called with the group's name and the case in JSON form.
    reason
        The text of ``purpose``.
    """

    fits: Callable[[str, Mapping[str, Any]], bool]
    reason: str


def _op(case: Mapping[str, Any]) -> str:
    return str(case["input"]["op"])


def _is_refused(case: Mapping[str, Any]) -> bool:
    return bool(case["result"] == "invalid")


def _named(case: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(case.get("error", {}).get("rules", ()))


RULES = (
    PurposeRule(
        lambda _, case: case.get("strength") == "should",
        "failing it is allowed, so it kills nothing; the report shows how far a decoder is from it",
    ),
    PurposeRule(
        lambda _, case: _is_refused(case) and _op(case) in _WRITERS,
        "guards one check of a writer's arguments; seeded bugs code wrongly, they leave no such check out",
    ),
    PurposeRule(
        lambda _, case: _is_refused(case) and _op(case) == "range_decode",
        "guards one check of the steps themselves, which no stream can break",
    ),
    PurposeRule(
        lambda _, case: (
            _is_refused(case) and _op(case) in _WHOLE_PACKETS and bool(_named(case) & _FRAMING_RULES)
        ),
        "a fault of an earlier stage must come through to this one; its bugs are seeded where it arises",
    ),
    PurposeRule(
        lambda _, case: _is_refused(case) and bool(_named(case) & {"D1", "D2"}),
        "a payload that is not for this decoder must not be decoded by any operation; "
        "bugs of the prefix are seeded where it is compared",
    ),
    PurposeRule(
        lambda _, case: _is_refused(case) and _op(case) == "feature",
        "a network must not get values that are no numbers or too few of them; "
        "the core's callers check that, and no bug is seeded there",
    ),
    PurposeRule(
        lambda _, case: _is_refused(case),
        "the same fault in a field where no bug is seeded; who reads before looking crashes here, too",
    ),
    PurposeRule(
        lambda _, case: (
            _op(case) in _WHOLE_PACKETS
            and (case["expected"] is None or case["expected"] == {"samples": 0, "dred_end": 0})
        ),
        "nothing must be found; guards against decoders that invent DRED, which no seeded bug does",
    ),
    PurposeRule(
        lambda _, case: case["input"].get("latent_count") == 0,
        "nothing to decode; guards against features, or a crash, where there is no latent",
    ),
    PurposeRule(
        lambda _, case: _op(case) == "audio" and case["expected"]["sample_count"] == 0,
        "nothing to speak; guards against samples, or a crash, where there is no frame",
    ),
    PurposeRule(
        lambda group, _: "-3-1x1" in group,
        "the smallest sizes there are; guards against overruns and divisions by them, "
        "as so small a network hides what bugs do to values",
    ),
    PurposeRule(
        lambda _, case: _op(case) == "latent_write",
        "values far from every step of the quantiser; guards against one that moves what it should keep",
    ),
    PurposeRule(
        lambda _, case: _op(case) in {"packet", "extension", "receiver", *_WRITERS},
        "the plain form beside the rarer ones that seeded bugs break; guards against a fault of all forms",
    ),
)
FALLBACK = "another draw of the same class; guards against faults that no seeded bug models"


def purpose_of(group: str, case: Mapping[str, Any]) -> str:
    """Return what a case of a group is there for.

    Parameters
    ----------
    group
        The group's name.
    case
        The case in JSON form.
    """
    return next((rule.reason for rule in RULES if rule.fits(group, case)), FALLBACK)
