"""Features are judged by the working group's tolerance, or to the last bit where the profile is declared."""

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_conformance.runner.declaration import Declaration
from dred_conformance.runner.judge import judge
from dred_conformance.runner.verdict import Verdict
from dred_conformance.vectors.arrays import ArrayError, ArrayFile, StoredArray
from dred_conformance.vectors.case import Case

TOLERANCE = {"total": 0.5, "maximum": 0.15, "pitch": 0.02}
FRAMES = 8
VOICED = np.zeros((FRAMES, 20))
VOICED[:, 19] = 0.5
VOICED[:, 0] = 3.0


def make_case(folder: Path, values: NDArray[Any], kind: str, **changes: Any) -> Case:
    arrays = ArrayFile("feature-test.bin")
    expected = {
        "feature_count": len(values),
        "latent_count": len(values) // 4,
        "features": arrays.add(values, kind),
    }
    if kind == "float64":
        expected["tolerance"] = TOLERANCE
    (folder / arrays.name).write_bytes(arrays.data)
    case_input = {
        "op": "feature",
        "model": "m",
        "state": "",
        "state_count": 0,
        "latents": "",
        "latent_count": 0,
    }
    if kind == "int32":
        case_input["profile"] = "fixed"
    data = {
        "id": "feature-test-00000000",
        "comment": "a test",
        "clauses": ["DRED-net-output"],
        "flags": [],
        "input": case_input,
        "result": "valid",
        "expected": expected,
        "basis": "computed",
        "kills": [],
        **changes,
    }
    return Case.from_json("feature", data, folder)


