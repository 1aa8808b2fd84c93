"""Features of real speech, against those that the deployed extractor made of it."""

from pathlib import Path

import numpy as np
import pytest

from dred_conformance.comparison import FeatureThresholds, compare_features
from dred_model import ModelBundle
from dred_reference.analysis import NetworkPitch, extract_features

LIMITS = FeatureThresholds(0.02, 0.02, 0.001)


@pytest.mark.official_model
@pytest.mark.interop
@pytest.mark.clause("FEAT-frame", "FEAT-spectrum", "FEAT-bands", "FEAT-log", "FEAT-dct", "FEAT-correlation")
@pytest.mark.parametrize("name", ["ls_en_1688_0", "ls_en_2033_0"])
@pytest.mark.parametrize("profile", ["float64", "int8"])
def test_real_speech(official_model: ModelBundle, interop_dir: Path, name: str, profile: str) -> None:
    folder = interop_dir / "compare"
    samples = np.fromfile(folder / f"{name}.sw", "<i2").astype(np.float64)
    reference = np.fromfile(folder / f"{name}.features.f32", "<f4").reshape(-1, 20)
    pitch = NetworkPitch(official_model.to_reference_pitch_network(), profile)
    found = extract_features(samples, pitch)[:, :20]
    assert len(found) == len(reference)
    comparison = compare_features(reference, found, LIMITS)
    assert comparison.passed, comparison.measures
    is_voiced = reference[:, 19] > 0.2
    assert np.abs(found - reference)[is_voiced, 18].max() <= 0.02
    assert np.abs(found - reference)[:, :18].max() < 1e-4
