"""Literal Python and both paths of the native core agree on features to the last bit."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dred_native
from dred_conformance.comparison import compare_features
from dred_conformance.differential.built_payloads import native_model
from dred_conformance.differential.campaign import run_chunk
from dred_model import ModelBundle, named_synthetic_model
from dred_reference.feature import FeatureDecoder, decode_features

SHAPES = (
    "synthetic-1-net",
    "synthetic-2-21x19-net16x24x32x8",
    "synthetic-3-1x1-net8x8x8x8",
    "synthetic-5-7x9-net40x24x16x32",
    "synthetic-6-21x19-net24x56x24x16",
    "synthetic-7-256x256-net136x104x72x40",
    "synthetic-9-net128x96x64x32",
)


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.clause("FIX-step", "FIX-output", "FIX-input")
def test_random_payloads_and_values_of_synthetic_models(name: str) -> None:
    report = run_chunk("features", 25, f"agreement/{name}", [named_synthetic_model(name)], [])
    assert report.inputs == 25
    assert not report.mismatches


@pytest.mark.official_model
@pytest.mark.clause("FIX-step", "FIX-output", "FIX-input")
def test_random_payloads_and_values_of_the_official_model(official_model: ModelBundle) -> None:
    report = run_chunk("features", 60, "agreement/official", [official_model], [])
    assert not report.mismatches


def dumped(streams: Path, dim: int) -> list[dict[str, Any]]:
    with gzip.open(streams / "expected.jsonl.gz", "rt", encoding="utf-8") as lines:
        entries = [json.loads(line) for line in lines]
    for entry in entries:
        entry["state"] = np.array(entry["state"], np.float32)
        entry["latents"] = np.array(entry["latents"], np.float32).reshape(-1, dim + 1)
    return entries


@pytest.mark.interop
@pytest.mark.official_model
@pytest.mark.clause("FIX-step", "FIX-output", "FIX-input", "FIX-start", "FIX-gru", "FIX-glu", "FIX-conv")
def test_every_packet_of_the_dump(interop_dir: Path, official_model: ModelBundle) -> None:
    """The core decodes the packet itself, the reference what the real decoder made of it."""
    model = native_model(official_model)
    reference = FeatureDecoder(official_model.to_reference_network(), "fixed")
    entries = dumped(interop_dir / "streams", official_model.latent_dim)
    assert len(entries) == 289
    frames = 0
    for entry in entries:
        reference.start(entry["state"])
        wanted = [frame for latent in entry["latents"] for frame in reference.step(latent).tolist()]
        for path in dred_native.simd_paths():
            found = dred_native.decode_packet_features(
                bytes.fromhex(entry["packet"]), "experimental-12", model, path=path
            )
            assert found is not None
            assert found["features"].tolist() == wanted, f"{entry['stream']} {entry['index']} {path}"
        frames += len(wanted)
    assert frames == 14056


@pytest.mark.interop
@pytest.mark.official_model
@pytest.mark.clause("DRED-net-tolerance", "FIX-round", "FIX-tanh", "FIX-sigmoid")
def test_fixed_point_is_near_float64_on_real_packets(interop_dir: Path, official_model: ModelBundle) -> None:
    """Every third packet; the issue's limits. `dred compare profiles` has the figures of all."""
    network = official_model.to_reference_network()
    entries = dumped(interop_dir / "streams", official_model.latent_dim)[::3]
    decoder = dred_native.FeatureDecoder(native_model(official_model))
    pairs = [
        (
            decode_features(entry["state"], entry["latents"], network, "float64"),
            decoder.decode(entry["state"], entry["latents"]) / 65536,
        )
        for entry in entries
        if len(entry["latents"])
    ]
    exact, fixed = (np.concatenate(each) for each in zip(*pairs, strict=True))
    found = compare_features(exact, fixed)
    assert found.voiced_frames > 1000
    assert found.total <= 0.004
    assert found.maximum <= 0.003
    assert found.pitch <= 0.0005
