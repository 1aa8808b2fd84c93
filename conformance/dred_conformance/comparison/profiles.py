"""Every numeric profile against every other, and against what a deployed decoder said."""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_conformance.comparison.feature_result import FEATURES
from dred_conformance.comparison.features import compare_features
from dred_conformance.decoding.features import real_values
from dred_reference.feature import FeatureDecoder
from dred_reference.network import DecoderNetwork

__all__ = ["DEPLOYED", "DumpError", "ProfileDistance", "compare_profiles"]

DEPLOYED = "deployed"


class DumpError(Exception):
    """The dump of a decoder cannot be read."""


@dataclass(frozen=True)
class ProfileDistance:
    """The distance of one arithmetic from another over the same latents."""

    reference: str
    candidate: str
    total: float
    maximum: float
    pitch: float


def compare_profiles(
    dump: Path,
    network: DecoderNetwork,
    profiles: tuple[str, ...],
    progress: Callable[[int, int], None] | None = None,
) -> tuple[int, list[ProfileDistance]]:
    """Decode every latent of a dump in every profile and compare.

    Parameters
    ----------
    dump : Path
        JSON lines, gzipped, with ``state``, ``latents``, ``nb_latents`` and ``features_c`` each.
    network : DecoderNetwork
        The network that the dump was made with.
    profiles : tuple of str
        Profiles or variants of `FeatureDecoder`.
    progress : callable, optional
        Called with the number of packets done and of all packets.

    Returns
    -------
    latents : int
        How many latents were decoded.
    distances : list of ProfileDistance
        Every pair, `DEPLOYED` first.

    Raises
    ------
    DumpError
        The file is no such dump.
    """
    packets = list(_packets(dump, network))
    if not packets:
        raise DumpError(f"{dump}: holds no packet with a latent")
    features = {DEPLOYED: np.concatenate([packet["features"] for packet in packets])}
    done = 0
    for profile in profiles:
        decoder = FeatureDecoder(network, profile)
        decoded = []
        for packet in packets:
            decoded.append(_decode(decoder, packet))
            done += 1
            if progress is not None:
                progress(done, len(packets) * len(profiles))
        features[profile] = np.concatenate(decoded)
    return len(features[DEPLOYED]) // 4, list(_distances(features))


def _packets(dump: Path, network: DecoderNetwork) -> Iterator[dict[str, NDArray[Any]]]:
    try:
        with gzip.open(dump, "rt", encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                if entry["nb_latents"]:
                    yield {
                        "state": np.array(entry["state"], np.float32),
                        "latents": np.array(entry["latents"], np.float32).reshape(-1, network.latent_dim + 1),
                        "features": np.array(entry["features_c"], np.float64).reshape(-1, FEATURES),
                    }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DumpError(f"{dump}: is no dump of a decoder ({error})") from error


def _decode(decoder: FeatureDecoder, packet: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
    decoder.start(packet["state"])
    return real_values(np.concatenate([decoder.step(latent) for latent in packet["latents"]]))


def _distances(features: Mapping[str, NDArray[np.float64]]) -> Iterator[ProfileDistance]:
    names = list(features)
    for index, reference in enumerate(names):
        for candidate in names[index + 1 :]:
            found = compare_features(features[reference], features[candidate])
            yield ProfileDistance(reference, candidate, found.total, found.maximum, found.pitch)
