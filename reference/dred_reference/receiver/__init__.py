"""Stage ``receiver``: packets with holes to continuous speech.

What a receiver plays at any moment is decided by rules that can be told exactly (`decide`). How it sounds is
another matter.
"""

from dred_reference.receiver.buffer import BufferedPacket, JitterBuffer
from dred_reference.receiver.coverage import ReadRedundancy, Redundancy, feature_index, redundancy_reader
from dred_reference.receiver.decisions import Receiver, decide
from dred_reference.receiver.lbrr import has_lbrr, lbrr_start_48k
from dred_reference.receiver.record import Arrival, Decision, Source

__all__ = [
    "Arrival",
    "BufferedPacket",
    "Decision",
    "JitterBuffer",
    "ReadRedundancy",
    "Receiver",
    "Redundancy",
    "Source",
    "decide",
    "feature_index",
    "has_lbrr",
    "lbrr_start_48k",
    "redundancy_reader",
]
