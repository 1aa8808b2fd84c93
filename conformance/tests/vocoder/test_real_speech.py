"""Speech of real features, against what the deployed vocoder made of them."""

from pathlib import Path

import numpy as np
import pytest

from dred_conformance.comparison import AudioThresholds, compare_audio
from dred_model import ModelBundle
from dred_reference.vocoder import synthesise

WORKING_GROUP = AudioThresholds(0.25, 1.0, 0.15)


@pytest.mark.official_model
@pytest.mark.interop
@pytest.mark.clause("VOC-flow", "VOC-frame", "VOC-continuation", "VOC-output")
@pytest.mark.parametrize("name", ["ls_en_1688_0", "ls_en_2033_0"])
def test_real_features(official_model: ModelBundle, interop_dir: Path, name: str) -> None:
    folder = interop_dir / "compare"
    features = np.fromfile(folder / f"{name}.features.f32", "<f4").reshape(-1, 20)
    reference = np.fromfile(folder / f"{name}.fargan.sw", "<i2")
    found = synthesise(features, official_model.to_reference_vocoder_network())
    assert len(found) == len(reference)
    comparison = compare_audio(reference, found, WORKING_GROUP)
    assert comparison.passed, comparison.measures


@pytest.mark.official_model
@pytest.mark.interop
@pytest.mark.clause("VOC-flow", "VOC-frame")
def test_int8_arithmetic_begins_as_deployed_decoders_do(
    official_model: ModelBundle, interop_dir: Path
) -> None:
    folder = interop_dir / "compare"
    features = np.fromfile(folder / "ls_en_2033_0.features.f32", "<f4").reshape(-1, 20)[:60]
    reference = np.fromfile(folder / "ls_en_2033_0.fargan.sw", "<i2")
    found = synthesise(features, official_model.to_reference_vocoder_network(), "int8")
    assert np.abs(found[:320].astype(int) - reference[:320]).max() <= 3
