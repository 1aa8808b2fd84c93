"""The two header packets of Opus in Ogg (RFC 7845 section 5)."""

import struct
from collections.abc import Sequence

__all__ = ["opus_head", "opus_tags"]


def opus_head(channels: int, pre_skip: int, input_rate: int) -> bytes:
    """Return an identification header of mapping family 0, without gain.

    Parameters
    ----------
    channels
        1 or 2.
    pre_skip
        Samples at 48 kHz that a player drops at the start.
    input_rate
        Sampling rate of what was encoded, in Hz; for information.
    """
    return b"OpusHead" + struct.pack("<BBHIhB", 1, channels, pre_skip, input_rate, 0, 0)


def opus_tags(vendor: str, comments: Sequence[str] = ()) -> bytes:
    """Return a comment header; `comments` are of the form ``NAME=text``."""
    texts = [vendor.encode(), *(comment.encode() for comment in comments)]
    first, *rest = (struct.pack("<I", len(text)) + text for text in texts)
    return b"OpusTags" + first + struct.pack("<I", len(rest)) + b"".join(rest)
