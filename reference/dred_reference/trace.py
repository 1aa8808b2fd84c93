"""A record of everything a reader read: for inspectors, first differences and bit maps.

A trace is a tree. Each node covers one source of bits (the packet, its padding, a DRED payload) and holds the
fields read from it and, for range-coded data, the symbols. Readers record only when they are given a trace.

Positions of range-coded fields: after ``tell`` bits the range coder has fixed ``tell - 1`` bits of the code
(the last bit of the count is the one that ends the stream), so a field that takes the count from ``tell_a``
to ``tell_b`` stands at bits ``tell_a - 1`` to ``tell_b - 1`` of the range-coded data. Several fields may
share a bit.
"""

from dataclasses import dataclass

__all__ = ["Field", "Symbol", "Trace"]


@dataclass(frozen=True, slots=True)
class Field:
    """One value that was read.

    Attributes
    ----------
    name : str
        Name of the field, such as ``"toc.config"`` or ``"latents[3][12]"``.
    clause : str
        The clause it was read by.
    start_bit, end_bit : int
        Half-open span in the source of the trace, bit 0 the most significant bit of byte 0. Empty where the
        value takes no bits, such as a symbol that is not coded.
    value : object
        The value: an int, a bool, bytes.
    note : str
        A word of explanation, or empty.
    """

    name: str
    clause: str
    start_bit: int
    end_bit: int
    value: object
    note: str = ""


@dataclass(frozen=True, slots=True)
class Symbol:
    """One symbol of the range coder.

    Attributes
    ----------
    name : str
        The field that the symbol belongs to.
    clause : str
        The clause it was read by.
    fl, fh, ft : int
        The symbol's interval of the cumulative frequencies, and their total. For raw bits the value, the
        value plus one, and two to the number of bits.
    range_size : int
        Size of the range after the symbol  # rng
    difference : int
        Distance of the code from the top of the range, less one, after the symbol  # val
    tell : int
        Bits used after the symbol.
    value : int
        The decoded symbol.
    """

    name: str
    clause: str
    fl: int
    fh: int
    ft: int
    range_size: int
    difference: int
    tell: int
    value: int


class Trace:
    """The fields and symbols read from one source of bits.

    Parameters
    ----------
    name : str
        What the source is, such as ``"packet"``.
    base_bit : int
        Where bit 0 of this source stands in the source of the root trace.
    source : str
        ``"packet"``, ``"padding"`` or ``"payload"``.

    Attributes
    ----------
    fields : list of Field
    symbols : list of Symbol
    children : list of Trace
    """

    def __init__(self, name: str = "packet", base_bit: int = 0, source: str = "packet") -> None:
        self.name = name
        self.base_bit = base_bit
        self.source = source
        self.fields: list[Field] = []
        self.symbols: list[Symbol] = []
        self.children: list[Trace] = []

    def add(
        self, name: str, clause: str, start_bit: int, end_bit: int, value: object, note: str = ""
    ) -> None:
        """Record a field."""
        self.fields.append(Field(name, clause, start_bit, end_bit, value, note))

    def add_bytes(self, name: str, clause: str, start: int, end: int, value: object, note: str = "") -> None:
        """Record a field that stands on byte boundaries; ``start`` and ``end`` count bytes."""
        self.add(name, clause, 8 * start, 8 * end, value, note)

    def child(self, name: str, base_bit: int = 0, source: str = "packet") -> "Trace":
        """Open the trace of a source inside this one and return it."""
        trace = Trace(name, base_bit, source)
        self.children.append(trace)
        return trace
