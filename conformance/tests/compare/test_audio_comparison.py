"""What the comparison of speech must give where that can be known beforehand."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_conformance.comparison import AudioThresholds, SignalError, TruncatedError, compare_audio

Array = NDArray[np.float64]


def tone(hertz: float, samples: int, amplitude: float = 8000) -> Array:
    return amplitude * np.sin(2 * np.pi * hertz * np.arange(samples) / 16000)


def test_identical_speech_passes_with_zero(speech: Array) -> None:
    comparison = compare_audio(speech, speech)
    assert (comparison.err4, comparison.err16, comparison.pitch) == (0, 0, 0)
    assert comparison.passed
    assert (comparison.samples, comparison.frames, comparison.voiced_frames) == (8000, 47, 43)
    assert comparison.first_frame_above is None


def test_opposite_periodicity_gives_a_pitch_error_of_two() -> None:
    """At the period of 100 Hz, a tone of 50 Hz is as negatively correlated as the reference is positively."""
    comparison = compare_audio(tone(100, 8000), tone(50, 8000))
    lags = comparison.periodicity.lags
    assert set(lags[2:45]) == {160}
    assert np.isnan(lags[[0, 1, 45, 46]]).all()
    assert comparison.pitch == pytest.approx(2, abs=0.02)


def test_noise_is_not_periodic(speech: Array) -> None:
    noise = np.random.default_rng(5).normal(scale=2000, size=8000)
    assert compare_audio(speech, noise).pitch == pytest.approx(1, abs=0.2)
    assert compare_audio(noise, speech).voiced_frames == 0


def test_a_louder_candidate_is_louder_in_every_band(speech: Array) -> None:
    comparison = compare_audio(speech, 2 * speech)
    assert (comparison.band_difference > 0).all()
    assert comparison.pitch == pytest.approx(0, abs=1e-5)
    assert (compare_audio(2 * speech, speech).band_difference < 0).all()


def test_an_error_in_one_band_stands_out_in_that_band(speech: Array) -> None:
    comparison = compare_audio(speech, speech + tone(5200, 8000, 2000))
    assert int(np.argmax(comparison.band_err4)) == 14  # 4800 to 5600 Hz
    assert int(np.argmax(comparison.band_err16)) == 14
    assert comparison.err4 < comparison.band_err4[14]


def test_an_error_in_one_place_stands_out_there(speech: Array) -> None:
    candidate = speech.copy()
    candidate[4000:4200] += tone(3000, 200)
    comparison = compare_audio(speech, candidate)
    assert comparison.worst_frame in range(21, 27)  # the frames that hold sample 4000
    first = comparison.first_frame_above
    assert first is not None
    assert 10 < first.frame <= comparison.worst_frame


def test_own_errors_of_frames_make_up_the_figures(speech: Array) -> None:
    comparison = compare_audio(speech, speech + np.random.default_rng(6).normal(scale=200, size=8000))
    err4, err16, pitch = comparison.measures
    assert comparison.err4 == pytest.approx(np.mean(err4.frame_errors**4) ** (1 / 4))
    assert comparison.err16 == pytest.approx(np.mean(err16.frame_errors**16) ** (1 / 16))
    assert comparison.pitch == pytest.approx(np.nanmean(pitch.frame_errors))


def test_errors_shrink_with_the_root_of_the_length() -> None:
    """The same periodic error in a file four times as long has half the figures, but for the ends."""
    short = compare_audio(tone(100, 16000), tone(100, 16000) + tone(1000, 16000, 500))
    long = compare_audio(tone(100, 64000), tone(100, 64000) + tone(1000, 64000, 500))
    assert long.err4 == pytest.approx(short.err4 * math.sqrt(short.frames / long.frames), rel=0.02)
    assert long.err16 == pytest.approx(short.err16 * math.sqrt(short.frames / long.frames), rel=0.02)


def test_a_longer_candidate_is_cut_to_the_reference(speech: Array) -> None:
    noisy = speech + np.random.default_rng(7).normal(scale=100, size=8000)
    whole = compare_audio(speech, noisy)
    longer = compare_audio(speech, np.concatenate([noisy, np.full(160, np.nan)]))
    assert [each.value for each in longer.measures] == [each.value for each in whole.measures]
    assert longer.extra_samples == 160


def test_a_shorter_candidate_is_truncated(speech: Array) -> None:
    with pytest.raises(TruncatedError, match=r"7999 samples, the reference has 8000") as caught:
        compare_audio(speech, speech[:-1])
    assert (caught.value.unit, caught.value.reference_count, caught.value.candidate_count) == (
        "samples",
        8000,
        7999,
    )


def test_samples_after_the_last_whole_step_are_not_looked_at(speech: Array) -> None:
    noisy = speech + np.random.default_rng(8).normal(scale=100, size=8000)
    changed = noisy.copy()
    changed[-1] += 1000
    longer = compare_audio(np.append(speech, np.zeros(159)), np.append(noisy, np.full(159, 9e3)))
    assert longer.frames == 47
    assert longer.err4 == compare_audio(speech, noisy).err4
    assert longer.err4 != compare_audio(speech, changed).err4


@pytest.mark.parametrize("samples", [640, 800, 960, 1120, 1280])
def test_a_few_frames_are_enough_for_err4_but_not_for_pitch(speech: Array, samples: int) -> None:
    part = speech[:samples]
    comparison = compare_audio(part, part + 5)
    assert comparison.frames == samples // 160 - 3
    assert math.isfinite(comparison.err4)
    assert comparison.voiced_frames == max(0, comparison.frames - 4)


def test_digital_silence_fails_for_want_of_a_voiced_frame() -> None:
    silence = np.zeros(4000)
    comparison = compare_audio(silence, silence)
    assert (comparison.err4, comparison.err16) == (0, 0)
    assert math.isnan(comparison.pitch)
    assert not comparison.passed
    assert len(comparison.reasons) == 1
    assert comparison.reasons[0].startswith("no voiced frame")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e30])
def test_a_candidate_with_a_sample_that_is_no_number_fails(speech: Array, value: float) -> None:
    candidate = speech.copy()
    candidate[3200] = value
    comparison = compare_audio(speech, candidate)
    assert not comparison.passed
    assert all(math.isnan(each.value) for each in comparison.measures)
    assert "the first is sample 3200" in comparison.reasons[0]
    touched = np.flatnonzero(np.isinf(comparison.measures[0].frame_errors))
    assert touched.tolist() == [17, 18, 19, 20]  # frame i covers the samples 160 i to 160 i + 639
    first = comparison.first_frame_above
    assert first is not None
    assert first.frame <= 17


def test_a_reference_that_is_no_number_is_an_error(speech: Array) -> None:
    damaged = speech.copy()
    damaged[7] = np.nan
    with pytest.raises(SignalError, match="sample 7 is nan"):
        compare_audio(damaged, speech)


@pytest.mark.parametrize(
    ("samples", "words"), [(0, "fewer"), (639, "639 samples"), (9_600_001, "longer than 600 s")]
)
def test_too_short_and_too_long_references_are_errors(samples: int, words: str) -> None:
    with pytest.raises(SignalError, match=words):
        compare_audio(np.zeros(samples), np.zeros(10))


def test_two_channels_are_an_error(speech: Array) -> None:
    with pytest.raises(SignalError, match="one channel"):
        compare_audio(speech.reshape(-1, 2), speech)


def test_the_default_thresholds_are_those_of_the_vocoder() -> None:
    assert AudioThresholds() == AudioThresholds(0.25, 1.0, 0.15)
