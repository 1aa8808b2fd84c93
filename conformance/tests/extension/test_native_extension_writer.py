"""The native writer of padding areas: libopus' own cases (facts 10.5) and round trips."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dred_native
from dred_native import DredError

type_of_extension = tuple[int, int, bytes]

FOUR = [(3, 0, b"a"), (32, 10, b"DRED"), (33, 1, b"NOT DRED"), (4, 4, b"")]
FOUR_WRITTEN = b"\x07a" + b"\x02\x43\x08NOT DRED" + b"\x03\x03\x08" + b"\x03\x06\x40DRED"
THIRTEEN = [
    (3, 0, b"a"),
    (3, 1, b"b"),
    (3, 2, b"c"),
    (4, 0, b"d"),
    (4, 1, b""),
    (4, 2, b""),
    (32, 2, b"DRED2"),
    (32, 1, b"DRED"),
    (5, 1, b""),
    (5, 2, b""),
    (6, 2, b"f"),
    (6, 1, b"e"),
    (32, 2, b"DREDthree"),
]
# Bytes that libopus needs for the first 0, 1, 2, .. of them over three frames.
THIRTEEN_LENGTHS = [0, 2, 5, 5, 7, 9, 10, 16, 21, 23, 22, 26, 25, 37]


def by_frame(extensions: Any) -> list[type_of_extension]:
    """A writer may move extensions between frames, never inside one."""
    return sorted(extensions, key=lambda extension: extension[1])


def refusal(*arguments: Any, **more: Any) -> str:
    with pytest.raises(DredError) as caught:
        dred_native.write_extensions(*arguments, **more)
    assert (caught.value.stage, caught.value.position) == ("extension", None)
    return caught.value.rule


@pytest.mark.clause("EXT-write", "EXT-write-separator", "EXT-write-last")
def test_four_extensions_on_eleven_frames() -> None:
    assert len(FOUR_WRITTEN) == 23
    assert dred_native.write_extensions(FOUR, 11) == FOUR_WRITTEN
    assert dred_native.write_extensions(FOUR, 11, size=23) == FOUR_WRITTEN
    assert by_frame(dred_native.parse_extensions(FOUR_WRITTEN, 11)) == by_frame(FOUR)


@pytest.mark.clause("EXT-write-pad")
def test_padding_goes_in_front() -> None:
    assert dred_native.write_extensions(FOUR, 11, size=27, pad=True) == b"\x01" * 4 + FOUR_WRITTEN
    assert dred_native.write_extensions(FOUR, 11, size=23, pad=True) == FOUR_WRITTEN
    assert dred_native.write_extensions([], 1, size=3, pad=True) == b"\x01" * 3


@pytest.mark.clause("EXT-write-limits")
@pytest.mark.parametrize("size", range(23))
def test_every_smaller_size_is_refused(size: int) -> None:
    assert refusal(FOUR, 11, size=size) == "W2"


@pytest.mark.clause("EXT-write-limits")
@pytest.mark.parametrize(
    ("extensions", "frames", "more"),
    [
        ([(256, 0, b"")], 11, {}),
        ([(128, 0, b"")], 11, {}),
        ([(2, 0, b"")], 11, {}),
        ([(-1, 0, b"")], 11, {}),
        ([(2**70, 0, b"")], 11, {}),
        ([(3, 0, b"")], 49, {}),
        ([(3, 0, b"")], 0, {}),
        ([(3, -1, b"")], 11, {}),
        ([(3, 11, b"")], 11, {}),
        ([(3, 0, b"four")], 11, {}),
        ([(31, 0, b"ab")], 11, {}),
        ([(3, 0, b"")], 11, {"size": -1}),
        ([(3, 0, b"")], 11, {"size": 2**31 - 1, "pad": True}),
    ],
)
def test_arguments_out_of_range(extensions: Any, frames: int, more: Any) -> None:
    assert refusal(extensions, frames, **more) == "W1"


@pytest.mark.clause("EXT-error-keeps", "EXT-fit", "EXT-frame-range")
def test_damaged_copies_of_the_four_fail_where_libopus_says() -> None:
    overlong = bytearray(FOUR_WRITTEN)
    overlong[4] = 255
    moved = bytearray(FOUR_WRITTEN)
    moved[14] = 255
    for area, frames, count in ((overlong, 11, 1), (FOUR_WRITTEN, 5, 3), (moved, 11, 2)):
        with pytest.raises(DredError) as caught:
            dred_native.parse_extensions(area, frames)
        assert len(caught.value.extensions) == count


@pytest.mark.clause("EXT-write-repeat")
@pytest.mark.parametrize("count", range(14))
def test_repetition_gives_the_lengths_of_libopus(count: int) -> None:
    area = dred_native.write_extensions(THIRTEEN[:count], 3)
    assert len(area) == THIRTEEN_LENGTHS[count]
    assert by_frame(dred_native.parse_extensions(area, 3)) == by_frame(THIRTEEN[:count])


@pytest.mark.clause("EXT-repeat-ignored", "EXT-repeat-source")
def test_variants_of_the_repeated_areas_read_the_same() -> None:
    six = dred_native.write_extensions(THIRTEEN[:6], 3)
    in_last_frame = dred_native.parse_extensions(six + b"\x04\xff\xff", 3)
    assert by_frame(in_last_frame) == by_frame(THIRTEEN[:6])
    for count, inserted in ((8, b"\x01"), (10, b"\x03\x00")):
        area = dred_native.write_extensions(THIRTEEN[:count], 3)
        place = area.index(b"\x05") if b"\x05" in area[:4] else area.index(b"\x04")
        changed = area[:place] + inserted + area[place:]
        assert by_frame(dred_native.parse_extensions(changed, 3)) == by_frame(THIRTEEN[:count])


@pytest.mark.clause("EXT-repeat-trailing")
def test_a_repeat_without_room_for_the_short_payloads_keeps_what_came_before() -> None:
    extensions = [(32, 0, b"a"), (3, 0, b"x"), (32, 1, b"b"), (3, 1, b"y"), (32, 2, b"c"), (3, 2, b"z")]
    area = dred_native.write_extensions(extensions, 3)
    assert area.endswith(b"\x01bycz")
    with pytest.raises(DredError) as caught:
        dred_native.parse_extensions(area[:-2], 3)
    assert (caught.value.rule, caught.value.position) == ("E5", len(area) - 2)
    assert list(caught.value.extensions) == extensions[:4]


@st.composite
def extension_lists(draw: st.DrawFn) -> tuple[int, list[type_of_extension]]:
    frames = draw(st.integers(1, 48) | st.integers(1, 4))
    ids = st.sampled_from([3, 4, 32, 33, 126]) | st.integers(3, 127)
    pairs = draw(st.lists(st.tuples(ids, st.integers(0, frames - 1)), max_size=30))
    if draw(st.booleans()):
        pairs = [(extension_id, frame) for frame in range(frames) for extension_id, _ in pairs[:4]]
    sizes = st.integers(0, 3) | st.sampled_from([254, 255, 256, 510])
    payloads = [draw(st.binary(max_size=1)) if i < 32 else bytes([i]) * draw(sizes) for i, _ in pairs]
    return frames, [(*pair, payload) for pair, payload in zip(pairs, payloads, strict=True)]


@pytest.mark.clause("EXT-write", "EXT-write-repeat", "EXT-write-last", "EXT-repeat")
@given(extension_lists())
def test_what_is_written_is_read_again(drawn: tuple[int, list[type_of_extension]]) -> None:
    frames, extensions = drawn
    area = dred_native.write_extensions(extensions, frames)
    assert by_frame(dred_native.parse_extensions(area, frames)) == by_frame(extensions)
    assert dred_native.write_extensions(extensions, frames, size=len(area)) == area
    if area:
        assert refusal(extensions, frames, size=len(area) - 1) == "W2"
