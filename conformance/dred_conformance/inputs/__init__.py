"""Where packets come from: hex, opus_demo ``.bit``, Ogg ``.opus``, pcap with RTP, raw files.

Every container yields the same record, :class:`~dred_conformance.inputs.record.SourcePacket`, one at a
time, so that a long capture costs no more memory than a short one. What cannot be read is told by a typed
:class:`~dred_conformance.inputs.errors.InputError` with a rule, a byte position and what to do about it.

| rule | meaning |
|---|---|
| I1 | unreadable: no such file, not the syntax of the container, a checksum that does not fit |
| I2 | truncated: the container, or one packet in it, ends early |
| I3 | unsupported: a container, codec, link type or encapsulation that is not handled |
| I4 | too large: beyond a stated limit |
| I5 | ambiguous: nothing to choose, or several streams; the options that choose are named |
| I6 | a library is missing; how to install it is said |
"""

from dred_conformance.inputs.detection import FORMATS, PacketInput, open_input
from dred_conformance.inputs.errors import InputError
from dred_conformance.inputs.record import Origin, SourcePacket
from dred_conformance.inputs.rtp_stream import RtpSelection

__all__ = ["FORMATS", "InputError", "Origin", "PacketInput", "RtpSelection", "SourcePacket", "open_input"]
