"""Files of features and of speech, good and bad."""

import contextlib
import struct
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dred_conformance.comparison import (
    MissingPackageError,
    RawFormat,
    SignalError,
    read_audio,
    read_features,
)

Array = NDArray[np.float64]


def test_raw_features_are_little_endian_float32(tmp_path: Path) -> None:
    path = tmp_path / "a.f32"
    path.write_bytes(struct.pack("<40f", *range(40)))
    assert read_features(path).tolist() == [list(range(20)), list(range(20, 40))]


@pytest.mark.parametrize("dtype", ["<f4", ">f4", "<f8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_npy_features_of_any_float_are_read(tmp_path: Path, features: Array, dtype: str, order: str) -> None:
    np.save(tmp_path / "a.npy", np.array(features, dtype=dtype, order=order))  # type: ignore[call-overload]
    assert np.array_equal(read_features(tmp_path / "a.npy"), features)
    np.save(tmp_path / "flat.npy", features.ravel())
    assert np.array_equal(read_features(tmp_path / "flat.npy"), features)


@pytest.mark.parametrize(
    ("size", "words"), [(1, "0 frames of 80 bytes and 1 more"), (163, "2 frames of 80 bytes and 3")]
)
def test_features_must_be_whole_frames(tmp_path: Path, size: int, words: str) -> None:
    path = tmp_path / "a.f32"
    path.write_bytes(bytes(size))
    with pytest.raises(SignalError, match=words):
        read_features(path)


def test_an_empty_feature_file_has_no_frames(tmp_path: Path) -> None:
    (tmp_path / "a.f32").write_bytes(b"")
    assert read_features(tmp_path / "a.f32").shape == (0, 20)


@pytest.mark.parametrize(
    "array", [np.zeros((3, 36)), np.zeros(19), np.zeros((2, 20), int), np.zeros((2, 10, 2)), np.zeros(())]
)
def test_other_arrays_are_refused(tmp_path: Path, array: Array) -> None:
    np.save(tmp_path / "a.npy", array)
    with pytest.raises(SignalError, match=r"shape|not floats"):
        read_features(tmp_path / "a.npy")


def test_pickled_objects_are_not_loaded(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{}] * 20, dtype=object), allow_pickle=True)
    with pytest.raises(SignalError, match="not floats"):
        read_features(tmp_path / "a.npy")


def test_a_shape_larger_than_the_file_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((2, 20)))
    data = (tmp_path / "a.npy").read_bytes().replace(b"(2, 20), }  ", b"(1<<40, 20)}")
    (tmp_path / "a.npy").write_bytes(data)
    with pytest.raises(SignalError, match=r"no \.npy file"):
        read_features(tmp_path / "a.npy")
    (tmp_path / "b.npy").write_bytes(data.replace(b"(1<<40, 20)}", b"(9**9, 20)} ").replace(b"9**9", b"9999"))
    with pytest.raises(SignalError, match="do not fill"):
        read_features(tmp_path / "b.npy")


@given(st.binary(max_size=200), st.integers(0, 127), st.binary(max_size=3))
def test_damaged_npy_files_are_errors_of_ours(
    tmp_path_factory: pytest.TempPathFactory, tail: bytes, at: int, change: bytes
) -> None:
    path = tmp_path_factory.mktemp("damaged", numbered=True) / "a.npy"
    np.save(path, np.zeros((1, 20), dtype="<f4"))
    data = path.read_bytes()
    for damaged in (data[:at] + change + data[at + len(change) :], data[:at] + tail):
        path.write_bytes(damaged)
        with contextlib.suppress(SignalError):
            assert read_features(path).shape[1] == 20


def test_the_three_raw_formats_hold_the_same_speech(tmp_path: Path) -> None:
    samples = np.array([0, 1, -1, 32767, -32768, 12345])
    (tmp_path / "a.sw").write_bytes(samples.astype("<i2").tobytes())
    (tmp_path / "a.s24").write_bytes(
        b"".join((256 * int(x)).to_bytes(3, "little", signed=True) for x in samples)
    )
    (tmp_path / "a.f32").write_bytes((samples / 32768).astype("<f4").tobytes())
    for name in ("a.sw", "a.s24", "a.f32"):
        assert read_audio(tmp_path / name).tolist() == samples.tolist()
    assert read_audio(tmp_path / "a.sw", skip=2).tolist() == samples[2:].tolist()
    assert read_audio(tmp_path / "a.sw", skip=99).size == 0
    assert read_audio(tmp_path / "a.f32", RawFormat.S16).size == 12


@pytest.mark.parametrize(("name", "size"), [("a.sw", 3), ("a.s24", 4), ("a.f32", 6)])
def test_half_a_sample_is_an_error(tmp_path: Path, name: str, size: int) -> None:
    (tmp_path / name).write_bytes(bytes(size))
    with pytest.raises(SignalError, match="no whole number of samples"):
        read_audio(tmp_path / name)


@pytest.mark.parametrize("name", ["missing.sw", "."])
def test_what_cannot_be_opened_is_an_error(tmp_path: Path, name: str) -> None:
    for read in (read_audio, read_features):
        with pytest.raises(SignalError, match="cannot be read"):
            read(tmp_path / name)


def test_a_file_beyond_the_limit_is_an_error(tmp_path: Path) -> None:
    with (tmp_path / "a.sw").open("wb") as file:
        file.truncate(8 * 16000 * 600 + 1)
    with pytest.raises(SignalError, match="larger than"):
        read_audio(tmp_path / "a.sw")


def write_wav(path: Path, samples: NDArray[np.int16], rate: int = 16000, channels: int = 1) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())


def test_wav_without_soundfile_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "soundfile", None)
    write_wav(tmp_path / "a.wav", np.zeros(10, dtype=np.int16))
    with pytest.raises(MissingPackageError, match=r'pip install "opus-dred-reference\[audio\]"'):
        read_audio(tmp_path / "a.wav")


def test_wav_and_flac_hold_int16_exactly(tmp_path: Path) -> None:
    soundfile = pytest.importorskip("soundfile", exc_type=ImportError)
    samples = np.array([0, 1, -1, 32767, -32768, 777], dtype=np.int16)
    write_wav(tmp_path / "wav_by_content.sw", samples)
    soundfile.write(tmp_path / "a.flac", samples, 16000, subtype="PCM_16")
    for name in ("wav_by_content.sw", "a.flac"):
        assert read_audio(tmp_path / name).tolist() == samples.tolist()
    assert read_audio(tmp_path / "wav_by_content.sw", RawFormat.S16).size > samples.size


@pytest.mark.parametrize(("rate", "channels"), [(48000, 1), (16000, 2), (8000, 1)])
def test_another_rate_or_more_channels_are_errors(tmp_path: Path, rate: int, channels: int) -> None:
    pytest.importorskip("soundfile", exc_type=ImportError)
    write_wav(tmp_path / "a.wav", np.zeros(800, dtype=np.int16), rate, channels)
    with pytest.raises(SignalError, match=f"{rate} Hz, {channels} channels"):
        read_audio(tmp_path / "a.wav")


@pytest.mark.parametrize("keep", [12, 20, 40])
def test_a_damaged_wav_is_an_error_or_short(tmp_path: Path, keep: int) -> None:
    pytest.importorskip("soundfile", exc_type=ImportError)
    write_wav(tmp_path / "a.wav", np.zeros(800, dtype=np.int16))
    (tmp_path / "a.wav").write_bytes((tmp_path / "a.wav").read_bytes()[:keep])
    with pytest.raises(SignalError, match="no readable WAV or FLAC"):
        read_audio(tmp_path / "a.wav")
