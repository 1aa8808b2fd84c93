"""Features of random payloads and of values at the limits: literal Python against both paths of the core."""

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

import dred_native
from dred_conformance.differential.built_payloads import PayloadBuilder
from dred_conformance.differential.inputs import random_payload
from dred_model import ModelBundle
from dred_reference.feature import FeatureDecoder
from dred_reference.latent import dequantise
from dred_reference.payload import decode_payload
from dred_reference.wire import WIRE_PROFILES

__all__ = ["compare_random_features"]

_WIRE = "draft-32"
_MOST_LATENTS = 30
_INJECTED = 0.1  # share of inputs that are values instead of payloads
_LIMITS = (
    *(0.0, -0.0, 1e-45, 2.0**-17, -(2.0**-17), 3 * 2.0**-17, 1.0, -1.0, 127.999, 128.0),
    *(32767.998, 32768.0, -32768.0, 65536.0, 3.4e38, -3.4e38),
)


def compare_random_features(
    source: random.Random, inputs: int, models: list[ModelBundle], real: list[bytes]
) -> Iterator[tuple[Any, Any, str]]:
    """Yield for each input the answer of the reference, that of the core, and what was asked.

    The core's answer is that of one path; where another differs, it is a text that says so.
    """
    networks = [bundle for bundle in models if "rdovaedec" in bundle.networks]
    for index, bundle in enumerate(networks):
        share = inputs // len(networks) + (index < inputs % len(networks))
        comparison = _Comparison(bundle, real if bundle.name.startswith("libopus") else [])
        for _ in range(share):
            yield comparison.values(source) if source.random() < _INJECTED else comparison.payload(source)


class _Comparison:
    def __init__(self, bundle: ModelBundle, real: list[bytes]) -> None:
        self._name = bundle.name
        self._builder = PayloadBuilder(bundle)
        self._real = real
        self._tables = bundle.tables.to_reference_tables()
        self._reference = FeatureDecoder(bundle.to_reference_network(), "fixed")
        self._native = [
            dred_native.FeatureDecoder(self._builder.model, path=path) for path in dred_native.simd_paths()
        ]

    def payload(self, source: random.Random) -> tuple[Any, Any, str]:
        data = random_payload(source, self._builder.build, self._real)
        decoded = decode_payload(data, WIRE_PROFILES[_WIRE], self._tables, max_latents=_MOST_LATENTS)
        values = dequantise(decoded, self._tables)
        wanted = self._decode(values.state, values.latents)
        answers = [
            dred_native.decode_features(
                data, _WIRE, self._builder.model, max_latents=_MOST_LATENTS, path=path
            )["features"]
            for path in dred_native.simd_paths()
        ]
        return wanted, _common(answers), f"{data.hex()} ({_WIRE}, {self._name})"

    def values(self, source: random.Random) -> tuple[Any, Any, str]:
        state = self._drawn(source, self._tables.state_dim)
        latents = np.stack(
            [self._drawn(source, self._tables.latent_dim + 1) for _ in range(source.randrange(1, 5))]
        )
        wanted = self._decode(state, latents)
        answers = [decoder.decode(state, latents) for decoder in self._native]
        shown = f"state {state.tobytes().hex()}, latents {latents.tobytes().hex()} ({self._name})"
        return wanted, _common(answers), shown

    @staticmethod
    def _drawn(source: random.Random, count: int) -> NDArray[np.float32]:
        spread = source.choice((0.0, 1e-4, 1.0, 30.0, 1000.0))
        drawn = [
            source.choice(_LIMITS) if source.random() < 0.2 else source.uniform(-spread, spread)
            for _ in range(count)
        ]
        return np.array(drawn, dtype=np.float32)

    def _decode(self, state: NDArray[np.float32], latents: NDArray[np.float32]) -> list[list[int]]:
        self._reference.start(state)
        return [frame.tolist() for latent in latents for frame in self._reference.step(latent)]


def _common(answers: list[NDArray[np.int32]]) -> Any:
    first = answers[0].tolist()
    for path, answer in zip(dred_native.simd_paths()[1:], answers[1:], strict=True):
        if answer.tolist() != first:
            return f"the path {path} differs from the scalar one: {answer.tolist()} against {first}"
    return first