def answer(values: NDArray[Any], dtype: str = "<f4") -> dict[str, Any]:
    content = base64.b64encode(values.astype(dtype).tobytes()).decode()
    frames = len(values)
    return {
        "seq": 1,
        "result": {"features": content, "feature_count": frames, "latent_count": frames // 4},
    }


def moved(feature: int, by: float, frame: int | slice = slice(None)) -> NDArray[Any]:
    values = VOICED.copy()
    values[frame, feature] += by
    return values


# One feature wrong by d in every frame gives total = maximum = d; the pitch has its own limit.
@pytest.mark.parametrize(
    ("candidate", "verdict"),
    [
        (VOICED, Verdict.PASS),
        (moved(0, 0.14), Verdict.PASS),
        (moved(0, 0.16), Verdict.FAIL),
        (moved(17, -0.16), Verdict.FAIL),
        (moved(18, 0.019), Verdict.PASS),
        (moved(18, 0.021), Verdict.FAIL),
        (moved(0, 0.4, 0), Verdict.PASS),  # 0.4 / sqrt(8) = 0.141
        (moved(0, 0.44, 0), Verdict.FAIL),  # 0.156
        (moved(0, np.nan, 3), Verdict.FAIL),
        (moved(0, np.inf, 3), Verdict.FAIL),
    ],
)
@pytest.mark.clause("DRED-net-tolerance")
def test_tolerance(tmp_path: Path, candidate: NDArray[Any], verdict: Verdict) -> None:
    outcome = judge(make_case(tmp_path, VOICED, "float64"), answer(candidate), op_is_declared=True)
    assert outcome.verdict == verdict
    assert (outcome.difference is None) == (verdict == Verdict.PASS)


def test_all_features_count_towards_the_total(tmp_path: Path) -> None:
    candidate = VOICED + 0.12  # sqrt(19) * 0.12 = 0.523; each alone is below 0.15
    candidate[:, 18] = 0
    outcome = judge(make_case(tmp_path, VOICED, "float64"), answer(candidate), op_is_declared=True)
    assert outcome.verdict == Verdict.FAIL
    assert "total 0.52" in outcome.reason
    assert "maximum" not in outcome.reason


def test_the_distance_of_what_passes_is_reported(tmp_path: Path) -> None:
    outcome = judge(make_case(tmp_path, VOICED, "float64"), answer(moved(4, 0.125)), op_is_declared=True)
    assert outcome.figures == {"total": 0.125, "maximum": 0.125, "pitch": 0.0}


def test_pitch_does_not_apply_without_voiced_frames(tmp_path: Path) -> None:
    silent = np.zeros((FRAMES, 20))
    candidate = silent.copy()
    candidate[:, 18] = 1.0
    outcome = judge(make_case(tmp_path, silent, "float64"), answer(candidate), op_is_declared=True)
    assert outcome.verdict == Verdict.PASS
    assert outcome.figures["pitch"] is None


def test_the_place_of_the_largest_error_is_named(tmp_path: Path) -> None:
    candidate = moved(0, 0.2)
    candidate[5, 7] = -4.0
    outcome = judge(make_case(tmp_path, VOICED, "float64"), answer(candidate), op_is_declared=True)
    assert outcome.difference is not None
    assert outcome.difference.path == "features, frame 5, feature 7"
    assert (outcome.difference.expected, outcome.difference.actual) == (0.0, -4.0)


@pytest.mark.parametrize("frames", [0, 4, 12])
def test_another_number_of_frames_fails(tmp_path: Path, frames: int) -> None:
    outcome = judge(
        make_case(tmp_path, VOICED, "float64"), answer(np.zeros((frames, 20))), op_is_declared=True
    )
    assert outcome.verdict == Verdict.FAIL


@pytest.mark.parametrize("features", [7, None, "%%%", "AAAA"])
def test_features_that_are_no_array_break_the_protocol_or_fail(tmp_path: Path, features: Any) -> None:
    result = {"features": features, "feature_count": FRAMES, "latent_count": FRAMES // 4}
    outcome = judge(make_case(tmp_path, VOICED, "float64"), {"seq": 1, "result": result}, op_is_declared=True)
    assert outcome.verdict in (Verdict.ERROR, Verdict.FAIL)


def test_bits_are_compared_exactly(tmp_path: Path) -> None:
    bits = np.arange(FRAMES * 20, dtype=np.int64).reshape(FRAMES, 20) * 1000 - 70000
    case = make_case(tmp_path, bits, "int32")
    assert judge(case, answer(bits, "<i4"), op_is_declared=True).verdict == Verdict.PASS
    wrong = bits.copy()
    wrong[2, 3] += 1
    outcome = judge(case, answer(wrong, "<i4"), op_is_declared=True)
    assert outcome.verdict == Verdict.FAIL
    assert outcome.difference is not None
    assert outcome.difference.path == "features, frame 2, feature 3"
    assert outcome.figures == {"wrong_values": 1.0}


def test_no_frame_at_all_passes(tmp_path: Path) -> None:
    case = make_case(tmp_path, np.zeros((0, 20)), "float64")
    assert judge(case, answer(np.zeros((0, 20))), op_is_declared=True).verdict == Verdict.PASS


def declaration(**changes: Any) -> Declaration:
    hello = {"name": "n", "version": "1", "stages": ["feature"], "wire": [], "models": ["m"]}
    return Declaration.from_json(hello | changes)


def test_an_undeclared_profile_is_not_asked_for(tmp_path: Path) -> None:
    exact = make_case(tmp_path, VOICED, "int32")
    assert declaration().lacks(exact) == "numeric profile 'fixed' is not declared"
    assert declaration(profiles=["fixed"]).lacks(exact) is None
    assert declaration().lacks(make_case(tmp_path, VOICED, "float64")) is None


def test_a_decoder_of_few_latents_is_not_asked_for_more(tmp_path: Path) -> None:
    case = make_case(tmp_path, VOICED, "float64")
    assert declaration(max_latents=2).lacks(case) is None
    assert declaration(max_latents=1).lacks(case) == "more than the declared 1 latents"


def test_a_damaged_array_is_refused(tmp_path: Path) -> None:
    case = make_case(tmp_path, VOICED, "float64")
    stored = case.expected["features"]
    assert isinstance(stored, StoredArray)
    path = tmp_path / "feature-test.bin"
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(data)
    with pytest.raises(ArrayError, match="not the published one"):
        stored.values()
    path.unlink()
    with pytest.raises(ArrayError, match="cannot be read"):
        stored.values()
