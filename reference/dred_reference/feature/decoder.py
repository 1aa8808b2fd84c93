"""From state and latents to features, latent by latent or all at once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dred_reference.clauses import clause
from dred_reference.errors import FeatureError
from dred_reference.feature.arithmetic import Arithmetic, Record, Vector
from dred_reference.feature.fixed import FixedArithmetic
from dred_reference.feature.float64 import Float64Arithmetic
from dred_reference.feature.int8 import PlainCArithmetic, X86Arithmetic
from dred_reference.feature.steps import Decoding
from dred_reference.network import DecoderNetwork
from dred_reference.network.wiring import FEATURES

__all__ = ["PROFILES", "VARIANTS", "FeatureDecoder", "decode_features"]

_ARITHMETICS: dict[str, Callable[[DecoderNetwork], Arithmetic]] = {
    "float64": Float64Arithmetic,
    "fixed": FixedArithmetic,
    "int8": X86Arithmetic,
    "int8-c": PlainCArithmetic,
}
PROFILES = ("float64", "fixed", "int8")
VARIANTS = ("int8-c",)


@lru_cache(maxsize=8)
def _arithmetic(network: DecoderNetwork, profile: str) -> Arithmetic:
    if profile not in _ARITHMETICS:
        raise ValueError(f"profile {profile!r} is none of {', '.join(_ARITHMETICS)}")
    return _ARITHMETICS[profile](network)


@clause("DRED-net-input", "FIX-input")
def _values(values: ArrayLike, shape: tuple[int, ...], what: str) -> NDArray[np.float32]:
    """Return injected values as float32, or refuse their shape."""
    with np.errstate(over="ignore"):  # beyond float32 is infinite, and refused
        array = np.asarray(values, dtype=np.float32)
    if array.shape != shape:
        raise FeatureError("N3", f"{what} of shape {array.shape}, not {shape}")
    return array


@clause("DRED-net-input", "FIX-input")
def _check_finite(values: NDArray[np.float32], first: int) -> None:
    """Refuse values that are not finite; `first` is the position of the first one."""
    refused = np.flatnonzero(~np.isfinite(values))
    if refused.size:
        raise FeatureError("N3", "a value is not finite", first + int(refused[0]))


def _overflow_of_float32() -> AbstractContextManager[None]:
    """Let the profile ``int8`` overflow without a word, as real decoders do; the others cannot."""
    return np.errstate(over="ignore", invalid="ignore")


class FeatureDecoder:
    """The decoder network, latent by latent.

    Parameters
    ----------
    network : DecoderNetwork
    profile : str
        One of `PROFILES` or `VARIANTS`.
    record : Record, optional
        Receives every intermediate vector with its name, see `dred_reference.feature.steps`.

    Raises
    ------
    FeatureError
        N2: the network cannot run in the profile ``fixed``.
    ValueError
        There is no such profile.
    """

    def __init__(
        self, network: DecoderNetwork, profile: str = "float64", record: Record | None = None
    ) -> None:
        self._network = network
        self._decoding = Decoding(_arithmetic(network, profile), record, network.memory_sizes, {}, {})
        self._position: int | None = None

    def start(self, state: ArrayLike) -> None:
        """Begin a payload.

        Parameters
        ----------
        state : array_like of float32, shape (state_dim,)

        Raises
        ------
        FeatureError
            N3: another shape, or a value that is not finite.
        """
        count = self._network.state_dim
        values = _values(state, (count,), "a state")
        _check_finite(values, 0)
        with _overflow_of_float32():
            self._decoding.start(self._decoding.arithmetic.values(values))
        self._position = count

    @clause("DRED-net-order", "FIX-step")
    def step(self, latent: ArrayLike) -> Vector:
        """Decode the next latent; they come newest first.

        Parameters
        ----------
        latent : array_like of float32, shape (latent_dim + 1,)
            Its values, then its level value.

        Returns
        -------
        array, shape (4, 20)
            Features, newest 10 ms first: float64, float32 (``int8``), or int32 in Q16 (``fixed``).

        Raises
        ------
        FeatureError
            N3: another shape, or a value that is not finite; the decoder can go on with another latent.
        RuntimeError
            `start` comes first.
        """
        if self._position is None:
            raise RuntimeError("start comes before the first step")
        count = self._network.latent_dim + 1
        values = _values(latent, (count,), "a latent")
        _check_finite(values, self._position)
        self._position += count
        with _overflow_of_float32():
            return self._decoding.step(self._decoding.arithmetic.values(values))


@clause("DRED-net-order", "FIX-step")
def decode_features(
    state: ArrayLike,
    latents: ArrayLike,
    network: DecoderNetwork,
    profile: str = "float64",
    record: Record | None = None,
) -> Vector:
    """Decode a state and all its latents.

    Parameters
    ----------
    state : array_like of float32, shape (state_dim,)
    latents : array_like of float32, shape (count, latent_dim + 1)
        Newest first; the level value is the last of each.
    network, profile, record
        As for `FeatureDecoder`.

    Returns
    -------
    array, shape (4 * count, 20)
        One row per 10 ms, newest first; types as for `FeatureDecoder.step`.

    Raises
    ------
    FeatureError, ValueError
        As `FeatureDecoder` and its methods. Values are checked before anything is computed.
    """
    decoder = FeatureDecoder(network, profile, record)
    count = len(np.atleast_1d(np.asarray(latents)))
    width = network.latent_dim + 1
    first = _values(state, (network.state_dim,), "a state")
    rows = _values(latents, (count, width), "latents") if count else np.empty((0, width), dtype=np.float32)
    _check_finite(np.concatenate([first, rows.reshape(-1)]), 0)
    decoder.start(first)
    arithmetic = _arithmetic(network, profile)
    nothing = arithmetic.features(arithmetic.zeros(0)).reshape(0, FEATURES)
    return np.concatenate([nothing, *(decoder.step(row) for row in rows)])
