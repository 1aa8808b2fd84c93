"""The range decoder (RFC 6716 section 4.1).

The decoder keeps the size of the current range and how far below the top of the range the code lies. Decoding
a symbol cuts the range down to the symbol's share of it; whenever 2**23 or less is left, another byte of the
code is taken in. Raw bits are read from the other end of the same bytes.
"""

from collections.abc import Sequence

from dred_reference.clauses import clause
from dred_reference.trace import Symbol, Trace

__all__ = [
    "CODE_BOTTOM",
    "CODE_TOP",
    "FRACTION_CORRECTION",
    "LARGEST_RAW_BITS",
    "RangeDecoder",
    "tell_fraction",
]

CODE_TOP = 1 << 31
CODE_BOTTOM = 1 << 23
LARGEST_RAW_BITS = 25
UINT_BITS = 8  # how much of a uniform integer the range coder itself codes
# 2**15 * 2**((i + 1) / 8): where the logarithm of the top 16 bits of the range steps on by an eighth.
FRACTION_CORRECTION = (35733, 38967, 42495, 46340, 50535, 55109, 60097, 65535)


@clause("RFC6716-4.1.6.2-tellfrac")
def tell_fraction(total_bits: int, range_size: int) -> int:
    """Return the bits used so far in eighths of a bit, from the bits taken in and the range left of them."""
    bits = range_size.bit_length()  # l
    top = range_size >> (bits - 16)  # r
    eighths = (top >> 12) - 8  # b
    if top > FRACTION_CORRECTION[eighths]:
        eighths += 1
    return 8 * total_bits - (8 * bits + eighths)


