"""Bit fields of a byte, most significant first."""

from bitstring import Bits

__all__ = ["split_byte"]


def split_byte(byte: int, *widths: int) -> list[int]:
    """Split a byte into unsigned fields.

    Parameters
    ----------
    byte : int
        0 to 255.
    *widths : int
        Width of each field in bits, together 8.

    Returns
    -------
    list of int
    """
    bits = Bits(bytes([byte]))
    fields = []
    start = 0
    for width in widths:
        fields.append(bits[start : start + width].uint)
        start += width
    return fields
