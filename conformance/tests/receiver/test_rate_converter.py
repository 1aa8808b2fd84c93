"""Between the rates of output and vocoder."""

import numpy as np
import pytest

from dred_conformance.receiving.rate import RateConverter

PAIRS = [(48000, 16000), (24000, 16000), (16000, 24000), (16000, 48000), (16000, 12000), (16000, 8000)]


def tone(frequency: float, rate: int, count: int) -> np.ndarray:
    return np.sin(2 * np.pi * frequency * np.arange(count) / rate)


@pytest.mark.parametrize(("rate_in", "rate_out"), PAIRS)
def test_a_tone_comes_out_at_its_time(rate_in: int, rate_out: int) -> None:
    converter = RateConverter(rate_in, rate_out, rate_in // 500)
    out = converter.push(tone(1234, rate_in, rate_in // 5))
    assert len(out) == (rate_in // 5 - rate_in // 500) * rate_out // rate_in
    np.testing.assert_allclose(out[200:], tone(1234, rate_out, len(out))[200:], atol=1e-3)


@pytest.mark.parametrize(("rate_in", "rate_out"), PAIRS)
def test_pieces_of_any_length_give_the_same(rate_in: int, rate_out: int) -> None:
    generator = np.random.default_rng(3)
    noise = generator.standard_normal(4000)
    whole = RateConverter(rate_in, rate_out, 32).push(noise)
    cuts = np.sort(generator.integers(0, len(noise), 30))
    converter = RateConverter(rate_in, rate_out, 32)
    pieces = [converter.push(piece) for piece in np.split(noise, cuts)]
    np.testing.assert_allclose(np.concatenate(pieces), whole, atol=1e-12)


def test_what_the_lower_rate_cannot_hold_is_taken_out() -> None:
    out = RateConverter(48000, 16000, 48).push(tone(9500, 48000, 9600))
    assert np.abs(out[100:]).max() < 2e-3


def test_an_edge_narrows_the_band() -> None:
    passed = RateConverter(16000, 16000, 32, 3800).push(tone(3000, 16000, 3200))[100:]
    stopped = RateConverter(16000, 16000, 32, 3800).push(tone(5000, 16000, 3200))[100:]
    assert np.abs(passed).max() > 0.97
    assert np.abs(stopped).max() < 2e-3


def test_the_image_lies_mirrored_above_the_old_band() -> None:
    out = RateConverter(16000, 48000, 32, image_to_hz=15000).push(tone(5000, 16000, 4800))[600:]
    spectrum = np.abs(np.fft.rfft(out * np.hanning(len(out))))
    frequencies = np.fft.rfftfreq(len(out), 1 / 48000)
    assert abs(frequencies[spectrum.argmax()] - 11000) < 10
    assert spectrum[frequencies < 7500].max() < 0.01 * spectrum.max()
