"""Features of real packets: the profiles against each other, and against a real decoder."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_model import ModelBundle
from dred_reference.feature import decode_features, layer_bounds, to_float32

pytestmark = [pytest.mark.interop, pytest.mark.official_model]
PITCH, VOICING = 18, 19
Decoded = dict[str, NDArray[np.float64]]


@pytest.fixture(scope="module")
def decoded(interop_expected: list[dict[str, Any]], official_model: ModelBundle) -> Decoded:
    """Features of every tenth packet by profile; "real" are those of libopus 1.6.1 on x86."""
    network = official_model.to_reference_network()
    found: dict[str, list[Any]] = {name: [] for name in ("float64", "fixed", "int8", "int8-c", "real")}
    for entry in interop_expected[::10]:
        latents = np.array(entry["latents"], dtype=np.float32).reshape(-1, 26)
        state = np.array(entry["state"], dtype=np.float32)
        for profile, rows in found.items():
            if profile == "real":
                rows.append(np.array(entry["features_c"]).reshape(-1, 20))
            else:
                features = decode_features(state, latents, network, profile)
                rows.append(to_float32(features) if profile == "fixed" else features)
    joined = {profile: np.concatenate(rows).astype(np.float64) for profile, rows in found.items()}
    assert len({len(rows) for rows in joined.values()}) == 1
    assert len(joined["real"]) > 1000
    return joined


def distance(reference: NDArray[np.float64], candidate: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return total, largest and pitch error as the working group's tool has them."""
    errors = np.mean((reference - candidate) ** 2, axis=0)
    counted = np.delete(errors, PITCH)
    voiced = reference[:, VOICING] > 0.2
    pitch = np.abs(reference - candidate)[voiced, PITCH].mean()
    return float(np.sqrt(counted.sum())), float(np.sqrt(counted.max())), float(pitch)


@pytest.mark.clause("DRED-net-tolerance", "FIX-step", "FIX-output")
def test_fixed_is_near_float64(decoded: Decoded) -> None:
    total, largest, pitch = distance(decoded["float64"], decoded["fixed"])
    assert 0 < total <= 0.004
    assert largest <= 0.003
    assert pitch <= 0.0005


@pytest.mark.clause("DRED-net-tolerance", "DRED-net-order", "DRED-net-gru", "DRED-net-glu", "DRED-net-conv")
@pytest.mark.parametrize("profile", ["float64", "fixed", "int8", "int8-c"])
def test_every_profile_is_near_a_real_decoder(decoded: Decoded, profile: str) -> None:
    """Real int8 decoders are about 0.08 from each other, so nothing can be nearer than that."""
    total, largest, pitch = distance(decoded["real"], decoded[profile])
    assert total <= 0.1
    assert largest <= 0.075
    assert pitch <= 0.01


@pytest.mark.clause("DRED-net-int8-input")
def test_the_two_int8_paths_are_nearer_to_each_other_than_to_float64(decoded: Decoded) -> None:
    assert (
        distance(decoded["int8"], decoded["int8-c"])[0] < distance(decoded["float64"], decoded["int8"])[0] / 2
    )


@pytest.mark.clause("FIX-bounds")
def test_the_official_model_keeps_the_bounds_with_room(official_model: ModelBundle) -> None:
    """The worst accumulator of an int8 layer is .137 of 2**31, in dec_output (facts 11.8)."""
    found = [
        bounds for bounds in layer_bounds(official_model.to_reference_network()) if bounds.kind == "int8"
    ]
    worst = max(found, key=lambda bounds: bounds.accumulator_fraction)
    assert worst.layer == "dec_output"
    assert worst.accumulator_fraction == pytest.approx(0.137, abs=0.0005)
