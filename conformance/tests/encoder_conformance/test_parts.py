"""The parts of the checks with input, each by itself and without any model."""

from pathlib import Path

import numpy as np
import pytest

from dred_conformance.comparison.errors import SignalError
from dred_conformance.encoder_conformance.alignment import Track, estimate_delay
from dred_conformance.encoder_conformance.analysis import speech_of
from dred_conformance.encoder_conformance.checks.silence import judge_silence
from dred_conformance.encoder_conformance.feature_error import ErrorByAge
from dred_conformance.encoder_conformance.signals import SIGNALS, made_signal
from dred_conformance.encoder_conformance.sound import Sound, read_sound, resampled, wav_bytes
from dred_conformance.encoder_conformance.speech import LEAD_UNITS, FeatureGrid
from dred_conformance.encoder_conformance.stream import EncodedStream
from dred_conformance.runner.verdict import Verdict


def wandering(units: int, seed: int) -> np.ndarray:
    """Return features that change slowly, as those of speech do."""
    steps = np.random.default_rng(seed).normal(0, 0.3, (units + 40, 20))
    smooth = np.apply_along_axis(lambda column: np.convolve(column, np.hanning(24), "same"), 0, steps)
    return smooth[20 : 20 + units]


def tracks(values: np.ndarray, shift: int, noise: float) -> list[Track]:
    generator = np.random.default_rng(9)
    found = []
    for packet in range(30):
        newest = 200 + 8 * packet
        rows = newest - 4 * np.arange(30) + shift + LEAD_UNITS
        found.append(Track(packet, newest, values[rows] + generator.normal(0, noise, (30, 20))))
    return found


@pytest.mark.parametrize("shift", [-48, -8, -1, 0, 1, 5, 60])
def test_a_delay_is_found_through_noise(shift: int) -> None:
    values = wandering(700, 3)
    delay = estimate_delay(tracks(values, shift, 0.5), FeatureGrid(values), 64)
    assert delay is not None
    assert delay.units == shift
    assert delay.refined == pytest.approx(shift, abs=0.3)
    assert delay.contrast < 0.8


def test_what_is_not_there_is_not_found() -> None:
    delay = estimate_delay(tracks(wandering(700, 3), 0, 0.0), FeatureGrid(wandering(700, 4)), 64)
    assert delay is not None
    assert delay.contrast > 0.8


def test_too_little_to_tell() -> None:
    values = wandering(700, 3)
    short = [Track(0, 200, values[:4])]
    assert estimate_delay(short, FeatureGrid(values), 64) is None
    assert estimate_delay([], FeatureGrid(values), 64) is None


def test_errors_fall_into_their_span_of_age() -> None:
    reference, decoded = np.zeros((104, 20)), np.zeros((104, 20))
    decoded[15:20, 0] = 3.0  # 150 to 200 ms
    decoded[25, 18] = 0.5  # 250 ms, pitch
    reference[:, 19] = decoded[:, 19] = 0.4
    sums = ErrorByAge(has_pitch=True)
    counted = np.ones(104, dtype=bool)
    counted[19] = False
    sums.add(reference, decoded, counted)
    spans = sums.spans()
    assert [span.frames for span in spans] == [10, 9, 20, 30, 34]
    assert spans[0].cepstral_rms == spans[2].cepstral_rms == 0
    assert spans[1].cepstral_rms == pytest.approx(np.sqrt(4 * 9 / (9 * 18)))
    assert spans[1].total == pytest.approx(2.0)
    assert spans[2].pitch_octaves == pytest.approx(0.5 / 20)
    assert spans[2].total == 0


@pytest.mark.parametrize("rate", [8000, 12000, 24000, 44100, 48000])
def test_resampling_delays_nothing(rate: int) -> None:
    time = np.arange(rate) / rate
    tone = np.sin(2 * np.pi * 440 * time) * np.hanning(rate)
    found = resampled(tone, rate, 16000)
    wanted = np.sin(2 * np.pi * 440 * np.arange(16000) / 16000) * np.interp(
        np.arange(16000) / 16000, time, np.hanning(rate)
    )
    assert len(found) == 16000
    assert np.abs(found - wanted).max() < 2e-3


def test_silence_is_told_before_resampling() -> None:
    samples = np.ones((48000, 1)) * 0.1
    samples[12000:24000] = 0
    speech = speech_of(Sound(samples, 48000), 0.0, None)
    assert np.flatnonzero(speech.silent[:400])[[0, -1]].tolist() == [100, 199]
    assert not speech.has_pitch
    delayed = speech_of(Sound(samples, 48000), 6.5, None)
    # 2.6 units later: what overlaps with sound is not silent
    assert np.flatnonzero(delayed.silent[3:400])[[0, -1]].tolist() == [100, 198]


def test_an_input_without_silence_is_no_case_for_the_check() -> None:
    speech = speech_of(Sound(np.full((16000, 1), 0.1), 16000), 6.5, None)
    found = judge_silence(EncodedStream("s", Path("s"), "bit", ()), speech)
    assert found.verdict is Verdict.UNSUPPORTED


@pytest.mark.parametrize("name", SIGNALS)
def test_signals_are_speech_like_and_the_same_every_time(name: str) -> None:
    signal = made_signal(name, 16000, 2)
    assert np.array_equal(signal.samples, made_signal(name, 16000, 2).samples)
    assert signal.samples.shape[1] == 2
    assert 0.2 < np.abs(signal.samples).max() <= 0.3001
    assert 0.2 < np.mean(signal.samples == 0) < 0.3
    assert np.array_equal(signal.samples * 32768, np.round(signal.samples * 32768))


def test_sounds_are_read(tmp_path: Path) -> None:
    samples = np.array([[1, -2], [300, 4], [-32768, 32767]], dtype=np.int16)
    raw, wav = tmp_path / "a.sw", tmp_path / "a.wav"
    raw.write_bytes(samples.tobytes())
    wav.write_bytes(wav_bytes(samples, 24000))
    for path in (raw, wav):
        found = read_sound(path, 24000, 2)
        assert found.rate == 24000
        assert np.array_equal(found.samples * 32768, samples)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.sw", b"", "no sample"),
        ("a.sw", b"abc", "no whole number"),
        ("a.wav", b"RIFFxxxx", "no readable"),
        ("a.flac", b"", "no readable"),
    ],
)
def test_sounds_that_cannot_be_read(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(SignalError, match=said):
        read_sound(path)
