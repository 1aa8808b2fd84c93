"""The order of feature frames, and the files that hold them."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_conformance.comparison import compare_features
from dred_conformance.upstream import (
    Record,
    UpstreamError,
    chronological,
    newest_first,
    read_feature_file,
    records_of,
    write_feature_file,
)


def frames_of(latents: int, first: int = 0) -> NDArray[np.float32]:
    """Return frames whose first feature is the order in which they come out of the network."""
    frames = np.zeros((4 * latents, 20), dtype=np.float32)
    frames[:, 0] = np.arange(first, first + 4 * latents)
    return frames


@pytest.mark.parametrize("latents", [0, 1, 2, 25])
def test_the_order_is_that_of_the_definition(latents: int) -> None:
    """From the last chunk down in steps of two, each latent's four frames go to 2i - 2 .. 2i + 1, turned."""
    frames = frames_of(latents)
    expected = np.zeros_like(frames)
    chunks = 2 * latents
    for number, i in enumerate(range(chunks - 1, -1, -2)):
        newest_to_oldest = frames[4 * number : 4 * number + 4]
        expected[2 * i - 2 : 2 * i + 2] = newest_to_oldest[::-1]
    assert np.array_equal(chronological(frames), expected)
    assert len(expected) == 2 * chunks


def test_it_is_its_own_inverse_and_keeps_the_type() -> None:
    frames = frames_of(3)
    assert np.array_equal(newest_first(chronological(frames)), frames)
    assert chronological(frames).dtype == np.float32
    assert chronological(frames.astype(np.float64)).dtype == np.float64


def test_the_result_does_not_share_the_memory_of_the_argument() -> None:
    frames = frames_of(1)
    chronological(frames)[:] = -1
    assert frames[0, 0] == 0


@pytest.mark.parametrize("shape", [(3, 20), (4, 80), (80,), (1, 4, 20)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(UpstreamError, match="features of shape"):
        chronological(np.zeros(shape))


def test_records_follow_each_other_in_the_file_the_last_one_last(tmp_path: Path) -> None:
    records = [Record(6, 4, b""), Record(7, 0, b""), Record(8, 2, b"")]
    made = [frames_of(2), frames_of(0), frames_of(1, first=100)]
    path = tmp_path / "a.f32"
    write_feature_file(path, [chronological(each) for each in made])
    assert path.stat().st_size == 80 * sum(record.frame_count for record in records)
    read = read_feature_file(path)
    assert read[:, 0].tolist() == [7, 6, 5, 4, 3, 2, 1, 0, 103, 102, 101, 100]
    parts = records_of(read, records)
    assert [newest_first(part).tolist() for part in parts] == [each.tolist() for each in made]


def test_a_file_that_fits_its_records_badly_is_refused() -> None:
    for count in (0, 11, 13):
        with pytest.raises(UpstreamError, match=f"{count} frames of features, the records stand for 12"):
            records_of(np.zeros((count, 20)), [Record(0, 4, b""), Record(0, 2, b"")])
    assert records_of(np.zeros((0, 20)), []) == []


def test_float32_values_survive_bit_by_bit(tmp_path: Path) -> None:
    values = np.random.default_rng(1).normal(size=(8, 20)).astype(np.float32)
    values[0, 0] = np.nan
    write_feature_file(tmp_path / "a.f32", [values[:4], values[4:]])
    assert (tmp_path / "a.f32").read_bytes() == values.astype("<f4").tobytes()
    assert np.array_equal(read_feature_file(tmp_path / "a.f32"), values, equal_nan=True)


def test_bad_files_and_shapes_are_errors(tmp_path: Path) -> None:
    (tmp_path / "cut.f32").write_bytes(bytes(100))
    with pytest.raises(UpstreamError, match="1 frames of 80 bytes and 20 more"):
        read_feature_file(tmp_path / "cut.f32")
    with pytest.raises(UpstreamError, match="cannot be read"):
        read_feature_file(tmp_path / "missing.f32")
    with pytest.raises(UpstreamError, match="cannot be written"):
        write_feature_file(tmp_path / "nowhere" / "a.f32", [])
    with pytest.raises(UpstreamError, match="features of shape"):
        write_feature_file(tmp_path / "a.f32", [np.zeros((4, 36))])


def test_a_file_in_the_wrong_order_does_not_pass(tmp_path: Path) -> None:
    """What the order is for: the comparison of a decoder that gives its frames newest first must fail."""
    frames = frames_of(5) / 10
    frames[:, 19] = 0.5
    right = chronological(frames)
    assert compare_features(right, right).passed
    assert not compare_features(right, frames).passed