class RangeDecoder:
    """Decodes symbols from a buffer; past its end it reads zeros.

    Parameters
    ----------
    data : bytes
        The range-coded data.
    trace : Trace, optional
        Records every symbol under the label last set with `name_symbols`.

    Attributes
    ----------
    range_size : int
        Size of the current range, above 2**23 and at most 2**31  # rng
    difference : int
        Top of the range minus the code minus one; 0 to ``range_size - 1``  # val
    uint_error : bool
        Whether a uniform integer was out of its range  # error
    """

    @clause("RFC6716-4.1.1-init")
    def __init__(self, data: bytes, trace: Trace | None = None) -> None:
        self._data = data  # buf
        self._offset = 0  # offs
        self._end_offset = 0  # end_offs
        self._window = 0  # end_window
        self._window_bits = 0  # nend_bits
        self._total_bits = 9  # nbits_total
        self._trace = trace
        self._label = ("", "")
        self._scale = 0  # ext
        self.uint_error = False
        self.range_size = 128
        self._last_byte = self._read_byte()  # rem
        self.difference = 127 - (self._last_byte >> 1)
        self._normalise()

    def name_symbols(self, name: str, clause_id: str) -> None:
        """Set the name and clause that the trace gives to the symbols from here on."""
        self._label = (name, clause_id)

    def _record(self, low: int, high: int, total: int, value: int) -> None:
        if self._trace is not None:
            state = (self.range_size, self.difference, self.tell())
            self._trace.symbols.append(Symbol(*self._label, low, high, total, *state, value))

    @clause("RFC6716-4.1.2.1-zero", "RFC6716-4.1.2.1-raw")
    def _read_byte(self) -> int:
        if self._offset >= len(self._data):
            return 0
        self._offset += 1
        return self._data[self._offset - 1]

    @clause("RFC6716-4.1.4-raw", "RFC6716-4.1.4-overlap")
    def _read_byte_from_end(self) -> int:
        if self._end_offset >= len(self._data):
            return 0
        self._end_offset += 1
        return self._data[-self._end_offset]

    @clause("RFC6716-4.1.2.1-renorm")
    def _normalise(self) -> None:
        while self.range_size <= CODE_BOTTOM:
            self._total_bits += 8
            self.range_size <<= 8
            symbol = self._last_byte << 8
            self._last_byte = self._read_byte()
            symbol = (symbol | self._last_byte) >> 1  # sym: the code is one bit out of step with the bytes
            self.difference = ((self.difference << 8) + (~symbol & 255)) & (CODE_TOP - 1)

    @clause("RFC6716-4.1.2-symbol")
    def decode(self, total: int) -> int:
        """Return the cumulative frequency, out of `total`, at the code; `update` must follow  # ft."""
        self._scale = self.range_size // total
        return total - min(self.difference // self._scale + 1, total)

    @clause("RFC6716-4.1.3.1-bin")
    def decode_bin(self, bits: int) -> int:
        """As `decode` for a total of two to the power of `bits`."""
        self._scale = self.range_size >> bits
        return (1 << bits) - min(self.difference // self._scale + 1, 1 << bits)

    @clause("RFC6716-4.1.2-symbol")
    def update(self, low: int, high: int, total: int) -> None:
        """Cut the range down to the symbol at the code, `low` to `high` out of `total`  # fl, fh, ft."""
        above = self._scale * (total - high)  # s
        self.difference -= above
        self.range_size = self._scale * (high - low) if low > 0 else self.range_size - above
        self._normalise()
        if self._trace is not None:
            self._record(low, high, total, low)

    @clause("RFC6716-4.1.3.2-logp")
    def decode_bit_logp(self, log_probability: int) -> int:
        """Decode a bit that is 1 with a probability of two to the power of ``-log_probability``  # logp."""
        split = self.range_size >> log_probability  # s
        bit = int(self.difference < split)
        if bit:
            self.range_size = split
        else:
            self.difference -= split
            self.range_size -= split
        self._normalise()
        if self._trace is not None:
            total = 1 << log_probability
            self._record(*((total - 1, total) if bit else (0, total - 1)), total, bit)
        return bit

    @clause("RFC6716-4.1.3.3-icdf")
    def decode_icdf(self, table: Sequence[int], bits: int) -> int:
        """Decode a symbol of an inverse cumulative table.

        Parameters
        ----------
        table : sequence of int
            For each symbol the frequencies of all later ones together; never rising, the last 0  # icdf
        bits : int
            The frequencies add up to two to this power  # ftb

        Returns
        -------
        int
            Index of the symbol.
        """
        scale = self.range_size >> bits  # r
        difference = self.difference
        top = self.range_size  # t
        symbol = 0
        bottom = scale * table[0]  # s
        while difference < bottom:
            top = bottom
            symbol += 1
            bottom = scale * table[symbol]
        self.difference = difference - bottom
        self.range_size = top - bottom
        if self.range_size <= CODE_BOTTOM:
            self._normalise()
        if self._trace is not None:
            total = 1 << bits
            low = total - table[symbol - 1] if symbol > 0 else 0
            self._record(low, total - table[symbol], total, symbol)
        return symbol

    @clause("RFC6716-4.1.5-uint", "RFC6716-4.1.5-range")
    def decode_uint(self, total: int) -> int:
        """Decode one of `total` equally probable integers, 0 to ``total - 1``.

        Above 256 values the lower bits are raw, and a value beyond the range can be coded: it sets
        `uint_error` and gives ``total - 1``.
        """
        largest = total - 1
        bits = largest.bit_length()  # ftb
        if bits <= UINT_BITS:
            value = self.decode(total)
            self.update(value, value + 1, total)
            return value
        bits -= UINT_BITS
        high_total = (largest >> bits) + 1
        high = self.decode(high_total)
        self.update(high, high + 1, high_total)
        value = high << bits | self.decode_bits(bits)
        if value > largest:
            self.uint_error = True
            return largest
        return value

    @clause("RFC6716-4.1.4-raw")
    def decode_bits(self, bits: int) -> int:
        """Read up to 25 raw bits from the end of the data, least significant first."""
        if self._window_bits < bits:
            while self._window_bits <= 24:
                self._window |= self._read_byte_from_end() << self._window_bits
                self._window_bits += 8
        value = self._window & ((1 << bits) - 1)
        self._window >>= bits
        self._window_bits -= bits
        self._total_bits += bits
        if self._trace is not None:
            self._record(value, value + 1, 1 << bits, value)
        return value

    @clause("RFC6716-4.1.6.1-tell")
    def tell(self) -> int:
        """Return the bits used so far, rounded up; 1 before the first symbol."""
        return self._total_bits - self.range_size.bit_length()

    @clause("RFC6716-4.1.6.2-tellfrac")
    def tell_frac(self) -> int:
        """Return the bits used so far in eighths of a bit, rounded up."""
        return tell_fraction(self._total_bits, self.range_size)
