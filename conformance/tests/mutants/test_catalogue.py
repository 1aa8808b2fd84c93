"""The catalogue of seeded bugs is whole: every bug fits the sources and says what it stands for."""

from collections import Counter
from pathlib import Path

import pytest

from dred_conformance.data import checkout_root
from dred_conformance.mutants.catalogue import KINDS, Mutant, MutantError, load_mutants
from dred_conformance.protocol.operations import STAGES

MUTANTS = load_mutants()
NATIVE = (checkout_root() or Path()) / "native"
# What the catalogue has to have, by words of its sentences; all of these are mistakes that were really made.
NAMED = {
    "packet": (
        "255, which stands for 254",
        "frames of length 0",
        "1275",
        "120 ms",
        "length byte",
        "delimiting",
    ),
    "extension": ("increment 0", "L=0", "short payloads", "base 256", "little-endian", "0x00"),
    "payload": (
        *("extra offset after", "escape", "p0 is 255", "qmax", "one bit too many", "seven bits left"),
        *("two's complement", "behind the last byte", "id 127", "last DRED extension", "Rounded the steps"),
    ),
    "latent": ("scale of 0", "Rounded halves", "dead zone"),
    "feature": ("oldest of the four frames", "without the gate", "update gate", "memory of the convolutions"),
    "audio": (
        "fifth vector",
        "one before",
        "two samples before the period",
        "without dividing them by the gain",
    ),
    "receiver": (
        *("look-ahead", "frame of the extension", "side channel", "VAD flag", "hybrid"),
        *("just in time", "last of several", "before the stream", "starts before the hole"),
    ),
}


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.id)
def test_a_seeded_bug_fits_the_source(mutant: Mutant) -> None:
    source = (NATIVE / mutant.file).read_text(encoding="utf-8")
    assert mutant.apply(source) != source
    assert mutant.mistake[0].isupper()
    assert mutant.mistake.endswith(".")
    assert mutant.path == ("avx2" if "avx2" in mutant.file else "scalar")


def test_bugs_are_in_the_core_and_not_around_it() -> None:
    assert {mutant.file.split("/")[0] for mutant in MUTANTS} == {"src", "include"}


def test_every_stage_and_every_kind_is_there() -> None:
    real = [mutant for mutant in MUTANTS if not mutant.equivalent]
    assert len(real) >= 80 + 36
    counts = Counter(mutant.stage for mutant in real)
    assert set(counts) == set(NAMED) <= set(STAGES)
    assert min(counts.values()) >= 15
    assert {mutant.kind for mutant in MUTANTS} == set(KINDS)


@pytest.mark.parametrize("stage", NAMED)
def test_the_mistakes_that_implementers_make_are_there(stage: str) -> None:
    sentences = " ".join(mutant.mistake for mutant in MUTANTS if mutant.stage == stage)
    assert [words for words in NAMED[stage] if words not in sentences] == []


def test_two_bugs_are_two_changes() -> None:
    changes = [(mutant.file, mutant.old, mutant.new) for mutant in MUTANTS]
    assert len(set(changes)) == len(changes)


def test_a_bug_that_does_not_fit_is_refused() -> None:
    mutant = Mutant("m", "shift", "feature", "a.cpp", "x", "y", "Mistook it.")
    with pytest.raises(MutantError, match="occurs 2 times"):
        mutant.apply("x x")
    with pytest.raises(MutantError, match="occurs 0 times"):
        mutant.apply("z")


FULL = '[[mutant]]\nid="a"\nkind="shift"\nstage="feature"\nfile="f"\nmistake="M."\nold="o"\nnew="n"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[mutant]]\nid = "a"\n', "lacks 'kind'"),
        ("[[mutant]]\n", "a mutant: lacks 'id'"),
        (FULL.replace('"shift"', '"odd"'), "unknown kind"),
        (FULL.replace('"feature"', '"audit"'), "unknown stage"),
        (FULL + 'path="neon"\n', "unknown path"),
        (FULL + 'colour="red"\n', "unknown member 'colour'"),
        (FULL * 2, "two mutants"),
        ("no toml", "no catalogue"),
        ("a = 1", "no catalogue"),
    ],
)
def test_a_malformed_catalogue_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mutants.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MutantError, match=said):
        load_mutants(path)
