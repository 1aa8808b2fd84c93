"""Resampling to 16 kHz, against the difference equation taken sample by sample."""

import math
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dred_conformance.data import data_folder
from dred_reference.errors import WriteError
from dred_reference.resampling import FILTERS, SAMPLING_RATES, Resampler, to_int16_units

FILTERED = [rate for rate in SAMPLING_RATES if rate != 16000]
FULL_SCALE = 32768


def literal(samples: list[int], rate: int) -> list[float]:
    """Direct form II transposed as the note has it: eight memories of which the last stays zero."""
    conversion = FILTERS[rate]
    assert conversion.low_pass
    b0, *b = conversion.low_pass.numerator
    a = conversion.low_pass.denominator
    memory = [0.0] * 8
    outputs = []
    for sample in samples:
        for x in [conversion.up * sample + 1e-30] + [0.0] * (conversion.up - 1):
            y = b0 * x + memory[0]
            for j in range(7):
                memory[j] = memory[j + 1] + b[j] * x - a[j] * y
            outputs.append(y)
    return outputs[:: conversion.down]


def noise(count: int, seed: int = 1) -> NDArray[np.float64]:
    return np.random.default_rng(seed).integers(-32768, 32768, count) / FULL_SCALE


@pytest.mark.clause("ENC-resample-filter", "ENC-resample-stuff", "ENC-resample-decimate")
@pytest.mark.parametrize("rate", FILTERED)
def test_blocks_give_what_the_difference_equation_gives(rate: int) -> None:
    pcm = noise(rate // 10)
    expected = literal(np.rint(pcm * FULL_SCALE).astype(int).tolist(), rate)
    found = Resampler(rate, 1).process(pcm)
    assert found.shape == (1600,)
    assert np.abs(found - expected).max() < 1e-9 * FULL_SCALE
    assert np.abs(found).max() > 10000


@pytest.mark.clause("ENC-resample-filter", "ENC-resample-decimate")
@pytest.mark.parametrize("rate", SAMPLING_RATES)
def test_parts_give_the_same_as_the_whole(rate: int) -> None:
    pcm = noise(rate // 5)
    whole = Resampler(rate, 1).process(pcm)
    resampler = Resampler(rate, 1)
    cuts = [0, rate // 400, rate // 100, rate // 100 + 7, rate // 10 + 1, rate // 5]
    parts = [resampler.process(pcm[start:end]) for start, end in pairwise(cuts)]
    assert np.array_equal(np.concatenate(parts), whole)
    assert [len(part) for part in parts[:2]] == [40, 120]


@pytest.mark.clause("ENC-resample-filter")
@pytest.mark.parametrize(
    ("rate", "edge", "stop"),
    [
        (8000, 3900, 5300),
        (12000, 5800, 7950),
        (24000, 7750, 10450),
        (48000, 7750, 10450),
        (96000, 7750, 11800),
    ],
)
def test_the_filters_are_elliptic_with_a_fifth_of_a_db_and_70_db(rate: int, edge: int, stop: int) -> None:
    """A digit mistyped in a coefficient would leave the ripple or the attenuation that all of them share."""
    conversion = FILTERS[rate]
    assert conversion.low_pass
    nyquist = rate * conversion.up / 2

    def gains(low: float, high: float) -> NDArray[np.float64]:
        assert conversion.low_pass
        delay = np.exp(-1j * np.pi * np.linspace(low, high, 2000) / nyquist)
        numerator = np.polyval(conversion.low_pass.numerator[::-1], delay)
        gain = np.abs(numerator / np.polyval((1, *conversion.low_pass.denominator)[::-1], delay))
        return 20 * np.log10(gain + 1e-12)

    assert -0.202 < gains(0, edge).min() < -0.198
    assert abs(gains(0, edge).max()) < 0.002
    assert -70.3 < gains(stop, nyquist).max() < -69.7


@pytest.mark.clause("ENC-resample-filter")
def test_the_coefficients_are_those_of_the_note_and_read_the_same_from_both_ends() -> None:
    note = (data_folder("spec-notes") / "encoder.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([ABCD]) \| \d+ of \d+ \| ([-0-9. ]+) \| ([-0-9. ]+) \|$", note, re.MULTILINE)
    in_note = {name: tuple(tuple(map(float, part.split())) for part in parts) for name, *parts in rows}
    names = dict(re.findall(r"^\| (\d+) \| \d \| \d \| ([ABCD]|none) \|$", note, re.MULTILINE))
    assert set(map(int, names)) == set(FILTERS)
    for rate in FILTERED:
        low_pass = FILTERS[rate].low_pass
        assert low_pass
        assert (low_pass.numerator, low_pass.denominator) == in_note[names[str(rate)]]
        assert low_pass.numerator == low_pass.numerator[::-1]


@pytest.mark.clause("ENC-resample-stuff", "ENC-resample-decimate")
@pytest.mark.parametrize("rate", SAMPLING_RATES)
def test_a_tone_keeps_its_frequency_and_level(rate: int) -> None:
    time = np.arange(rate // 2) / rate
    output = Resampler(rate, 1).process(0.5 * np.sin(2 * np.pi * 1000 * time))[4000:]
    spectrum = np.abs(np.fft.rfft(output)) / len(output) * 2
    assert spectrum[250] == pytest.approx(0.5 * FULL_SCALE, rel=0.024)  # .2 dB
    assert np.delete(spectrum, 250).max() < 0.001 * FULL_SCALE


@pytest.mark.clause("ENC-resample-round")
def test_halves_are_rounded_to_even_and_loud_samples_are_limited() -> None:
    steps = np.array([0.5, 1.5, -0.5, -1.5, 2.49, 32767.4, 40000, -32768.6, -50000])
    assert to_int16_units(steps / FULL_SCALE, 1).tolist() == [0, 2, 0, -2, 2, 32767, 32767, -32768, -32768]


@pytest.mark.clause("ENC-resample-round")
def test_two_channels_are_averaged_before_they_are_rounded() -> None:
    left, right = np.array([1, 2, 32767, 5]), np.array([2, 1, 32767, -5])
    assert to_int16_units(np.stack([left, right], axis=1) / FULL_SCALE, 2).tolist() == [2, 2, 32767, 0]
    loud = np.full((1, 2), np.finfo(np.float32).max)
    assert to_int16_units(loud, 2).tolist() == [32767]


@pytest.mark.clause("ENC-resample-stuff")
def test_16_khz_stays_as_it_is() -> None:
    pcm = noise(100)
    assert (Resampler(16000, 1).process(pcm) == pcm * FULL_SCALE).all()


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e300])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_sample_that_is_no_finite_number_is_refused(bad: float, channels: int) -> None:
    resampler, other = Resampler(48000, channels), Resampler(48000, channels)
    good = noise(960 * channels).reshape(960, channels)
    spoilt = good.copy()
    spoilt[333, channels - 1] = bad
    resampler.process(good)
    other.process(good)
    with pytest.raises(WriteError, match="sample 333") as caught:
        resampler.process(spoilt)
    assert (caught.value.rule, caught.value.stage) == ("W1", "audio")
    assert (resampler.process(good) == other.process(good)).all()


@pytest.mark.parametrize(
    ("shape", "channels"), [((10, 2), 1), ((10,), 2), ((10, 3), 2), ((2, 5, 1), 1), ((), 1)]
)
def test_another_shape_is_refused(shape: tuple[int, ...], channels: int) -> None:
    with pytest.raises(WriteError, match="shape") as caught:
        Resampler(48000, channels).process(np.zeros(shape))
    assert caught.value.rule == "W1"


@pytest.mark.parametrize(("rate", "channels"), [(44100, 1), (0, 1), (-48000, 1), (48000, 0), (48000, 3)])
def test_another_rate_or_number_of_channels_is_refused(rate: int, channels: int) -> None:
    with pytest.raises(WriteError) as caught:
        Resampler(rate, channels)
    assert caught.value.rule == "W1"


def test_nothing_gives_nothing() -> None:
    for rate in SAMPLING_RATES:
        assert Resampler(rate, 2).process(np.zeros((0, 2))).shape == (0,)


@given(st.lists(st.integers(-32768, 32767), max_size=60), st.sampled_from(FILTERED))
def test_any_short_signal_agrees(samples: list[int], rate: int) -> None:
    pcm = np.array([*samples, *([0] * (rate // 400 - len(samples) % (rate // 400)))]) / FULL_SCALE
    expected = literal(np.rint(pcm * FULL_SCALE).astype(int).tolist(), rate)
    assert np.abs(Resampler(rate, 1).process(pcm) - expected).max() < 1e-9 * FULL_SCALE
