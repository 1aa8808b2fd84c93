"""How much past a packet offers to a decoder that wants a given amount, as deployed decoders answer.

The answer depends on the caller: a deployed decoder decodes no more latents than the caller asked for, and
releases count them differently. How many latents the payload holds is another matter; see
`dred_reference.payload`.
"""

from dataclasses import dataclass

from dred_reference.clauses import clause
from dred_reference.location import find_dred
from dred_reference.payload import decode_payload
from dred_reference.tables import QuantiserTables
from dred_reference.wire import WireProfile

__all__ = ["HIGHEST_SAMPLING_RATE", "MOST_SAMPLES", "RULES", "Availability", "availability"]

MOST_CHUNKS = 52  # units of 20 ms: 26 latents
RULES = ("2026-06", "1.6.1")
HIGHEST_SAMPLING_RATE = 192000
MOST_SAMPLES = 2**31 - 1


@dataclass(frozen=True)
class Availability:
    """The answer, in samples at the rate asked for.

    Attributes
    ----------
    samples : int
        How far before the start of the packet the oldest data reaches.
    dred_end : int
        How far before the start of the packet the newest data ends; 0 where it reaches into the packet.
    """

    samples: int
    dred_end: int


def _truncating_division(numerator: int, denominator: int) -> int:
    quotient = abs(numerator) // denominator
    return quotient if numerator >= 0 else -quotient


@clause("DRED-availability")
def _feature_frames(max_samples: int, rate: int, offset: int) -> int:
    """Return the feature frames of 10 ms that cover the request, by the rule of June 2026."""
    wanted = (100 * max_samples + rate - 1) // rate
    return max(0, _truncating_division(4 * wanted + offset + 3, 4))


@clause("DRED-availability-1.6.1")
def _feature_frames_release_1_6_1(max_samples: int, rate: int) -> int:
    """Return the feature frames of 10 ms that cover the request, by the rule of release 1.6.1."""
    return min(2 + 100 * max_samples // rate, 104)


@clause("DRED-availability", "DRED-availability-end", "DRED-availability-1.6.1")
def availability(
    packet: bytes,
    sampling_rate: int,
    max_samples: int,
    wire: WireProfile,
    tables: QuantiserTables,
    *,
    rule: str = "2026-06",
) -> Availability:
    """Answer what a packet offers.

    Parameters
    ----------
    packet : bytes
        A packet that is not self-delimited.
    sampling_rate : int
        In Hz, at most `HIGHEST_SAMPLING_RATE`.
    max_samples : int
        How much past the caller wants, in samples at that rate; at most `MOST_SAMPLES`.
    wire : WireProfile
    tables : QuantiserTables
    rule : str
        Which code to follow: ``"2026-06"`` or ``"1.6.1"``.

    Returns
    -------
    Availability
        Zeros where the packet has no DRED.

    Raises
    ------
    PacketError, ExtensionError
        As `find_dred`.
    ValueError
        `sampling_rate`, `max_samples` or `rule` is out of its range.
    """
    is_in_range = 1 <= sampling_rate <= HIGHEST_SAMPLING_RATE and 0 <= max_samples <= MOST_SAMPLES
    if not is_in_range or rule not in RULES:
        raise ValueError(f"sampling rate {sampling_rate}, {max_samples} samples, rule {rule}")
    found = find_dred(packet, wire)
    if found is None:
        return Availability(0, 0)

    # The header comes first: the rule of June 2026 needs the offset to know how many latents to decode.
    offset = decode_payload(
        found.payload, wire, tables, frame_offset=found.frame_offset, max_latents=0
    ).offset
    if rule == "1.6.1":
        frames = _feature_frames_release_1_6_1(max_samples, sampling_rate)
    else:
        frames = _feature_frames(max_samples, sampling_rate, offset)
    chunks = min(MOST_CHUNKS, (frames + 1) // 2)
    latents = decode_payload(found.payload, wire, tables, max_latents=(chunks + 1) // 2).latents
    newest = _truncating_division(offset * sampling_rate, 400)
    oldest = len(latents) * sampling_rate // 25 - newest
    return Availability(max(0, oldest), max(0, _truncating_division(-offset * sampling_rate, 400)))
