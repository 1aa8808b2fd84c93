"""The inspector: what is in a packet, bit by bit, and why there is (or is no) DRED in it.

It stands on the literal reference implementation and parses nothing itself: fields and symbols come from the
traces that the readers record, rejections from the errors they raise. What it adds is meaning: which part of
the past a packet covers, why an offset is negative, what a deployed decoder would leave out. The same records
are shown as a tree in the terminal and as JSON.
"""

from dred_conformance.inspection.inspector import Inspector
from dred_conformance.inspection.record import PacketReport
from dred_conformance.inspection.summary import StreamSummary

__all__ = ["Inspector", "PacketReport", "StreamSummary"]
