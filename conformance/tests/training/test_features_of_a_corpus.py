"""Features of a corpus: made once, kept, and put into one store."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
import soundfile

from dred_reference.analysis import PitchTracker, extract_features
from dred_training import TrainingError
from dred_training.extraction import PIECES, extract_corpus
from dred_training.feature_store import FEATURES_FILE, INDEX_FILE, read_store, write_store
from dred_training.speech_files import corpus_files, read_at_16k
from dred_training.variants import speech_variant


def write_sound(path: Path, seed: int, seconds: float = 0.25) -> None:
    samples = np.random.default_rng(seed).standard_normal(int(16000 * seconds)) * 0.1
    soundfile.write(path, samples, 16000, subtype="PCM_16")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for seed, name in enumerate(("b.flac", "a.wav")):
        write_sound(folder / name, seed)
    (folder / "notes.txt").write_text("no speech", encoding="utf-8")
    return folder


def test_a_store_holds_the_features_of_each_recording(corpus: Path, tmp_path: Path) -> None:
    files = corpus_files([corpus, corpus / "a.wav"])
    assert [path.name for path in files] == ["a.wav", "b.flac"]
    store = extract_corpus(files, tmp_path / "store", variants=2)
    assert [clip.name for clip in store.clips] == ["a.wav#0", "a.wav#1", "b.flac#0", "b.flac#1"]
    samples = read_at_16k(corpus / "b.flac")
    expected = extract_features(samples, PitchTracker())[:, :20]
    assert np.array_equal(store.clip_features(store.clips[2]), expected.astype(np.float32))
    assert not np.array_equal(store.clip_features(store.clips[3]), expected.astype(np.float32))
    read_store(tmp_path / "store", verify=True)


def test_only_missing_pieces_are_made(corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    first = extract_corpus(corpus_files([corpus]), folder)
    pieces = sorted((folder / PIECES).iterdir())
    times = {piece: piece.stat().st_mtime_ns for piece in pieces}
    pieces[0].unlink()
    (folder / INDEX_FILE).unlink()
    told: list[int] = []
    again = extract_corpus(corpus_files([corpus]), folder, advance=told.append)
    assert told == [1, 2]
    assert pieces[1].stat().st_mtime_ns == times[pieces[1]]
    assert again.sha256 == first.sha256


def test_processes_make_the_same(corpus: Path, tmp_path: Path) -> None:
    one = extract_corpus(corpus_files([corpus]), tmp_path / "one")
    two = extract_corpus(corpus_files([corpus]), tmp_path / "two", jobs=2)
    assert one.sha256 == two.sha256


def test_a_recording_that_cannot_be_read_is_named(corpus: Path, tmp_path: Path) -> None:
    (corpus / "c.wav").write_bytes(b"RIFF")
    with pytest.raises(TrainingError, match=r"T2: .*c\.wav"):
        extract_corpus(corpus_files([corpus]), tmp_path / "store")
    with pytest.raises(TrainingError, match="T2"):
        corpus_files([tmp_path / "absent"])
    assert not (tmp_path / "store" / INDEX_FILE).exists()


def test_variants_are_the_same_whenever_they_are_made() -> None:
    samples = np.random.default_rng(0).standard_normal(4000) * 1000
    assert speech_variant(samples, 0, 7) is samples
    variant = speech_variant(samples, 1, 7)
    assert np.array_equal(variant, speech_variant(samples, 1, 7))
    assert not np.array_equal(variant, speech_variant(samples, 2, 7))
    assert np.array_equal(variant, np.rint(variant))


def test_a_damaged_store_is_refused(tmp_path: Path) -> None:
    features = np.zeros((5, 20), dtype=np.float32)
    store = write_store(tmp_path, [("a", features), ("empty", features[:0])], "tracker")
    assert len(store.clips) == 1
    data = bytearray((tmp_path / FEATURES_FILE).read_bytes())
    data[0] ^= 1
    (tmp_path / FEATURES_FILE).write_bytes(data)
    read_store(tmp_path)
    with pytest.raises(TrainingError, match="T3"):
        read_store(tmp_path, verify=True)
    (tmp_path / FEATURES_FILE).write_bytes(data[:-4])
    with pytest.raises(TrainingError, match="T3"):
        read_store(tmp_path)
    for index in ("{", "[]", json.dumps({"format": "other"})):
        (tmp_path / INDEX_FILE).write_text(index, encoding="utf-8")
        with pytest.raises(TrainingError, match="T3"):
            read_store(tmp_path)
    with pytest.raises(TrainingError, match="T2"):
        write_store(tmp_path, [], "tracker")


def test_errors_come_out_of_other_processes() -> None:
    error = TrainingError("T2", "no", subject="a", advice="b")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.rule, again.subject) == (str(error), "T2", "a")
