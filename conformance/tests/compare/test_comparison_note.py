"""What spec-notes/comparison.md and upstream-vectors.md state is what the code does."""

import re

import pytest

from dred_conformance.comparison import (
    AudioThresholds,
    FeatureThresholds,
    excitation,
    feature_result,
    loudness,
    periodicity,
)
from dred_conformance.comparison.audio import LARGEST_SAMPLE, LONGEST_SECONDS
from dred_conformance.comparison.feature_files import LARGEST_FEATURE_FILE
from dred_conformance.data import data_folder
from dred_conformance.upstream import LARGEST_DATA, MOST_CHUNKS
from dred_conformance.upstream.record_file import LARGEST_FILE


def note(name: str) -> str:
    return " ".join((data_folder("spec-notes") / name).read_text(encoding="utf-8").split())


def thresholds(row: str) -> tuple[float, ...]:
    line = re.search(rf"\| {re.escape(row)} \|[^|]*\|([^|]*)\|([^|]*)\|([^|]*)\|", note("comparison.md"))
    assert line is not None
    return tuple(float(cell.split()[-1]) for cell in line.groups())


def test_the_thresholds_of_the_note_are_the_defaults() -> None:
    of_features, of_audio = FeatureThresholds(), AudioThresholds()
    assert thresholds("features") == (of_features.total, of_features.maximum, of_features.pitch)
    assert thresholds("audio, vocoder (default)") == (of_audio.err4, of_audio.err16, of_audio.pitch)


@pytest.mark.parametrize(
    "statement",
    [
        "Edges of the bands, in bins: " + " ".join(map(str, loudness.BAND_EDGES)) + ".",
        f"*reference* correlation is above {feature_result.VOICED_ABOVE}",
        f"Where that c is above {periodicity.VOICED_CORRELATION}",
        f"largest c over {periodicity.SHORTEST_LAG} to {periodicity.LONGEST_LAG}",
        f"bins 0 to {excitation.BINS - 1}",
        f"audio above {LONGEST_SECONDS} s, features above {LARGEST_FEATURE_FILE >> 20} MiB",
        f"beyond 2^{LARGEST_SAMPLE.hex().split('p+')[1]} in the candidate",
    ],
)
def test_numbers_of_the_comparison_note(statement: str) -> None:
    assert statement in note("comparison.md")


@pytest.mark.parametrize(
    "statement",
    [
        f"even, 0 to {MOST_CHUNKS} |",
        f"| bytes of data | 0 to {LARGEST_DATA} |",
        f"refuses files above {LARGEST_FILE >> 20} MiB",
    ],
)
def test_numbers_of_the_vector_note(statement: str) -> None:
    assert statement in note("upstream-vectors.md")
