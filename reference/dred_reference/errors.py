"""Structural errors: what must be rejected, under which rule, and where.

A packet, a padding area or a request to write is rejected by raising one of these. A damaged DRED payload is
no structural error: past rules D1 and D2 every sequence of bytes decodes to something. A decoder network that
cannot run, and values that no payload decodes to, are rejected by the ``feature`` stage (N1 to N3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dred_reference.extension.record import Extension

__all__ = ["DredError", "ExtensionError", "FeatureError", "PacketError", "PayloadError", "WriteError"]


class DredError(Exception):
    """An input that must be rejected.

    Attributes
    ----------
    rule : str
        Identifier of the rule, such as ``"R5"``.
    stage : str
        Stage of the ladder that rejects.
    message : str
        What is wrong, in words.
    position : int or None
        Byte offset in the input of the first byte of the element at fault; the length of the input for a
        missing byte; ``None`` where there is no input, as in writing.
    """

    position_unit = "byte"

    def __init__(self, rule: str, stage: str, message: str, position: int | None = None) -> None:
        where = "" if position is None else f" ({self.position_unit} {position})"
        super().__init__(f"{rule}: {message}{where}")
        self.rule = rule
        self.stage = stage
        self.message = message
        self.position = position


class PacketError(DredError):
    """A packet that breaks the framing of RFC 6716 section 3 (R1 to R7) or of its Appendix B (B1 to B3)."""

    def __init__(self, rule: str, message: str, position: int) -> None:
        super().__init__(rule, "packet", message, position)


class ExtensionError(DredError):
    """A padding area whose extensions break off (E1 to E5).

    Attributes
    ----------
    extensions : tuple of Extension
        The extensions found before the error. They stay valid.
    """

    def __init__(self, rule: str, message: str, position: int) -> None:
        super().__init__(rule, "extension", message, position)
        self.extensions: tuple[Extension, ...] = ()


class PayloadError(DredError):
    """An extension payload that is not DRED of the wire profile asked for (D1, D2)."""

    def __init__(self, rule: str, message: str, position: int) -> None:
        super().__init__(rule, "payload", message, position)


class WriteError(DredError):
    """An argument out of its range (W1), or a result larger than the size given (W2)."""

    def __init__(self, rule: str, stage: str, message: str) -> None:
        super().__init__(rule, stage, message)


class FeatureError(DredError):
    """A network or values that the ``feature`` stage refuses.

    N1: the network is incomplete; N2: its fixed-point widths could overflow; N3: values that are not finite,
    or not as many as the model needs. `position` counts values instead of bytes: first those of the state,
    then those of the latents.
    """

    position_unit = "value"

    def __init__(self, rule: str, message: str, position: int | None = None) -> None:
        super().__init__(rule, "feature", message, position)
