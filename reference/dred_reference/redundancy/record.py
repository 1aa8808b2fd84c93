"""What a rate rule asks for, and what was written."""

from dataclasses import dataclass

__all__ = ["Choice", "Redundancy"]


@dataclass(frozen=True)
class Choice:
    """What a packet is to carry.

    Attributes
    ----------
    q0, dq, qmax : int
        The quantiser levels, as in `dred_reference.payload.Header`.
    max_latents : int
        At most so many latents of 40 ms.
    max_bytes : int
        At most so many bytes of range-coded data; the prefix of the wire profile is not among them.
    """

    q0: int
    dq: int
    qmax: int
    max_latents: int
    max_bytes: int


@dataclass(frozen=True)
class Redundancy:
    """What was written for a packet.

    Attributes
    ----------
    data : bytes
        The range-coded data, without the prefix of a wire profile.
    latents : int
        How many latents it holds.
    offset : int
        The offset it signals, in units of 2.5 ms; nothing is taken off for the frame it stands on.
    first : int
        Which of the latents of the history is the newest one in it, in steps of 20 ms  # lo
    tells : tuple of int
        Bits used after the state, and then after each latent.
    state_symbols : tuple of int
    latent_symbols : tuple of tuples of int
        What was coded.
    """

    data: bytes
    latents: int
    offset: int
    first: int
    tells: tuple[int, ...]
    state_symbols: tuple[int, ...]
    latent_symbols: tuple[tuple[int, ...], ...]
