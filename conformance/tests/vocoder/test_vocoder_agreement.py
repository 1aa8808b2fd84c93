"""The two vocoders, written apart, against each other."""

from pathlib import Path

import numpy as np
import pytest

import dred_native
from dred_conformance.comparison.audio import compare_audio
from dred_conformance.differential.built_payloads import native_model
from dred_model import ModelBundle
from dred_reference.vocoder import Vocoder, synthesise


@pytest.mark.official_model
@pytest.mark.interop
@pytest.mark.clause("VOC-flow")
def test_they_are_as_near_to_each_other_as_to_the_real_one(
    official_model: ModelBundle, interop_dir: Path
) -> None:
    file = interop_dir / "compare" / "ls_en_2033_0.features.f32"
    features = np.fromfile(file, "<f4").reshape(-1, 20)[:300]
    ours = synthesise(features, official_model.to_reference_vocoder_network())
    core = dred_native.Vocoder(native_model(official_model)).synthesise(features)
    assert len(core) == len(ours) == 160 * 300
    assert compare_audio(ours, core).passed


@pytest.mark.official_model
@pytest.mark.interop
@pytest.mark.clause("VOC-continuation", "VOC-frame")
def test_the_first_frame_after_past_audio_is_the_same(official_model: ModelBundle, interop_dir: Path) -> None:
    """Both with int8 activations. A rounding that falls the other way costs a little now and then."""
    folder = interop_dir / "compare"
    features = np.fromfile(folder / "ls_en_2033_0.features.f32", "<f4").reshape(-1, 20)
    speech = np.fromfile(folder / "ls_en_2033_0.sw", "<i2") / np.float32(32768)
    network, model = official_model.to_reference_vocoder_network(), native_model(official_model)
    distances = []
    for frame in range(60, 400, 20):
        past = speech[160 * frame : 160 * (frame + 2)].astype(np.float32)
        before = np.ascontiguousarray(features[frame - 3 : frame + 2])
        ours, core = Vocoder(network, "int8"), dred_native.Vocoder(model)
        ours.start(past, before)
        core.start(past, before)
        left, right = ours.frame(features[frame + 2]), core.frame(features[frame + 2])
        distances.append(np.sqrt(np.mean((left - right) ** 2) / np.mean(left**2)))
    assert np.median(distances) < 1e-3
    assert max(distances) < 0.15
