"""What a packet says about the time of its redundancy is true: there the audio has the decoded features."""

from collections.abc import Sequence

import numpy as np
import pytest

from dred_conformance.decoding.features import PacketFeatures
from dred_conformance.encoding import (
    RateRequest,
    RedundantPackets,
    Stopwatch,
    add_redundancy,
    make_rule,
    read_speech,
    strip_dred,
    wire_to_write,
)
from dred_conformance.encoding.model import encoder_model
from dred_reference.analysis import PitchTracker, extract_features
from dred_reference.feature import FeatureDecoder
from dred_reference.wire import WIRE_PROFILES

from ..conftest import SHARED  # noqa: TID252

WIRE = WIRE_PROFILES["experimental-12"]
LAGS = range(-6, 7)
pytestmark = pytest.mark.official_model


def best_lag(opus, decoder: PacketFeatures, packets: Sequence[bytes], packet_units: int) -> int:
    """Return the units of 2.5 ms by which features must be moved to fit the audio of the packets best."""
    receiver = opus.Decoder(16000, 1)
    pcm = np.concatenate([receiver.decode_float(packet) for packet in packets]).astype(np.float64) * 32768
    by_phase = []
    for phase in range(4):
        samples = pcm[40 * phase :]
        frames = extract_features(samples[: len(samples) // 160 * 160], PitchTracker())
        by_phase.append(frames[:, :18])
    errors = dict.fromkeys(LAGS, 0.0)
    compared = 0
    step = max(1, 56 // packet_units)
    for index in range(len(packets) // 2, len(packets), step):
        found = decoder.decode(packets[index], None)
        if found is None:
            continue
        for row, values in enumerate(found.values[:12]):
            end = packet_units * index + found.payload.offset - 4 * row
            places = [((end + lag) % 4, (end + lag) // 4 - 1) for lag in LAGS]
            if any(not 0 <= frame < len(by_phase[phase]) for phase, frame in places):
                continue
            compared += 1
            for lag, (phase, frame) in zip(LAGS, places, strict=True):
                errors[lag] += float(np.sum((by_phase[phase][frame] - values[:18]) ** 2))
    assert compared > 50
    return min(errors, key=errors.__getitem__)


@pytest.fixture(scope="module")
def official(official_model):
    return encoder_model(official_model)


@pytest.fixture(scope="module")
def decoder(official_model) -> PacketFeatures:
    network = FeatureDecoder(official_model.to_reference_network(), "float64")
    return PacketFeatures(network, official_model.tables.to_reference_tables(), WIRE)


@pytest.fixture(scope="module")
def clip():
    path = SHARED / "speech" / "eval" / "ls_en_1688_0.flac"
    if not path.is_file():
        pytest.skip(f"{path} is missing")
    return read_speech(path).samples[16000:40000]


@pytest.mark.clause("ENC-offset-start", "ENC-offset-step")
@pytest.mark.parametrize(
    ("duration", "application", "bitrate"),
    [(20.0, "voip", 64000), (20.0, "lowdelay", 96000), (60.0, "voip", 64000)],
)
def test_encoded_streams(encode, opus, official, decoder, clip, duration, application, bitrate) -> None:
    _, packets = encode(
        clip, 16000, bitrate, of=official, duration_ms=duration, application=application, data_bytes=60,
        redundancy_ms=200,
    )  # fmt: skip
    lag = best_lag(opus, decoder, [made.data for made in packets], round(duration / 2.5))
    assert abs(lag) <= 1


@pytest.mark.parametrize("duration", [20.0, 60.0])
def test_streams_with_dred_added(encode, opus, official, decoder, clip, duration: float) -> None:
    _, packets = encode(clip, 16000, 64000, of=official, duration_ms=duration, redundancy_ms=0)
    plain = [strip_dred(made.data) for made in packets]
    request = RateRequest(128000, duration, redundancy_ms=200, data_bytes=60)
    adder = RedundantPackets(
        official.tables, make_rule("ours", request, official), wire_to_write(None, official), WIRE.prefix,
        stopwatch=Stopwatch(),
    )  # fmt: skip
    made = add_redundancy(plain, official, adder, stopwatch=Stopwatch())
    carrying = [new.data if new else old for new, old in zip(made, plain, strict=True)]
    assert abs(best_lag(opus, decoder, carrying, round(duration / 2.5))) <= 1
