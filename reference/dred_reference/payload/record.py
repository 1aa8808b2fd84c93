"""The contents of a DRED payload as integers."""

from dataclasses import dataclass

__all__ = ["MOST_LATENTS", "EncodedPayload", "Header", "Payload"]

MOST_LATENTS = 1024
"""Latents per payload at most: 40.96 s. The text has no limit. This profile needs one because a latent whose
symbols are all certain takes no bits, so that counting bits alone would never end."""


@dataclass(frozen=True)
class Header:
    """The fields before the symbols.

    Attributes
    ----------
    q0 : int
        Quantiser level of the initial state and of the newest latent, 0 to 15.
    dq : int
        Slope of the level with age, 0 to 7  # dQ
    qmax : int
        Largest level, 15 unless coded.
    offset : int
        Where the newest coded features stand, in units of 2.5 ms after the start of the packet; negative:
        before it.
    """

    q0: int
    dq: int
    qmax: int
    offset: int


@dataclass(frozen=True)
class Payload:
    """A decoded payload.

    Attributes
    ----------
    q0, dq, qmax, offset : int
        As in `Header`.
    state : tuple of int
        Symbols of the initial state.
    latents : tuple of tuples of int
        Symbols of the latents, newest first; 40 ms each.
    levels : tuple of int
        Quantiser level of each latent.
    range_size : int
        Size of the decoder's range after the last symbol  # rng
    tell : int
        Bits used after the last symbol.
    """

    q0: int
    dq: int
    qmax: int
    offset: int
    state: tuple[int, ...]
    latents: tuple[tuple[int, ...], ...]
    levels: tuple[int, ...]
    range_size: int
    tell: int


@dataclass(frozen=True)
class EncodedPayload:
    """A written payload.

    Attributes
    ----------
    payload : bytes
        The whole extension payload, prefix included.
    latent_count : int
        How many of the latents were written; the oldest are left out where they do not fit.
    """

    payload: bytes
    latent_count: int
