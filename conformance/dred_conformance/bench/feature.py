"""Times the feature stage: per latent, the newest alone, a full second, and the chain from the packet."""

import random
import time
from dataclasses import dataclass

import dred_native
from dred_conformance.differential.built_payloads import PayloadBuilder
from dred_model import ModelBundle
from dred_reference.extension import Extension
from dred_reference.feature import FeatureDecoder
from dred_reference.latent import dequantise
from dred_reference.packet_padding import add_extensions
from dred_reference.payload import decode_payload
from dred_reference.wire import WIRE_PROFILES

__all__ = ["FeatureBench", "PathTimes", "bench_feature"]

_WIRE = "draft-32"
_PACKET_WIRE = "experimental-12"
_PAYLOADS = 64
_ROUNDS = 5
_SECOND = 26  # latents that a deployed decoder reads at most
_MICRO = 1e6


@dataclass(frozen=True)
class PathTimes:
    """Times of one path of the native core, in microseconds; each the best of some rounds.

    Attributes
    ----------
    latent_us
        Per latent of a payload of 26, reading the symbols and the start from the state included.
    network_us
        The same without reading the symbols.
    next_latent_us
        Per latent after the first.
    first_latent_us
        From the payload to the features of the newest latent alone.
    second_us
        From the payload to the features of 26 latents, a little more than a second.
    packet_us
        The whole chain for a packet: framing, extensions, symbols, features.
    packet_latents
        Mean number of latents of these packets.
    decoder_bytes, network_bytes
        Memory of a decoder for packets, and of the network that all decoders share.
    """

    path: str
    latent_us: float
    network_us: float
    next_latent_us: float
    first_latent_us: float
    second_us: float
    packet_us: float
    packet_latents: float
    decoder_bytes: int
    network_bytes: int


@dataclass(frozen=True)
class FeatureBench:
    """Times of every path of the native core and of the literal implementation, on the same payloads."""

    model: str
    latents: float
    paths: tuple[PathTimes, ...]
    reference_latent_us: float


def bench_feature(bundle: ModelBundle, total: int, packets: list[bytes] | None = None) -> FeatureBench:
    """Decode payloads of 26 latents on every path of the core, a few of them in Python.

    Parameters
    ----------
    bundle
        A model with a decoder network.
    total
        How many latents each path decodes.
    packets
        Packets of real streams for the whole chain; packets built from the payloads if left out.
    """
    builder = PayloadBuilder(bundle)
    source = random.Random(20261122)  # noqa: S311 - the same payloads every time
    payloads = [builder.speech_like(source, _SECOND + 1) for _ in range(_PAYLOADS)]
    if packets is None:
        packets = [_packet(payload) for payload in payloads]
    paths = tuple(
        _path_times(builder, payloads, packets, max(1, total // (_ROUNDS * _SECOND * _PAYLOADS)), path)
        for path in dred_native.simd_paths()
    )
    return FeatureBench(bundle.name, _SECOND, paths, _reference_us(bundle, payloads[:2]))


def _packet(payload: bytes) -> bytes:
    """Return a packet of one frame of 20 bytes with the payload in its padding."""
    profile = WIRE_PROFILES[_PACKET_WIRE]
    return add_extensions(b"\x48" + bytes(20), [Extension(profile.extension_id, 0, profile.prefix + payload)])


def _path_times(
    builder: PayloadBuilder, payloads: list[bytes], packets: list[bytes], repeats: int, path: str
) -> PathTimes:
    model = builder.model
    chain_repeats = max(1, repeats * len(payloads) // len(packets))
    rounds = [
        (
            dred_native.bench_feature(payloads, _WIRE, model, repeats, path, _SECOND),
            dred_native.bench_payload(payloads, _WIRE, model, repeats),
            dred_native.bench_packet_features(packets, _PACKET_WIRE, model, chain_repeats, path),
        )
        for _ in range(_ROUNDS)
    ]
    found, symbols, chain = rounds[0]
    per_payload = found["latents"] / found["payloads"]
    first_us = _MICRO * min(each["first_latent_seconds"] for each, _, _ in rounds) / found["first_latents"]
    second_us = _MICRO * min(each["seconds"] for each, _, _ in rounds) / found["payloads"]
    symbol_us = _MICRO * min(each["seconds"] for _, each, _ in rounds) / symbols["latents"]
    return PathTimes(
        path,
        second_us / per_payload,
        second_us / per_payload - symbol_us,
        (second_us - first_us) / (per_payload - 1),
        first_us,
        second_us,
        _MICRO * min(each["seconds"] for _, _, each in rounds) / chain["packets"],
        chain["latents"] / chain["packets"],
        chain["memory_bytes"],
        found["network_bytes"],
    )


def _reference_us(bundle: ModelBundle, payloads: list[bytes]) -> float:
    tables = bundle.tables.to_reference_tables()
    decoder = FeatureDecoder(bundle.to_reference_network(), "fixed")
    values = [
        dequantise(decode_payload(data, WIRE_PROFILES[_WIRE], tables, max_latents=_SECOND), tables)
        for data in payloads
    ]
    started = time.perf_counter()
    count = 0
    for each in values:
        decoder.start(each.state)
        for latent in each.latents:
            decoder.step(latent)
            count += 1
    return _MICRO * (time.perf_counter() - started) / count
