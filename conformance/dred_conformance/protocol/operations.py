"""The operations of the adapter protocol and the stage that each belongs to."""

from dataclasses import dataclass

__all__ = ["EXACT_PROFILE", "INFORMATIVE_STAGES", "OPERATIONS", "STAGES", "Operation"]

EXACT_PROFILE = "fixed"  # the numeric profile whose features are compared bit for bit
STAGES = ("packet", "extension", "payload", "latent", "feature", "audio", "receiver")
# What a decoder does with its features is its own affair: whatever comes of these stages, it conforms.
INFORMATIVE_STAGES = ("audio", "receiver")


@dataclass(frozen=True)
class Operation:
    """One operation of the protocol.

    Attributes
    ----------
    name
        The ``op`` of a request.
    stage
        The stage of the ladder whose clauses it exercises.
    is_base
        Whether every implementation that declares the stage answers it. Other operations may be left out.
    """

    name: str
    stage: str
    is_base: bool


OPERATIONS = {
    operation.name: operation
    for operation in (
        Operation("packet", "packet", is_base=True),
        Operation("packet_write", "packet", is_base=False),
        Operation("packet_pad", "extension", is_base=False),
        Operation("extension", "extension", is_base=True),
        Operation("extension_write", "extension", is_base=False),
        Operation("range_decode", "payload", is_base=False),
        Operation("range_encode", "payload", is_base=False),
        Operation("payload", "payload", is_base=True),
        Operation("payload_write", "payload", is_base=False),
        Operation("availability", "payload", is_base=False),
        Operation("latent", "latent", is_base=True),
        Operation("latent_write", "latent", is_base=False),
        Operation("feature", "feature", is_base=True),
        Operation("audio", "audio", is_base=True),
        Operation("receiver", "receiver", is_base=True),
    )
}
