"""The two-sided Laplace coder of DRED's integers.

A value is coded as a sign symbol (zero, positive, negative) and, unless it is zero, its magnitude less one in
steps of seven: symbols 0 to 6 end it, 7 says that seven are to be added and another symbol follows.

Why the escape ends, in every stream: decoding a 7 keeps the top of the range and leaves ``d[6] / 32768`` of
its size at most, which is below 31880 / 32768 for the largest decay that a table can hold. A 7 thus costs
more than 0.039 bits, and the data holds 8 bits per byte. Past its end zeros follow, the code stays where it
is, and so does the top of the range: their distance is a whole number of at least one unit of the last byte,
the range loses 2.7 % with every 7, and after 782 of them at most the code lies outside the share of the 7. A
magnitude is therefore at most about 177 for each bit of data, plus 5500.
"""

from functools import lru_cache

from dred_reference.clauses import clause
from dred_reference.range_decoder import RangeDecoder
from dred_reference.range_encoder import RangeEncoder

__all__ = ["decode_laplace", "encode_laplace", "magnitude_table", "sign_table"]

TOTAL_BITS = 15  # probabilities are Q15
ESCAPE = 7
ZERO, POSITIVE, NEGATIVE = 0, 1, 2


@clause("DRED-laplace-sign")
@lru_cache(maxsize=4096)
def sign_table(p0: int) -> tuple[int, int, int]:
    """Return the inverse cumulative table of the sign: zero, positive, negative.

    Parameters
    ----------
    p0 : int
        Probability of zero in Q15.
    """
    not_zero = 32768 - p0
    return not_zero, not_zero >> 1, 0


@clause("DRED-laplace-magnitude")
@lru_cache(maxsize=4096)
def magnitude_table(decay: int) -> tuple[int, ...]:
    """Return the inverse cumulative table of the magnitude less one: 0 to 6, and the escape.

    Parameters
    ----------
    decay : int
        Probability in Q15 that a magnitude is exceeded. Every symbol keeps a frequency of one at least.
    """
    table = [max(7, decay)]
    for index in range(1, 7):
        table.append(max(7 - index, (table[-1] * decay) >> 15))
    return (*table, 0)


@clause("DRED-laplace-sign", "DRED-laplace-magnitude", "DRED-laplace-escape")
def decode_laplace(decoder: RangeDecoder, p0: int, decay: int, name: str | None = None) -> int:
    """Decode a value.

    Parameters
    ----------
    decoder : RangeDecoder
    p0 : int
        Probability of zero in Q15.
    decay : int
        Probability in Q15 that a magnitude is exceeded.
    name : str, optional
        Name of the value, if the decoder traces its symbols.

    Returns
    -------
    int
        Any integer; its magnitude is not limited.
    """
    if name is not None:
        decoder.name_symbols(f"{name}.sign", "DRED-laplace-sign")
    sign = decoder.decode_icdf(sign_table(p0), TOTAL_BITS)
    if sign == ZERO:
        return 0
    if name is not None:
        decoder.name_symbols(f"{name}.magnitude", "DRED-laplace-magnitude")
    table = magnitude_table(decay)
    magnitude = 1
    symbol = ESCAPE
    while symbol == ESCAPE:
        symbol = decoder.decode_icdf(table, TOTAL_BITS)
        magnitude += symbol
    return magnitude if sign == POSITIVE else -magnitude


@clause("DRED-laplace-sign", "DRED-laplace-magnitude", "DRED-laplace-escape")
def encode_laplace(encoder: RangeEncoder, value: int, p0: int, decay: int) -> None:
    """Encode a value; the inverse of `decode_laplace`."""
    if value == 0:
        encoder.encode_icdf(ZERO, sign_table(p0), TOTAL_BITS)
        return
    encoder.encode_icdf(POSITIVE if value > 0 else NEGATIVE, sign_table(p0), TOTAL_BITS)
    table = magnitude_table(decay)
    rest = abs(value) - 1
    while rest >= 0:  # a multiple of seven ends with a symbol 0
        encoder.encode_icdf(min(rest, ESCAPE), table, TOTAL_BITS)
        rest -= ESCAPE
