"""The total is what was asked for, although the redundancy costs more or less than the rule thought."""

import numpy as np
import pytest

from dred_conformance.encoding.bitrate_control import BitrateControl


@pytest.mark.parametrize("bias", [0.8, 1.0, 1.2])
@pytest.mark.parametrize("redundancy", [0.5, 1.0, 1.5])
def test_the_mean_is_kept(bias: float, redundancy: float) -> None:
    """The base codec spends `bias` of what it gets, the redundancy costs `redundancy` of what was planned."""
    generator = np.random.default_rng(1)
    control = BitrateControl(32000, 18000, 0.02)
    total = 0
    for _ in range(1000):
        base = round(bias * control.base_bitrate() * 0.02 / 8 * generator.uniform(0.6, 1.4))
        dred = round(redundancy * 14000 * 0.02 / 8 * generator.uniform(0.6, 1.4))
        control.spend(base, dred)
        total += base + dred
    assert 8 * total / 20 == pytest.approx(32000, rel=0.02)


def test_a_pause_does_not_make_the_speech_after_it_swell() -> None:
    control = BitrateControl(32000, 18000, 0.02)
    for _ in range(1000):
        control.spend(3, 0)
    assert control.base_bitrate() <= 27000
    for _ in range(250):
        control.spend(control.base_bitrate() // 400, 35)
    assert control.base_bitrate() == pytest.approx(18000, rel=0.1)


def test_a_debt_leaves_the_base_codec_enough() -> None:
    control = BitrateControl(24000, 14000, 0.02)
    for _ in range(1000):
        control.spend(500, 500)
    assert control.base_bitrate() >= 6000


def test_a_stream_keeps_its_total(encode, speech) -> None:
    _, packets = encode(speech(3.0, 16000), 16000, 40000)
    total = 8 * sum(len(made.data) for made in packets) / (0.02 * len(packets))
    assert total == pytest.approx(40000, rel=0.02)
