"""The judges: better speech is better, repeated, and silence is no accident."""

import numpy as np
import pytest

from dred_conformance.simulation.errors import SimulationError
from dred_conformance.simulation.packages import needed_package
from dred_conformance.simulation.quality import FIGURES, METRICS, judge_all, loaded_judges

from .conftest import buzz

PACKAGES = {"plcmos": "speechmos.plcmos", "pesq": "pesq", "stoi": "pystoi", "wg": "numpy"}


@pytest.fixture(scope="module")
def signal() -> np.ndarray:
    return buzz(2.0)[::3, 0].astype(np.float64)


@pytest.mark.parametrize("name", ["pesq", "stoi", "wg"])
def test_noise_is_worse(name: str, signal: np.ndarray) -> None:
    pytest.importorskip(PACKAGES[name], exc_type=ImportError)
    judges = loaded_judges([name])
    noise = np.random.default_rng(0).standard_normal(len(signal))
    small, large = (judge_all(judges, signal, signal + amount * noise) for amount in (0.003, 0.03))
    for figure, value in small.items():
        other = large[figure]
        assert value is not None
        assert other is not None
        assert (value > other) == FIGURES[figure].is_higher_better, figure


def test_plcmos_can_be_repeated_and_leaves_the_generator_alone(signal: np.ndarray) -> None:
    pytest.importorskip("speechmos.plcmos", exc_type=ImportError)
    pytest.importorskip("onnxruntime", exc_type=ImportError)
    judges = loaded_judges(["plcmos"])
    np.random.seed(1)  # the package draws from the global generator
    first = judge_all(judges, signal, signal)
    drawn = np.random.random()
    np.random.seed(1)
    assert np.random.random() == drawn
    np.random.seed(2)
    assert judge_all(judges, signal, signal) == first
    value = first["plcmos"]
    assert value is not None
    assert 1 <= value <= 5


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("seconds", [0.05, 1.0])
def test_silence_and_shortness_are_no_accident(name: str, seconds: float) -> None:
    pytest.importorskip(PACKAGES[name], exc_type=ImportError)
    silence = np.zeros(round(16000 * seconds))
    for value in judge_all(loaded_judges([name]), silence, silence).values():
        assert value is None or np.isfinite(value)


def test_what_is_not_installed_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pesq", None)
    with pytest.raises(
        SimulationError, match=r"L1: PESQ needs the package pesq .pip install '\.\[quality\]'"
    ):
        loaded_judges(["pesq", "wg"])
    told: list[str] = []
    assert "pesq" not in loaded_judges(None, told.append)
    assert any("pesq" in reason for reason in told)


def test_an_unknown_metric_is_refused() -> None:
    with pytest.raises(SimulationError, match="L3: there is no metric 'mos'"):
        loaded_judges(["mos"])


def test_a_broken_package_is_as_good_as_none() -> None:
    with pytest.raises(SimulationError, match="L1"):
        needed_package("no_such_package_at_all", "quality", "a test")
