"""The range encoder (RFC 6716 section 5.1), the mirror of the decoder.

The encoder keeps the bottom and the size of the current range. Bytes leave it only once no carry can reach
them any more: the last byte and the run of 255s behind it wait until the next byte settles the carry.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dred_reference.clauses import clause
from dred_reference.errors import WriteError
from dred_reference.range_decoder import CODE_BOTTOM, CODE_TOP, UINT_BITS, tell_fraction

__all__ = ["Checkpoint", "RangeEncoder"]

CODE_SHIFT = 23
WINDOW_BITS = 32


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of an encoder, to which it can return. Bytes that were written are never changed again."""

    front_size: int
    back_size: int
    window: int
    window_bits: int
    total_bits: int
    range_size: int
    bottom: int
    last_byte: int
    waiting: int
    overflow: bool


class RangeEncoder:
    """Encodes symbols into a buffer of a given size.

    Parameters
    ----------
    size : int
        Size of the buffer in bytes  # storage

    Attributes
    ----------
    range_size : int
        Size of the current range  # rng
    overflow : bool
        Whether something did not fit the buffer  # error
    """

    @clause("RFC6716-5.1-init")
    def __init__(self, size: int) -> None:
        self._size = size
        self._front = bytearray()  # buf[0:offs], range-coded bytes
        self._back = bytearray()  # buf[storage - end_offs:], raw bits, last byte of the buffer first
        self._window = 0  # end_window
        self._window_bits = 0  # nend_bits
        self._total_bits = 33  # nbits_total
        self._bottom = 0  # val
        self._last_byte = -1  # rem: -1 before the first byte
        self._waiting = 0  # ext: bytes of 255 that a carry would turn into 0
        self.range_size = CODE_TOP
        self.overflow = False

    def checkpoint(self) -> Checkpoint:
        """Return the state, for `restore`."""
        return Checkpoint(
            len(self._front),
            len(self._back),
            self._window,
            self._window_bits,
            self._total_bits,
            self.range_size,
            self._bottom,
            self._last_byte,
            self._waiting,
            self.overflow,
        )

    def restore(self, state: Checkpoint) -> None:
        """Forget everything encoded since the checkpoint."""
        del self._front[state.front_size :]
        del self._back[state.back_size :]
        self._window = state.window
        self._window_bits = state.window_bits
        self._total_bits = state.total_bits
        self.range_size = state.range_size
        self._bottom = state.bottom
        self._last_byte = state.last_byte
        self._waiting = state.waiting
        self.overflow = state.overflow

    def _write(self, part: bytearray, byte: int) -> None:
        if len(self._front) + len(self._back) >= self._size:
            self.overflow = True
        else:
            part.append(byte)

    @clause("RFC6716-5.1.1.2-carry")
    def _carry_out(self, symbol: int) -> None:
        """Hand over nine bits: a carry for the bytes before, and the next byte  # c."""
        if symbol == 255:
            self._waiting += 1
            return
        carry = symbol >> 8
        if self._last_byte >= 0:
            self._write(self._front, self._last_byte + carry)
        for _ in range(self._waiting):
            self._write(self._front, (255 + carry) & 255)
        self._waiting = 0
        self._last_byte = symbol & 255

    @clause("RFC6716-5.1.1.1-renorm")
    def _normalise(self) -> None:
        if self.range_size <= 0:
            raise WriteError("W1", "payload", "a symbol without probability cannot be coded")
        while self.range_size <= CODE_BOTTOM:
            self._carry_out(self._bottom >> CODE_SHIFT)
            self._bottom = (self._bottom << 8) & (CODE_TOP - 1)
            self.range_size <<= 8
            self._total_bits += 8

    @clause("RFC6716-5.1.1-symbol")
    def encode(self, low: int, high: int, total: int) -> None:
        """Encode the symbol from `low` to `high` out of `total`  # fl, fh, ft."""
        self._narrow(self.range_size // total, low, high, total)

    @clause("RFC6716-5.1.2-alternates")
    def encode_bin(self, low: int, high: int, bits: int) -> None:
        """As `encode` for a total of two to the power of `bits`."""
        self._narrow(self.range_size >> bits, low, high, 1 << bits)

    def _narrow(self, scale: int, low: int, high: int, total: int) -> None:
        if low > 0:
            self._bottom += self.range_size - scale * (total - low)
            self.range_size = scale * (high - low)
        else:
            self.range_size -= scale * (total - high)
        self._normalise()

    @clause("RFC6716-5.1.2-alternates")
    def encode_bit_logp(self, bit: int, log_probability: int) -> None:
        """Encode a bit that is 1 with a probability of two to the power of ``-log_probability``  # logp."""
        split = self.range_size >> log_probability  # s
        if bit:
            self._bottom += self.range_size - split
            self.range_size = split
        else:
            self.range_size -= split
        self._normalise()

    @clause("RFC6716-5.1.2-alternates")
    def encode_icdf(self, symbol: int, table: Sequence[int], bits: int) -> None:
        """Encode a symbol of an inverse cumulative table, as `RangeDecoder.decode_icdf` reads it."""
        scale = self.range_size >> bits  # r
        if symbol > 0:
            self._bottom += self.range_size - scale * table[symbol - 1]
            self.range_size = scale * (table[symbol - 1] - table[symbol])
        else:
            self.range_size -= scale * table[symbol]
        self._normalise()

    @clause("RFC6716-5.1.4-uint")
    def encode_uint(self, value: int, total: int) -> None:
        """Encode one of `total` equally probable integers."""
        largest = total - 1
        bits = largest.bit_length()  # ftb
        if bits <= UINT_BITS:
            self.encode(value, value + 1, total)
            return
        bits -= UINT_BITS
        self.encode(value >> bits, (value >> bits) + 1, (largest >> bits) + 1)
        self.encode_bits(value & ((1 << bits) - 1), bits)

    @clause("RFC6716-5.1.3-raw")
    def encode_bits(self, value: int, bits: int) -> None:
        """Write up to 25 raw bits at the end of the buffer, least significant first."""
        if self._window_bits + bits > WINDOW_BITS:
            self._flush_window()
        self._window |= value << self._window_bits
        self._window_bits += bits
        self._total_bits += bits

    def _flush_window(self) -> None:
        while self._window_bits >= 8:
            self._write(self._back, self._window & 255)
            self._window >>= 8
            self._window_bits -= 8

    @clause("RFC6716-5.1.6-tell")
    def tell(self) -> int:
        """Return the bits used so far, rounded up, as the decoder will count them."""
        return self._total_bits - self.range_size.bit_length()

    @clause("RFC6716-5.1.6-tell")
    def tell_frac(self) -> int:
        """Return the bits used so far in eighths of a bit, rounded up."""
        return tell_fraction(self._total_bits, self.range_size)

    def shrink(self, size: int) -> None:
        """Make the buffer smaller; what was written must fit.

        Raises
        ------
        WriteError
            W1: `size` is larger than the buffer, or smaller than what was written.
        """
        if not len(self._front) + len(self._back) <= size <= self._size:
            raise WriteError("W1", "payload", f"a buffer of {self._size} bytes cannot shrink to {size}")
        self._size = size

    @clause("RFC6716-5.1.5-finalise")
    def finish(self) -> bytes:
        """Write out what is left and return the whole buffer. Nothing can be encoded afterwards  # done."""
        # The shortest code inside the range, such that whatever bits follow it stay inside as well.
        bits = 32 - self.range_size.bit_length()  # l
        mask = (CODE_TOP - 1) >> bits
        end = (self._bottom + mask) & ~mask
        if end | mask >= self._bottom + self.range_size:
            bits += 1
            mask >>= 1
            end = (self._bottom + mask) & ~mask
        while bits > 0:
            self._carry_out(end >> CODE_SHIFT)
            end = (end << 8) & (CODE_TOP - 1)
            bits -= 8
        if self._last_byte >= 0 or self._waiting > 0:
            self._carry_out(0)
        self._flush_window()
        gap = self._size - len(self._front) - len(self._back)
        data = self._front + bytes(gap) + self._back[::-1]
        if self._window_bits > 0 and not self.overflow:
            self._add_last_raw_bits(data, gap, unused=-bits)
        return bytes(data)

    def _add_last_raw_bits(self, data: bytearray, gap: int, unused: int) -> None:
        """Put fewer than 8 raw bits before the others; `unused` bits of the last front byte are free."""
        if len(self._back) >= self._size:
            self.overflow = True
            return
        if gap == 0 and unused < self._window_bits:
            self._window &= (1 << unused) - 1
            self.overflow = True
        data[self._size - len(self._back) - 1] |= self._window
