"""One clip of real speech at 20 %: what schemes are worth, in their known order."""

import json
from pathlib import Path

import pytest

from dred_model import ModelBundle

from .test_simulate_command import simulate

CLIP = Path(__file__).parents[4] / "shared" / "speech" / "eval" / "ka_en_US_kathleen_0.flac"


@pytest.mark.official_model
@pytest.mark.skipif(not CLIP.is_file(), reason="../shared/speech is not here")
def test_redundancy_is_better_than_none(official_model: ModelBundle, tmp_path: Path) -> None:
    pytest.importorskip("dred_opus", exc_type=ImportError)
    pytest.importorskip("pystoi", exc_type=ImportError)
    code, said = simulate(
        CLIP, "-o", tmp_path, "--gilbert", "30:5", "--schemes", "clean,classic,neural,dred",
        "--metrics", "stoi", "--no-audio", "--json",
    )  # fmt: skip
    assert code == 0, said
    summary = json.loads(said)
    stoi = {each["scheme"]: each["value"] for each in summary["means"]}
    assert max(stoi["classic"], stoi["neural"]) + 0.02 < stoi["dred"] < stoi["clean"]
    rates = [each["mean_kbps"] for each in summary["bitrates"]]
    assert max(rates) < 1.02 * min(rates)
    played = {each["scheme"]: each for each in summary["played"]}
    assert played["dred"]["dred_percent"] > 0.8 * played["neural"]["concealment_percent"]
