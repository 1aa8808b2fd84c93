"""The identification header of Opus in Ogg (RFC 7845 section 5.1), as far as splitting packets needs it."""

from dataclasses import dataclass

from dred_conformance.inputs.errors import InputError


@dataclass(frozen=True, slots=True)
class OpusHead:
    """What the identification header says.

    Attributes
    ----------
    channels
        Output channels.
    pre_skip
        Samples at 48 kHz to drop at the start.
    mapping_family
        0 for one mono or stereo stream; others say how many streams a packet holds.
    streams
        Opus packets in each Ogg packet; all but the last are self-delimited.
    """

    channels: int
    pre_skip: int
    mapping_family: int
    streams: int


def read_opus_head(packet: bytes, position: int) -> OpusHead:
    """Read the first packet of a logical stream that starts with ``OpusHead``.

    Raises
    ------
    InputError
        ``I2`` if it is cut, ``I3`` for an unknown major version, ``I1`` if it contradicts itself.
    """
    if len(packet) < 19:
        raise InputError("I2", f"OpusHead has {len(packet)} bytes, it needs 19", position=position)
    version, channels = packet[8], packet[9]
    if version >= 16:
        raise InputError(
            "I3", f"OpusHead version {version}; versions below 16 are known", position=position + 8
        )
    pre_skip = int.from_bytes(packet[10:12], "little")
    family = packet[18]
    if family == 0:
        if channels not in {1, 2}:
            raise InputError(
                "I1", f"OpusHead: {channels} channels with mapping family 0, which has 1 or 2",
                position=position + 9,
            )  # fmt: skip
        return OpusHead(channels, pre_skip, family, 1)
    if len(packet) < 21 + channels:
        raise InputError("I2", "OpusHead lacks its channel mapping table", position=position + 19)
    streams, coupled = packet[19], packet[20]
    if streams == 0 or coupled > streams:
        raise InputError(
            "I1", f"OpusHead: {streams} streams, {coupled} of them coupled", position=position + 19
        )
    return OpusHead(channels, pre_skip, family, streams)
