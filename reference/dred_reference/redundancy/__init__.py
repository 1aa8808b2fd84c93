"""Redundancy: what a packet says of the speech before it.

A `SpeechHistory` follows the speech: it resamples it, has features and latents computed every 20 ms, and
keeps account of where the newest of them ends and of when somebody spoke. A `RedundancyWriter` picks latents
out of the history and codes them, by one of three rules; a rate rule chooses the levels and how many latents
a packet is to have. The history costs the same whatever the packets carry; writing costs what is written.
"""

from dred_reference.redundancy.activity import ACTIVITY_UNITS, is_active
from dred_reference.redundancy.activity_detector import ActivityDetector
from dred_reference.redundancy.deployed_rate import DeployedRate, deployed_choice, deployed_rate
from dred_reference.redundancy.history import FrameAnalysis, SpeechHistory
from dred_reference.redundancy.record import Choice, Redundancy
from dred_reference.redundancy.writer import RULES, History, RedundancyWriter

__all__ = [
    "ACTIVITY_UNITS",
    "RULES",
    "ActivityDetector",
    "Choice",
    "DeployedRate",
    "FrameAnalysis",
    "History",
    "Redundancy",
    "RedundancyWriter",
    "SpeechHistory",
    "deployed_choice",
    "deployed_rate",
    "is_active",
]
