"""Traces of losses: files, generators, seeds, windows."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dred_conformance.simulation import LossTrace, SimulationError, read_trace
from dred_conformance.simulation.conditions import Condition, Recorded, from_file, from_gilbert
from dred_conformance.simulation.gilbert_elliott import GilbertElliott

SHARED = Path(__file__).parents[4] / "shared" / "loss"


def trace_of(text: str) -> LossTrace:
    return LossTrace.of_losses(np.array([mark == "x" for mark in text]))


def marks(trace: LossTrace) -> str:
    return "".join("x" if is_lost else "." for is_lost in trace.is_lost)


def test_a_file_of_losses(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("# a call\n0\n1 # here\n\n1\n0\r\n")
    found = read_trace(path)
    assert marks(found) == ".xx."
    assert not found.delay_ms.any()
    assert found.loss_percent == 50
    assert found.bursts == [2]


def test_a_file_of_arrivals(tmp_path: Path) -> None:
    path = tmp_path / "a.arrival_ms.txt"
    path.write_text("24\n-1\n0.5\n0\n")
    found = read_trace(path)
    assert marks(found) == ".x.."
    assert found.delay_ms.tolist() == [24, 0, 0.5, 0]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"0\n2\n", "line 2: '2' is neither 0 nor 1"),
        ("a.txt", b"0 1 0\n", "line 1"),
        ("a.txt", b"24\n", "NAME.arrival_ms.txt"),
        ("a.txt", b"# nothing\n\n", "no packet"),
        ("a.txt", b"", "no packet"),
        ("a.txt", b"0\n\xff\n", "byte 2"),
        ("a.arrival_ms.txt", b"-2\n", "is no delay"),
        ("a.arrival_ms.txt", b"nan\n", "is no delay"),
        ("a.arrival_ms.txt", b"inf\n", "is no delay"),
        ("a.arrival_ms.txt", b"1e9\n", "is no delay"),
        ("a.arrival_ms.txt", b"soon\n", "is no delay"),
    ],
)
def test_malformed_files_are_refused(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SimulationError, match=r"^L2: ") as raised:
        read_trace(path)
    assert said in str(raised.value)


def test_what_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SimulationError, match="cannot be read"):
        read_trace(tmp_path)
    monkeypatch.setattr("dred_conformance.simulation.trace_file.LARGEST_TRACE_FILE", 3)
    (tmp_path / "a.txt").write_text("0\n1\n")
    with pytest.raises(SimulationError, match="larger"):
        read_trace(tmp_path / "a.txt")


@given(st.text("x.", min_size=1, max_size=30), st.integers(0, 100), st.integers(0, 100))
def test_a_window_goes_round(text: str, start: int, count: int) -> None:
    endless = text * (2 + (start + count) // len(text))
    assert marks(trace_of(text).window(start, count)) == endless[start : start + count]


def test_an_empty_trace_has_no_window() -> None:
    with pytest.raises(ValueError, match="empty"):
        trace_of("").window(0, 1)


@pytest.mark.parametrize(("loss", "burst"), [(5.0, 1.0), (20.0, 3.0), (40.0, 1.5), (70.0, 8.0)])
def test_gilbert_elliott_has_the_asked_rate_and_bursts(loss: float, burst: float) -> None:
    trace = GilbertElliott(loss, burst).draw(60_000, np.random.default_rng(1))
    # of independent bursts, the standard error of both is below 2 % here but for 70:8
    assert trace.loss_percent == pytest.approx(loss, rel=0.05)
    assert np.mean(trace.bursts) == pytest.approx(burst, rel=0.05)


def test_gilbert_elliott_is_a_chain_with_the_stated_probabilities() -> None:
    model = GilbertElliott(25.0, 2.0)
    assert model.out_of_loss == 0.5
    assert model.into_loss == pytest.approx(0.5 * 0.25 / 0.75)
    lost = GilbertElliott(25.0, 2.0).draw(60_000, np.random.default_rng(5)).is_lost
    after_good = lost[1:][~lost[:-1]].mean()
    assert after_good == pytest.approx(model.into_loss, rel=0.05)


def test_gilbert_elliott_begins_in_its_long_run_state() -> None:
    first = [GilbertElliott(30.0, 4.0).draw(1, np.random.default_rng(n)).is_lost[0] for n in range(2000)]
    assert np.mean(first) == pytest.approx(0.3, abs=0.04)


@pytest.mark.parametrize(
    ("loss", "burst"), [(-1, 1), (100, 1), (float("nan"), 1), (10, 0.5), (10, 1e9), (80, 1)]
)
def test_gilbert_elliott_refuses_what_cannot_be(loss: float, burst: float) -> None:
    with pytest.raises(SimulationError, match=r"^L3: "):
        GilbertElliott(loss, burst)


def test_no_loss_is_no_loss() -> None:
    assert not GilbertElliott(0.0).draw(500, np.random.default_rng(0)).is_lost.any()


def test_losses_follow_from_seed_clip_and_network_alone() -> None:
    network, other = from_gilbert(30, 2), from_gilbert(30, 3)
    first = marks(network.losses(1, 7, 300))
    assert marks(network.losses(1, 7, 300)) == first
    assert len({first, marks(network.losses(2, 7, 300)), marks(network.losses(1, 8, 300))}) == 3
    assert marks(other.losses(1, 7, 300)) != first


def test_the_last_packet_arrives() -> None:
    always = Condition("always", "a test", Recorded(trace_of("x")), "")
    assert marks(always.losses(0, 0, 5)) == "xxxx."


def test_a_clip_meets_its_share_of_the_losses() -> None:
    """In 200 packets, bursts of 8 would else leave many a clip without any."""
    network = from_gilbert(10, 8)
    shares = [network.losses(0, clip, 200).loss_percent for clip in range(60)]
    assert all(5 <= share <= 15 for share in shares)
    assert len(set(shares)) > 5


def test_what_cannot_be_drawn_is_as_close_as_can_be() -> None:
    network = Condition("rare", "a test", Recorded(trace_of("x" + 999 * ".")), "")
    assert network.losses(0, 0, 50).loss_percent in {0.0, 2.0}


def test_recorded_losses_keep_their_delays(tmp_path: Path) -> None:
    path = tmp_path / "call.arrival_ms.txt"
    path.write_text("".join(f"{n}\n" for n in range(50)))
    network = from_file(path)
    assert network.name == "call"
    assert network.told_percent == 0
    delays = network.losses(0, 0, 60).delay_ms
    assert set(np.diff(delays)) <= {1.0, -49.0}
    starts = {float(network.losses(0, clip, 1).delay_ms[0]) for clip in range(20)}
    assert len(starts) > 10


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/loss is not here")
def test_the_shared_traces_are_read() -> None:
    found = {path.name: read_trace(path) for path in SHARED.glob("*.txt")}
    assert len(found) == 12
    for percent in (5, 10, 20, 30, 40):
        trace = found[f"lossgen_{percent}.txt"]
        assert len(trace) == 6000
        assert trace.loss_percent == pytest.approx(percent, abs=1.2)
    # the two forms of one recording agree
    arrivals, losses = found["webrtc_hrtf_jitter.arrival_ms.txt"], found["webrtc_hrtf_jitter.txt"]
    assert marks(arrivals) == marks(losses)
    assert arrivals.delay_ms.max() > 20
