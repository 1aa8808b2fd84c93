"""Writing padding areas: the worked examples of facts.md 10.5, and round trips."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dred_reference.errors import ExtensionError, WriteError
from dred_reference.extension import Extension, parse_extensions, write_extensions

EXAMPLE = [
    Extension(3, 0, b"a"),
    Extension(32, 10, b"DRED"),
    Extension(33, 1, b"NOT DRED"),
    Extension(4, 4, b""),
]
EXAMPLE_AREA = b"\x07a\x02\x43\x08NOT DRED\x03\x03\x08\x03\x06\x40DRED"

REPEATABLE = [
    Extension(3, 0, b"a"),
    Extension(3, 1, b"b"),
    Extension(3, 2, b"c"),
    Extension(4, 0, b"d"),
    Extension(4, 1, b""),
    Extension(4, 2, b""),
    Extension(32, 2, b"DRED2"),
    Extension(32, 1, b"DRED"),
    Extension(5, 1, b""),
    Extension(5, 2, b""),
    Extension(6, 2, b"f"),
    Extension(6, 1, b"e"),
    Extension(32, 2, b"DREDthree"),
]
LENGTHS = [0, 2, 5, 5, 7, 9, 10, 16, 21, 23, 22, 26, 25, 37]


def by_frame(extensions: tuple[Extension, ...] | list[Extension]) -> list[Extension]:
    return sorted(extensions, key=lambda extension: extension.frame)


@pytest.mark.clause("EXT-write", "EXT-write-separator", "EXT-write-last")
def test_the_example() -> None:
    assert write_extensions(EXAMPLE, 11) == EXAMPLE_AREA
    assert len(EXAMPLE_AREA) == 23


@pytest.mark.clause("EXT-write-pad")
def test_the_example_padded() -> None:
    assert write_extensions(EXAMPLE, 11, size=27, pad=True) == b"\x01" * 4 + EXAMPLE_AREA
    assert write_extensions(EXAMPLE, 11, size=27) == EXAMPLE_AREA
    assert write_extensions([], 1, size=3, pad=True) == b"\x01" * 3


@pytest.mark.clause("EXT-write-limits", "EXT-write-separator")
def test_every_smaller_size_is_refused() -> None:
    for size in range(23):
        with pytest.raises(WriteError, match="W2"):
            write_extensions(EXAMPLE, 11, size=size)
    assert write_extensions(EXAMPLE, 11, size=23) == EXAMPLE_AREA


@pytest.mark.clause("EXT-write-limits")
@pytest.mark.parametrize(
    ("extension", "frames"),
    [
        (Extension(256, 0, b"a"), 11),
        (Extension(128, 0, b"a"), 11),
        (Extension(2, 0, b"a"), 11),
        (Extension(0, 0, b""), 11),
        (Extension(33, 0, b"a"), 49),
        (Extension(33, 0, b"a"), 0),
        (Extension(33, -1, b"a"), 11),
        (Extension(33, 11, b"a"), 11),
        (Extension(3, 0, b"abcd"), 11),
        (Extension(31, 0, b"ab"), 11),
    ],
)
def test_arguments_out_of_range_are_refused(extension: Extension, frames: int) -> None:
    with pytest.raises(WriteError) as caught:
        write_extensions([extension], frames)
    assert (caught.value.rule, caught.value.stage, caught.value.position) == ("W1", "extension", None)


@pytest.mark.clause("EXT-write-pad", "EXT-write-limits")
def test_a_boundless_fill_is_refused() -> None:
    with pytest.raises(WriteError, match="W1"):
        write_extensions([], 1, pad=True)


@pytest.mark.clause("EXT-error-keeps", "EXT-frame-range", "EXT-long-lacing")
def test_damaged_copies_of_the_example() -> None:
    for index, value, frames, left in ((4, 255, 11, 1), (0, 7, 5, 3), (14, 255, 11, 2)):
        damaged = bytearray(EXAMPLE_AREA)
        damaged[index] = value
        with pytest.raises(ExtensionError) as caught:
            parse_extensions(bytes(damaged), frames)
        assert len(caught.value.extensions) == left


@pytest.mark.clause("EXT-write-repeat")
@pytest.mark.parametrize("count", range(14))
def test_repetition_gives_the_deployed_lengths(count: int) -> None:
    extensions = REPEATABLE[:count]
    area = write_extensions(extensions, 3)
    assert len(area) == LENGTHS[count]
    assert by_frame(parse_extensions(area, 3)) == by_frame(extensions)


@pytest.mark.clause("EXT-repeat-ignored")
def test_a_repeat_in_the_last_frame_hides_what_follows() -> None:
    area = write_extensions(REPEATABLE[:6], 3)
    assert by_frame(parse_extensions(area + b"\x04\xff\xff\xff", 3)) == by_frame(REPEATABLE[:6])


@pytest.mark.clause("EXT-padding-byte", "EXT-repeat-source")
def test_padding_in_front_of_the_repeat_changes_nothing() -> None:
    """With 8 extensions the first of each frame are repeated, so the third byte is the repeat."""
    area = write_extensions(REPEATABLE[:8], 3)
    assert area[2] in (0x04, 0x05)
    padded = area[:2] + b"\x01" + area[2:]
    assert by_frame(parse_extensions(padded, 3)) == by_frame(REPEATABLE[:8])


@pytest.mark.clause("EXT-separator-zero", "EXT-repeat-source")
def test_a_separator_of_zero_in_front_of_the_repeat_changes_nothing() -> None:
    area = write_extensions(REPEATABLE[:10], 3)
    assert area[2] in (0x04, 0x05)
    padded = area[:2] + b"\x03\x00" + area[2:]
    assert by_frame(parse_extensions(padded, 3)) == by_frame(REPEATABLE[:10])


@pytest.mark.clause("EXT-repeat-advance", "EXT-repeat-source")
def test_a_repeat_of_nothing_stands_for_a_separator() -> None:
    area = write_extensions(REPEATABLE, 3)
    position = area.rindex(b"\x02@DREDthree")  # the separator in front of the extensions of frame 2
    assert by_frame(parse_extensions(area[:position] + b"\x04" + area[position + 1 :], 3)) == by_frame(
        REPEATABLE
    )


@pytest.mark.clause("EXT-repeat-more", "EXT-repeat-source")
def test_several_repeats_in_a_frame() -> None:
    """8 extensions: 3 and then 4 are on each frame; announce them by one repeat each."""
    area = b"\x07a\x05bc" + b"\x08\x05" + b"\x02\x41\x04DRED\x02\x40DRED2"
    wanted = [
        *REPEATABLE[:3],
        Extension(4, 0, b""),
        *REPEATABLE[4:8],
    ]
    assert by_frame(parse_extensions(area, 3)) == by_frame(sorted(wanted, key=lambda e: (e.frame, e.id)))


@st.composite
def extension_lists(draw: st.DrawFn) -> tuple[list[Extension], int]:
    frames = draw(st.integers(1, 6) | st.integers(1, 48))
    payload = st.binary(max_size=4) | st.sampled_from([254, 255, 256, 510]).map(bytes)

    def extension(number: int) -> st.SearchStrategy[Extension]:
        size = st.binary(max_size=1) if number < 32 else payload
        return st.builds(Extension, st.just(number), st.integers(0, frames - 1), size)

    # Few numbers, so that frames often have the same ones and repeats are found.
    number = st.sampled_from([3, 4, 31, 32, 126]) | st.integers(3, 127)
    return draw(st.lists(number.flatmap(extension), max_size=24)), frames


@pytest.mark.clause("EXT-write", "EXT-write-repeat", "EXT-write-separator", "EXT-write-last", "EXT-order")
@given(case=extension_lists())
def test_what_is_written_is_read_back(case: tuple[list[Extension], int]) -> None:
    extensions, frames = case
    area = write_extensions(extensions, frames)
    assert by_frame(parse_extensions(area, frames)) == by_frame(extensions)
    assert write_extensions(extensions, frames, size=len(area) + 7, pad=True) == b"\x01" * 7 + area
    if area:
        with pytest.raises(WriteError, match="W2"):
            write_extensions(extensions, frames, size=len(area) - 1)


@pytest.mark.clause("EXT-write-repeat", "EXT-write-last", "EXT-repeat-trailing")
@given(
    kinds=st.lists(st.sampled_from([3, 4, 40, 41]), min_size=1, max_size=6),
    frames=st.integers(2, 6),
    extra=st.integers(0, 2),
    data=st.data(),
)
def test_frames_that_are_alike_are_written_as_repeats(
    kinds: list[int], frames: int, extra: int, data: st.DataObject
) -> None:
    extensions = [
        Extension(kind, frame, data.draw(st.binary(max_size=5)) if kind >= 32 else b"x")
        for frame in range(frames)
        for kind in kinds
    ]
    extensions += [Extension(9, frames - 1, b"")] * extra
    area = write_extensions(extensions, frames)
    assert by_frame(parse_extensions(area, frames)) == by_frame(extensions)
    headers = sum(not extension.repeated for extension in parse_extensions(area, frames))
    assert headers == len(kinds) + extra
