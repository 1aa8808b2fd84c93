"""The plots are drawn in every format and for every odd result."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_conformance.comparison import AudioThresholds, compare_audio, compare_features
from dred_conformance.comparison.plot_audio import plot_audio
from dred_conformance.comparison.plot_features import plot_features

pytest.importorskip("matplotlib", exc_type=ImportError)

Array = NDArray[np.float64]
MAGIC = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}


@pytest.mark.parametrize("suffix", MAGIC)
def test_formats(tmp_path: Path, features: Array, suffix: str) -> None:
    candidate = features + np.random.default_rng(1).normal(scale=0.1, size=features.shape)
    path = tmp_path / f"a{suffix}"
    plot_features(compare_features(features, candidate), features, "$odd_{name$ \u97f3\n against %", path)
    assert path.read_bytes().startswith(MAGIC[suffix])


def test_the_words_and_figures_are_in_it(tmp_path: Path, speech: Array) -> None:
    comparison = compare_audio(speech, 1.5 * speech, AudioThresholds(0.25, float("inf"), 0.15))
    plot_audio(comparison, "mine against theirs", tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    for words in ("mine against theirs", f"err4 {comparison.err4:.4f}", "limit of err4", "6800-8000 Hz"):
        assert f"<!-- {words}" in text or words in text
    assert "limit of err16" not in text


def test_numbers_that_are_none_are_marked(tmp_path: Path, features: Array, speech: Array) -> None:
    candidate = features.copy()
    candidate[10:12] = np.nan
    candidate[20, 18] = np.inf
    plot_features(compare_features(features, candidate), features, "a", tmp_path / "a.svg")
    assert "candidate is no number" in (tmp_path / "a.svg").read_text(encoding="utf-8")
    damaged = speech.copy()
    damaged[3000] = np.nan
    plot_audio(compare_audio(speech, damaged), "a", tmp_path / "b.svg")
    assert "candidate is no number" in (tmp_path / "b.svg").read_text(encoding="utf-8")


def test_silence_one_frame_and_identity(tmp_path: Path, features: Array) -> None:
    silence = np.zeros(640)
    plot_audio(compare_audio(silence, silence), "silence", tmp_path / "a.svg")
    assert "no voiced frame" in (tmp_path / "a.svg").read_text(encoding="utf-8")
    plot_features(compare_features(features[:1], features[:1]), features[:1], "same", tmp_path / "b.png")
