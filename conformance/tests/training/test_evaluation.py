"""What the evaluation says of bits and features is what written payloads are and decode to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

import dred_native
from dred_conformance.differential.built_payloads import native_model
from dred_model import ModelBundle, named_synthetic_model
from dred_reference.encoding import LatentEncoder
from dred_reference.feature import decode_features
from dred_reference.latent import dequantise
from dred_reference.payload import Header, decode_payload, encode_header
from dred_reference.range_encoder import RangeEncoder
from dred_reference.wire import WIRE_PROFILES
from dred_training import TrainingError
from dred_training.batches import frames_of
from dred_training.outcomes import Outcome, measured
from dred_training.ramps import Ramp
from dred_training.rdovae.evaluation import Evaluation, decoded_chunks
from dred_training.rdovae.loading import load_networks

Smooth = Callable[[int, int], NDArray[np.float32]]
HISTORY = 52  # steps that a packet may look back on
WIRE = "draft-32"  # no prefix: every byte is coded


@dataclass(frozen=True)
class Written:
    """What payloads cost, and how far the evaluation's features are from those they decode to."""

    packets: int
    bytes_bits: float  # mean of 8 * bytes
    header_bits: float
    float64: float  # largest difference
    fixed: float
    outcome: Outcome


def written(bundle: ModelBundle, features: NDArray[np.float32], ramp: Ramp, latents: int) -> Written:
    """Write the chunks of an evaluation as payloads, read them, and measure what they decode to."""
    model, tables = native_model(bundle), bundle.tables.to_reference_tables()
    literal = LatentEncoder(bundle.to_reference_encoder())
    steps = [literal.step(pair) for pair in features[: len(features) // 2 * 2].reshape(-1, 40)]
    ends = np.arange(2 * (latents - 1) + 1, len(steps), 25)
    sizes, exact, whole, truth = [], [], [], []
    decoder = dred_native.FeatureDecoder(model)
    for newest in ends.tolist():
        past = [steps[index] for index in range(newest, -1, -1)][:HISTORY]
        data = dred_native.write_redundancy(
            model,
            *(np.array([step[kind] for step in past], dtype=np.float32) for kind in (0, 1)),
            bytes([1]) * 8 * HISTORY,
            dred_offset=0,
            latent_offset=0,
            last_extra=0,
            max_latents=latents,
            max_bytes=998,
            q0=ramp.q0,
            dq=ramp.dq,
            qmax=ramp.qmax,
        )["data"]
        read = decode_payload(data, WIRE_PROFILES[WIRE], tables, max_latents=latents)
        values = dequantise(read, tables)
        exact.append(decode_features(values.state, values.latents, bundle.to_reference_network()))
        whole.append(decoder.decode(values.state, values.latents) / 65536)
        truth.append(features[frames_of(newest - 2 * np.arange(len(values.latents)))].reshape(-1, 20))
        sizes.append(8 * len(data))
    coder = RangeEncoder(998)
    encode_header(coder, Header(ramp.q0, ramp.dq, ramp.qmax, 0))
    (outcome,) = Evaluation([features], 25, latents).outcomes(bundle, (ramp,))
    in_torch = torch_features(bundle, steps, ends, ramp, latents)
    pairs = list(zip(in_torch, exact, whole, strict=True))
    return Written(
        len(sizes),
        float(np.mean(sizes)),
        float(coder.tell()),
        max(float(np.abs(ours[: len(theirs)] - theirs).max()) for ours, theirs, _ in pairs),
        max(float(np.abs(theirs - core).max()) for _, theirs, core in pairs),
        outcome,
    )


def torch_features(
    bundle: ModelBundle, steps: list[tuple[NDArray, NDArray]], ends: NDArray, ramp: Ramp, latents: int
) -> Iterator[NDArray]:
    """Return what the evaluation decodes for each chunk, shape (frames, 20)."""
    rows = ends - 2 * np.arange(latents)[:, np.newaxis]
    values, states = (np.array([step[kind] for step in steps], dtype=np.float32) for kind in (0, 1))
    decoder = load_networks(bundle)[1]
    tables = bundle.tables.to_reference_tables()
    decoded = decoded_chunks(decoder, states[ends], values[rows], ramp.levels(latents), tables)
    return (decoded[:, index].reshape(-1, 20) for index in range(len(ends)))


def check(found: Written, latents: int) -> None:
    told = found.header_bits + found.outcome.state_bits + found.outcome.bits.sum()
    # a header of whole bits, and a last byte that is half full on average
    assert -2 <= found.bytes_bits - told <= 9
    assert found.float64 < 1e-4
    assert found.fixed < 0.02
    assert found.outcome.packet_bits_per_second == pytest.approx(
        (found.outcome.state_bits + found.outcome.bits.sum()) / (0.04 * latents)
    )


@pytest.mark.parametrize("ramp", [Ramp(0, 0), Ramp(9, 0), Ramp(3, 5, 12)], ids=lambda ramp: ramp.name)
def test_bits_and_features_are_those_of_written_payloads(ramp: Ramp, smooth: Smooth) -> None:
    bundle = named_synthetic_model("synthetic-9-7x9-net24x40x16x8-enc16x8x24x32")
    check(written(bundle, smooth(4, 300), ramp, 6), 6)


@pytest.mark.official_model
def test_bits_and_features_are_those_of_official_payloads(
    official_model: ModelBundle, smooth: Smooth
) -> None:
    check(written(official_model, smooth(4, 130), Ramp(6, 3), 10), 10)


def test_measures_are_those_of_their_definitions() -> None:
    truth = np.zeros((2, 3, 4, 20))
    truth[..., 19] = 0.5
    truth[1, ..., 19] = -0.3
    decoded = truth.copy()
    decoded[0, ..., 0] += 2.0
    decoded[0, 0, ..., 18] -= 0.25
    decoded[1, ..., 18] += 7.0  # of frames that are not voiced
    decoded[0, 1, ..., 19] = 0.1
    found = measured("m", Ramp(3, 0), 40.0, np.array([10.0, 6.0]), decoded, truth)
    assert found.cepstrum.tolist() == [2.0, 0.0]
    assert found.pitch.tolist() == pytest.approx([0.25 / 3, 0.0])
    assert found.voicing.tolist() == pytest.approx([1 / 3, 0.0])
    assert found.correlation.tolist() == pytest.approx([np.sqrt(0.16 / 3), 0.0])
    assert found.total == pytest.approx(np.sqrt((4 + 0.16 / 3) / 2))  # without pitch
    assert found.largest == pytest.approx(np.sqrt(2))
    assert (found.bits_per_second, found.packet_bits_per_second) == (200.0, 700.0)


def test_clips_that_are_too_short_are_left_out_or_refused(smooth: Smooth) -> None:
    assert Evaluation([smooth(1, 30), smooth(1, 60)], 5, 6).chunks == 5
    with pytest.raises(TrainingError, match="T3"):
        Evaluation([smooth(1, 20)], 5, 6)
