"""Payloads made from random symbols through the native writer, for one model."""

import random

import numpy as np
from numpy.typing import NDArray

import dred_native
from dred_model import ModelBundle
from dred_reference.schedule import quantiser_level

__all__ = ["PayloadBuilder", "native_model"]

_MOST_LATENTS = 30
_KINDS = ("state", "latent")


def native_model(bundle: ModelBundle) -> dred_native.Model:
    """Return a model as the native core takes it."""
    tables = bundle.tables
    return dred_native.Model(
        bundle.name,
        bundle.latent_dim,
        bundle.state_dim,
        *(tables.as_dict()[name] for name in tables.as_dict()),
        weights=bundle.weights_blob,
    )


def levels_of(q0: int, dq: int, qmax: int, count: int) -> list[int]:
    """Return the quantiser levels of the first ``count`` latents."""
    return [quantiser_level(q0, dq, qmax, index) for index in range(count)]


class PayloadBuilder:
    """Makes payloads without prefix.

    Parameters
    ----------
    bundle
        The model.
    """

    def __init__(self, bundle: ModelBundle) -> None:
        self.model = native_model(bundle)
        named = bundle.tables.as_dict()
        self._coded = {
            kind: (named[f"{kind}_r_q8"] != 0) & (named[f"{kind}_p0_q8"] != 255) for kind in _KINDS
        }
        self._p0 = {kind: named[f"{kind}_p0_q8"] for kind in _KINDS}
        self._decay = {kind: named[f"{kind}_r_q8"] for kind in _KINDS}
        self._never_zero = {kind: named[f"{kind}_p0_q8"] == 0 for kind in _KINDS}

    def build(self, source: random.Random, count: int | None = None) -> bytes:
        """Return a payload with a random header and ``count`` latents (random if left out)."""
        q0, dq = source.randrange(16), source.randrange(8)
        has_limit = q0 < 14 and dq > 0
        qmax = source.randrange(q0 + 1, 16) if has_limit else 15
        offset = source.choice((16, 10, 0, -15, -16, source.randrange(-8175, 17)))
        spread = source.choice((0, 1, 2, 8, 40))
        state = self._symbols(source, "state", q0, spread)
        if count is None:
            count = source.randrange(_MOST_LATENTS)
        levels = levels_of(q0, dq, qmax, count)
        latents = [self._symbols(source, "latent", level, spread) for level in levels]
        written = dred_native.encode_payload(q0, dq, qmax, offset, state, latents, "draft-32", self.model)
        payload: bytes = written["payload"]
        return payload

    def speech_like(self, source: random.Random, count: int) -> bytes:
        """Return a payload of ``count`` latents whose symbols follow the model's own distributions."""
        q0, dq, qmax = 6, 3, 15
        state = self._drawn(source, "state", q0)
        latents = [self._drawn(source, "latent", level) for level in levels_of(q0, dq, qmax, count)]
        written = dred_native.encode_payload(q0, dq, qmax, 10, state, latents, "draft-32", self.model)
        payload: bytes = written["payload"]
        return payload

    def _drawn(self, source: random.Random, kind: str, level: int) -> list[int]:
        drawn = []
        for is_coded, p0, decay in zip(
            self._coded[kind][level].tolist(),
            self._p0[kind][level].tolist(),
            self._decay[kind][level].tolist(),
            strict=True,
        ):
            value = 0
            if is_coded and source.random() >= p0 / 256:
                value = 1
                while source.random() < decay / 256 and value < 100:
                    value += 1
            drawn.append(-value if source.random() < 0.5 else value)
        return drawn

    def _symbols(self, source: random.Random, kind: str, level: int, spread: int) -> list[int]:
        coded: NDArray[np.bool_] = self._coded[kind][level]
        never_zero: NDArray[np.bool_] = self._never_zero[kind][level]
        return [
            (source.randint(-spread, spread) if source.random() < 0.6 else 0) or int(must_be_coded)
            if is_coded
            else 0
            for is_coded, must_be_coded in zip(coded.tolist(), never_zero.tolist(), strict=True)
        ]
