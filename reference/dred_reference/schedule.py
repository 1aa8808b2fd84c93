"""The quantiser level of each latent: coarser with age, up to a limit."""

from dred_reference.clauses import clause

__all__ = ["SLOPE_SIXTEENTHS", "quantiser_level"]

SLOPE_SIXTEENTHS = (0, 2, 3, 4, 6, 8, 12, 16)
"""Levels per latent in sixteenths, by the 3-bit slope of the header."""


@clause("DRED-schedule")
def quantiser_level(q0: int, dq: int, qmax: int, index: int) -> int:
    """Return the level of a latent.

    Parameters
    ----------
    q0 : int
        Level of the newest latent and of the initial state, 0 to 15.
    dq : int
        Slope, 0 to 7: an index into `SLOPE_SIXTEENTHS`  # dQ
    qmax : int
        The level that is not exceeded, 0 to 15.
    index : int
        Number of the latent, 0 the newest.

    Returns
    -------
    int
        0 to 15. Halves are rounded up.
    """
    return min(qmax, q0 + ((SLOPE_SIXTEENTHS[dq] * index + 8) >> 4))
