"""The native vocoder: against a plain one, against the real one, and against what it must refuse."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import dred_native
from dred_conformance.comparison.audio import compare_audio
from dred_conformance.differential.built_payloads import native_model
from dred_model import ModelBundle, named_synthetic_model

from .native_vocoder_models import Arrays, speech_features, vocoder_arrays, vocoder_model
from .plain_fargan import PlainFargan

PATHS = dred_native.simd_paths()
SILENCE = np.zeros(320, np.float32)
LOUDEST = np.exp(20) / (1 - 0.85)


def speech(count: int, seed: int = 5) -> NDArray[np.float32]:
    return np.random.default_rng(seed).uniform(-0.5, 0.5, count).astype(np.float32)


@pytest.fixture(scope="module")
def arrays() -> Arrays:
    return vocoder_arrays(7)


@pytest.fixture(scope="module")
def model(arrays: Arrays) -> dred_native.Model:
    return vocoder_model(arrays)


@pytest.fixture(scope="module")
def official(official_model: ModelBundle) -> dred_native.Model:
    return native_model(official_model)


@pytest.mark.clause("VOC-net-weights", "VOC-period", "VOC-conditioning", "VOC-gain", "VOC-prediction")
@pytest.mark.clause("VOC-hidden", "VOC-gru", "VOC-skip", "VOC-output", "VOC-frame", "VOC-continuation")
@pytest.mark.parametrize("path", PATHS)
def test_native_frames_are_those_of_a_plain_vocoder(
    arrays: Arrays, model: dred_native.Model, path: str
) -> None:
    vocoder, plain = dred_native.Vocoder(model, path), PlainFargan(arrays)
    features = speech_features(19, 1)
    for first in (0, 10):  # the second time recurrent layers go on from where they are
        past = speech(320, first)
        vocoder.start(past, features[first : first + 5])
        plain.start(past, features[first : first + 5])
        for row in features[first + 5 : first + 9]:
            wanted, found = plain.frame(row), vocoder.frame(row)
            assert np.sqrt(np.mean(wanted**2)) > 0.1
            # Where exp rounds in another way an activation may come out 1/127 apart.
            assert np.median(np.abs(found - wanted)) < 1e-5
            assert np.max(np.abs(found - wanted)) < 0.02


@pytest.mark.clause("VOC-flow", "VOC-integer")
def test_native_file_is_its_frames(model: dred_native.Model) -> None:
    features = speech_features(6, 2)
    vocoder = dred_native.Vocoder(model)
    vocoder.start(SILENCE, np.repeat(features[:1], 5, axis=0))
    rows = [*features[1:], features[-1], features[-1]]
    made = np.concatenate([vocoder.frame(row) for row in rows])[80:-80]
    wanted = np.floor(np.float32(0.5) + np.clip(np.float32(32768) * made, -32767, 32767))
    found = dred_native.Vocoder(model).synthesise(features)
    assert found.dtype == np.int16
    assert np.array_equal(found, wanted)
    assert np.ptp(found.astype(int)) > 1000


def test_native_file_of_one_frame_and_of_none(model: dred_native.Model) -> None:
    vocoder = dred_native.Vocoder(model)
    assert vocoder.synthesise(speech_features(1, 3)).shape == (160,)
    assert vocoder.synthesise(np.zeros((0, 20), np.float32)).shape == (0,)


def test_native_file_leaves_the_state_alone(model: dred_native.Model) -> None:
    features = speech_features(6, 4)
    left, right = dred_native.Vocoder(model), dred_native.Vocoder(model)
    for vocoder in (left, right):
        vocoder.start(speech(320), features[:5])
    left.synthesise(features)
    assert np.array_equal(left.frame(features[5]), right.frame(features[5]))


@pytest.mark.clause("VOC-continuation")
def test_native_states_go_on_until_they_are_reset(model: dred_native.Model) -> None:
    features = speech_features(6, 5)
    fresh, used, reset = (dred_native.Vocoder(model) for _ in range(3))
    for vocoder in (used, reset):
        vocoder.start(speech(320, 8), speech_features(5, 9))
        vocoder.frame(features[0])
    reset.reset()
    first = []
    for vocoder in (fresh, used, reset):
        vocoder.start(speech(320), features[:5])
        first.append(vocoder.frame(features[5]))
    assert np.array_equal(first[0], first[2])
    assert not np.array_equal(first[0], first[1])


@pytest.mark.clause("VOC-continuation", "VOC-frame")
def test_native_prediction_never_uses_the_fifth_period(model: dred_native.Model) -> None:
    features = speech_features(6, 6)
    # Periods of 31 and of 16 samples condition alike, but they would predict in different ways.
    features[4, 18] = np.log2(256 / 31) - 1.5
    changed = features.copy()
    changed[4, 18] = np.log2(256 / 16) - 1.5
    arrays = vocoder_arrays(7)
    weights = arrays["cond_net_fdense1_weights_float"].reshape(32, 64).copy()
    weights[18] = 0  # nor does the number itself tell
    deaf = vocoder_model(arrays | {"cond_net_fdense1_weights_float": weights.reshape(-1)})
    made = []
    for rows in (features, changed):
        vocoder = dred_native.Vocoder(deaf)
        vocoder.start(speech(320), rows[:5])
        made.append(vocoder.frame(rows[5]))
    assert np.array_equal(made[0], made[1])
    features[3, 18], changed[3, 18] = features[4, 18], changed[4, 18]
    changed[4, 18] = features[4, 18]
    made = []
    for rows in (features, changed):
        vocoder = dred_native.Vocoder(deaf)
        vocoder.start(speech(320), rows[:5])
        made.append(vocoder.frame(rows[5]))
    assert not np.array_equal(made[0], made[1])


@pytest.mark.skipif(len(PATHS) == 1, reason="this processor has the portable path only")
def test_native_paths_make_the_same_samples(model: dred_native.Model) -> None:
    features = speech_features(40, 10)
    made = [dred_native.Vocoder(model, path).synthesise(features) for path in PATHS]
    assert all(np.array_equal(each, made[0]) for each in made)


@pytest.mark.clause("VOC-period")
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("value", [0.0, 1e3, -1e3, 3e38, -3e38, 1e-40])
def test_native_extremes_stay_numbers(model: dred_native.Model, path: str, value: float) -> None:
    vocoder = dred_native.Vocoder(model, path)
    features = np.full((6, 20), value, np.float32)
    vocoder.start(np.clip(np.full(320, value, np.float32), -1e6, 1e6), features[:5])
    made = np.concatenate([vocoder.frame(features[5]) for _ in range(20)])
    assert np.isfinite(made).all()
    assert np.abs(made[-160:]).max() < LOUDEST
    assert np.abs(vocoder.synthesise(features).astype(int)).max() <= 32767


@pytest.mark.parametrize("size", [1e-30, 1e30])
def test_native_hostile_weights_stay_numbers(arrays: Arrays, size: float) -> None:
    changed = {
        name: (array * np.float32(size)).astype(np.float32) if array.dtype == np.float32 else array
        for name, array in arrays.items()
    }
    vocoder = dred_native.Vocoder(vocoder_model(changed))
    features = speech_features(8, 11)
    vocoder.start(speech(320), features[:5])
    made = np.concatenate([vocoder.frame(row) for row in features])
    assert np.isfinite(made).all()
    assert np.abs(made).max() < LOUDEST


def refused(action: Callable[[], Any]) -> dred_native.DredError:
    with pytest.raises(dred_native.DredError) as caught:
        action()
    assert caught.value.stage == "audio"
    return caught.value


def test_native_refuses_other_counts_and_what_is_no_number(model: dred_native.Model) -> None:
    vocoder = dred_native.Vocoder(model)
    features = speech_features(6, 12)
    assert refused(lambda: vocoder.frame(features[5])).rule == "W1"  # speech begins with its past
    for past, rows in [
        (SILENCE[1:], features[:5]),
        (SILENCE, features[:4]),
        (SILENCE, features[:5, :19].copy()),
    ]:
        error = refused(lambda past=past, rows=rows: vocoder.start(past, rows))  # type: ignore[misc]
        assert (error.rule, error.position) == ("N3", None)
    assert refused(lambda: vocoder.synthesise(features[:, :18].copy())).rule == "N3"
    for bad in (np.nan, np.inf, -np.inf):
        broken = features.copy()
        broken[1, 3] = bad
        past = SILENCE.copy()
        past[17] = bad
        assert refused(lambda past=past: vocoder.start(past, features[:5])).position == 17  # type: ignore[misc]
        assert refused(lambda rows=broken: vocoder.start(SILENCE, rows[:5])).position == 343  # type: ignore[misc]
        assert refused(lambda rows=broken: vocoder.synthesise(rows)).position == 23  # type: ignore[misc]
    vocoder.start(SILENCE, features[:5])
    before = dred_native.Vocoder(model)
    before.start(SILENCE, features[:5])
    assert refused(lambda: vocoder.frame(features[5, :19].copy())).rule == "N3"
    assert refused(lambda: vocoder.frame(np.full(20, np.nan, np.float32))).position == 0
    assert np.array_equal(vocoder.frame(features[5]), before.frame(features[5]))


def test_native_refuses_other_types(model: dred_native.Model) -> None:
    vocoder = dred_native.Vocoder(model)
    with pytest.raises(TypeError):
        vocoder.synthesise(np.zeros((3, 20)))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        vocoder.synthesise(np.zeros(20, np.float32))
    with pytest.raises(TypeError):
        vocoder.start(SILENCE.reshape(2, 160), np.zeros((5, 20), np.float32))


def test_native_models_without_vocoder(model: dred_native.Model) -> None:
    assert model.has_vocoder
    assert not model.has_network
    for other in (vocoder_model(None), native_model(named_synthetic_model("synthetic-3-1x1-net8x8x8x8"))):
        assert not other.has_vocoder
        assert refused(lambda other=other: dred_native.Vocoder(other)).rule == "N1"  # type: ignore[misc]
    assert dred_native.Vocoder(model).path == PATHS[-1]
    with pytest.raises(dred_native.DredError, match="W1"):
        dred_native.Vocoder(model, "mmx")


@pytest.mark.clause("VOC-net-weights")
@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("sig_net_gru2_input_weights_int8", lambda array: None, "no int8 weights"),
        ("sig_net_gru2_input_weights_int8", lambda array: array[8:], "another size"),
        ("sig_net_gru2_input_weights_int8", lambda array: np.full_like(array, -128), "-128"),
        ("sig_net_skip_dense_scale", lambda array: None, "no scales"),
        ("sig_net_skip_dense_scale", lambda array: array[1:], "another size"),
        ("sig_net_skip_dense_bias", lambda array: np.full_like(array, np.nan), "finite"),
        ("cond_net_pembed_weights_float", lambda array: None, "no float weights"),
        ("cond_net_pembed_weights_float", lambda array: array[12:], "another size"),
    ],
)
def test_native_refuses_other_layers(
    arrays: Arrays, name: str, change: Callable[[NDArray[Any]], NDArray[Any] | None], message: str
) -> None:
    changed = arrays | {name: change(arrays[name])}
    other = vocoder_model({key: array for key, array in changed.items() if array is not None})
    error = refused(lambda: dred_native.Vocoder(other))
    assert error.rule == "N1"
    assert message in error.message
    assert name.startswith(error.message.split(":")[0])


def test_native_bench_counts_its_frames(model: dred_native.Model) -> None:
    measured = dred_native.bench_vocoder(speech_features(5, 13), model, 2, PATHS[0])
    assert measured["frames"] == 10
    assert measured["seconds"] > 0
    assert 800_000 < measured["network_bytes"] < 1_000_000
    with pytest.raises(dred_native.DredError, match="repeats"):
        dred_native.bench_vocoder(speech_features(5, 13), model, 0)


@pytest.mark.official_model
@pytest.mark.interop
@pytest.mark.clause("VOC-flow")
@pytest.mark.parametrize("clip", ["ls_en_1688_0", "ls_en_2033_0"])
def test_native_speech_is_within_the_marks_of_the_real_vocoder(
    official: dred_native.Model, interop_dir: Path, clip: str
) -> None:
    folder = interop_dir / "compare"
    features = np.fromfile(folder / f"{clip}.features.f32", "<f4").reshape(-1, 20)
    real = np.fromfile(folder / f"{clip}.fargan.sw", "<i2")
    made = dred_native.Vocoder(official).synthesise(features)
    assert len(made) == len(real)
    found = {measure.name: measure.value for measure in compare_audio(real, made).measures}
    assert found["err4"] <= 0.25
    assert found["err16"] <= 1.0
    assert found["pitch"] <= 0.15


@pytest.mark.official_model
@pytest.mark.skipif(len(PATHS) == 1, reason="this processor has the portable path only")
def test_native_official_paths_make_the_same_samples(official: dred_native.Model) -> None:
    features = speech_features(30, 14)
    made = [dred_native.Vocoder(official, path).synthesise(features) for path in PATHS]
    assert np.array_equal(made[0], made[1])


@pytest.mark.official_model
@pytest.mark.parametrize("value", [0.0, 30.0, -30.0, 3e38, -3e38])
def test_native_official_extremes_are_bounded(official: dred_native.Model, value: float) -> None:
    vocoder = dred_native.Vocoder(official)
    features = np.full((20, 20), value, np.float32)
    vocoder.start(SILENCE, features[:5])
    made = np.concatenate([vocoder.frame(row) for row in features])
    assert np.isfinite(made).all()
    assert np.abs(made).max() < 100
