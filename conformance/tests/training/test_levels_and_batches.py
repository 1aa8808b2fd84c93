"""What a step is trained on: levels that vary inside a chunk, and the frames that latents stand for."""

from itertools import pairwise

import numpy as np
import pytest

from dred_reference.schedule import quantiser_level
from dred_training import TrainingError
from dred_training.batches import BatchSource, draw_steps, frames_of
from dred_training.configuration import Configuration, LevelSettings
from dred_training.feature_store import FeatureStore
from dred_training.level_schedules import draw_levels


def source(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_constant_levels_cover_all_levels() -> None:
    levels = draw_levels(source(), LevelSettings(1, 0, 0), 500, 7)
    assert (levels == levels[:, :1]).all()
    assert set(levels[:, 0].tolist()) == set(range(16))


def test_ramps_are_schedules_that_a_header_can_announce() -> None:
    possible = {
        tuple(quantiser_level(q0, dq, qmax, index) for index in range(12))
        for q0 in range(16)
        for dq in range(8)
        for qmax in range(q0, 16)
    }
    ramps = {tuple(row) for row in draw_levels(source(), LevelSettings(0, 1, 0), 3000, 12).tolist()}
    assert ramps <= possible
    assert len(ramps) > len(possible) / 2


def test_crossings_go_both_ways_anywhere() -> None:
    levels = draw_levels(source(), LevelSettings(0, 0, 1), 2000, 10)
    moves = np.diff(levels, axis=1)
    assert ((moves > 0).sum(0) > 50).all()
    assert ((moves < 0).sum(0) > 50).all()
    pairs = {(a, b) for row in levels.tolist() for a, b in pairwise(row)}
    assert len(pairs) == 256


def test_latents_stand_for_the_four_frames_up_to_their_step() -> None:
    assert frames_of(np.array([1, 5])).tolist() == [[3, 2, 1, 0], [11, 10, 9, 8]]


@pytest.mark.parametrize("length", [1, 2, 5, 9])
def test_chunks_lie_within_the_sequence_one_behind_the_other(length: int) -> None:
    for seed in range(20):
        steps = draw_steps(source(seed), 20, length)
        assert steps.shape == (length, (9 + (steps.max() % 2)) // length)
        assert steps.min() >= 1
        assert steps.max() <= 19
        in_time = steps[::-1].T.reshape(-1)  # chunks in time, oldest latent first
        assert (np.diff(in_time) == 2).all()


def test_a_batch_follows_from_seed_and_step(configuration: Configuration, store: FeatureStore) -> None:
    batches = BatchSource(store, configuration)
    one, same, other = batches.batch(5), BatchSource(store, configuration).batch(5), batches.batch(6)
    assert np.array_equal(one.features, same.features)
    assert np.array_equal(one.levels, same.levels)
    assert not np.array_equal(one.features, other.features)
    halves = [one.shard(index, 2) for index in (0, 1)]
    assert np.array_equal(np.concatenate([half.features for half in halves]), one.features)
    assert np.array_equal(np.concatenate([half.levels for half in halves], axis=2), one.levels)


def test_too_few_features_are_refused(configuration: Configuration, store: FeatureStore) -> None:
    few = FeatureStore(store.features[:23], store.clips, "tracker", "")
    with pytest.raises(TrainingError, match="T3"):
        BatchSource(few, configuration)
