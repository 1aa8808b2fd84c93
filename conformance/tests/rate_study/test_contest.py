"""What rate rules buy, on one clip of real speech; and what the command refuses."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from dred_conformance.cli.main import app
from dred_conformance.differential.built_payloads import native_model
from dred_conformance.rate_study.clips import Clip, moments
from dred_conformance.rate_study.contest import FAMILIES, Contest, Family
from dred_conformance.rate_study.errors_by_age import Outcome
from dred_conformance.rate_study.plot import plot_contest
from dred_model import ModelBundle
from dred_reference.encoding import LatentEncoder
from dred_reference.redundancy.rate_model import ALL_AGES, LIBOPUS_1_6

DEPLOYED = FAMILIES[0]


@pytest.fixture(scope="module")
def contest(official_model: ModelBundle, interop_dir: Path) -> Contest:
    """One clip of 5 s, in features of the real extractor."""
    values = np.fromfile(interop_dir / "compare" / "ls_en_1688_0.features.f32", "<f4").reshape(-1, 20)
    features = values.astype(np.float64)
    encoder = LatentEncoder(official_model.to_reference_encoder())
    steps = [encoder.step(pair) for pair in features.reshape(-1, 40)]
    clip = Clip(
        "ls_en_1688_0",
        features,
        np.array([latent for latent, _ in steps], dtype=np.float32),
        np.array([state for _, state in steps], dtype=np.float32),
    )
    tables = official_model.tables.to_reference_tables()
    return Contest([clip], native_model(official_model), tables, LIBOPUS_1_6, every=10)


@pytest.mark.official_model
@pytest.mark.interop
@pytest.mark.clause("ENC-chosen-rate", "ENC-chosen-barrier")
@pytest.mark.parametrize(("budget", "most_pitch_error"), [(70.0, 0.15), (100.0, 0.08)])
def test_our_rule_has_less_error_and_keeps_the_pitch(
    contest: Contest, budget: float, most_pitch_error: float
) -> None:
    """At 70 bytes the pitch is no longer coded (level 9): it drifts, but does not jump."""
    even, deployed = contest.chosen("even", budget, ALL_AGES), contest.family(DEPLOYED, budget)
    assert deployed.is_spent
    # the price is new to the clip, and 21 packets are judged: their mean may be a little off
    assert even.outcome.mean_size == pytest.approx(budget, rel=0.06)
    assert even.outcome.total < deployed.outcome.total
    assert even.outcome.old_pitch < most_pitch_error < deployed.outcome.old_pitch


@pytest.mark.official_model
@pytest.mark.interop
def test_a_rule_that_cannot_spend_the_budget_is_told_apart(contest: Contest) -> None:
    coarse = Family("coarse", ((15, 0, 15),))
    standing = contest.family(coarse, 100.0)
    assert not standing.is_spent
    assert standing.outcome is contest.ramp((15, 0, 15))
    drawn = plot_contest([standing, contest.family(DEPLOYED, 100.0)], "one clip", "png")
    assert drawn.startswith(b"\x89PNG")


def test_two_outcomes_in_turns_are_their_mean() -> None:
    def outcome(packets: int, size: float, square: float) -> Outcome:
        return Outcome(packets, size, squares=np.full(104, square), voiced=np.ones(104))

    shared = outcome(2, 100.0, 8.0).shared(outcome(5, 1000.0, 45.0), 0.25)
    assert shared.mean_size == pytest.approx(0.75 * 50 + 0.25 * 200)
    assert shared.total == pytest.approx(np.sqrt(0.75 * 4 + 0.25 * 9))


def test_a_moment_goes_back_in_time_from_its_newest_latent() -> None:
    steps = np.arange(60, dtype=np.float32)
    clip = Clip("counted", np.repeat(np.arange(120.0)[:, None], 20, axis=1), steps[:, None], steps[:, None])
    found = list(moments(clip))
    assert len(found) == 60 - 51
    assert found[2].latents[:3, 0].tolist() == [53, 52, 51]
    assert found[2].truth[[0, 1, 103], 0].tolist() == [107, 106, 4]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.wav"], "no such file"),
        ([".", "--budgets", "70;100"], "numbers with commas"),
        ([".", "--budgets", "0"], "1 to 1000"),
        ([".", "--budgets", "nan"], "1 to 1000"),
        ([".", "--plot", "rates.txt"], "the plot needs"),
        ([".", "--plot", "missing/rates.png"], "the plot needs"),
        ([".", "--model", "no-such-model"], "no such model"),
        (["empty"], "no WAV or FLAC"),
    ],
)
def test_wrong_use_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "clip.wav").write_bytes(b"RIFF")
    monkeypatch.chdir(tmp_path)
    done: Any = CliRunner().invoke(app, ["bench", "rates", *arguments])
    assert done.exit_code == 2, done.output
    assert said in done.output
    assert not list(tmp_path.glob("*.png"))
