"""Wire profiles: how DRED is marked in the padding of a packet. Data, not code.

As long as the extension number is not assigned, senders use an experimental number and put two bytes in front
of the DRED data: the letter D and the version of the experiment. Streams of different versions need different
models and cannot be decoded with each other's.
"""

from dataclasses import dataclass

from dred_reference.clauses import clause
from dred_reference.errors import PayloadError

__all__ = ["WIRE_PROFILES", "WireProfile", "strip_prefix"]

EXPERIMENT_MARK = ord("D")


@dataclass(frozen=True)
class WireProfile:
    """One way to mark DRED.

    Attributes
    ----------
    name : str
        Name that vectors and the adapter protocol use.
    extension_id : int
        Number of the extension that carries DRED.
    prefix : bytes
        What the extension payload starts with, before the DRED data.
    origin : str
        Who sends it.
    is_decodable : bool
        Whether this implementation decodes it; otherwise it is recognised only.
    """

    name: str
    extension_id: int
    prefix: bytes
    origin: str
    is_decodable: bool = True

    @clause("DRED-locate", "DRED-version")
    def matches(self, extension_id: int, payload: bytes) -> bool:
        """Return whether an extension is DRED of this profile: number, prefix, a byte of data at least."""
        return (
            extension_id == self.extension_id
            and payload.startswith(self.prefix)
            and len(payload) > len(self.prefix)
        )


WIRE_PROFILES = {
    profile.name: profile
    for profile in (
        WireProfile("experimental-12", 126, b"D\x0c", "libopus 1.6"),
        WireProfile("bundled-1", 126, b"D\xb1", "the model that comes with opus-dred-reference"),
        WireProfile("draft-32", 32, b"", "the drafts"),
        WireProfile("experimental-10", 126, b"D\x0a", "libopus 1.5", is_decodable=False),
    )
}


@clause("DRED-version")
def strip_prefix(payload: bytes, wire: WireProfile) -> bytes:
    """Return the DRED data of an extension payload.

    Parameters
    ----------
    payload : bytes
        The whole payload of the extension.
    wire : WireProfile
        The profile that it must have.

    Returns
    -------
    bytes
        At least one byte.

    Raises
    ------
    PayloadError
        D1: there is nothing behind the prefix. D2: the prefix is another one, or one that cannot be decoded.
    """
    if len(payload) <= len(wire.prefix):
        size = f"{len(payload)} bytes, {wire.name} needs more than {len(wire.prefix)}"
        raise PayloadError("D1", size, len(payload))
    if not payload.startswith(wire.prefix) or not wire.is_decodable:
        raise PayloadError("D2", f"{_describe_prefix(payload)}, not decodable as {wire.name}", 0)
    return payload[len(wire.prefix) :]


def _describe_prefix(payload: bytes) -> str:
    """Name what a payload seems to be, for the reader of an error."""
    if payload[0] != EXPERIMENT_MARK:
        return f"payload {payload[:2].hex()}... without an experimental version"
    for profile in WIRE_PROFILES.values():
        if profile.prefix == payload[:2]:
            return f"experimental version {payload[1]}: {profile.name} ({profile.origin})"
    return f"experimental version {payload[1]}, unknown"
