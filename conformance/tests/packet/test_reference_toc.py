"""The TOC byte against the table of RFC 6716, written out once more."""

import pytest

from dred_reference.packet import CONFIGURATIONS, frame_samples, read_toc, write_toc

MODES = ["SILK"] * 12 + ["Hybrid"] * 4 + ["CELT"] * 16
BANDWIDTHS = (
    ["NB"] * 4
    + ["MB"] * 4
    + ["WB"] * 4
    + ["SWB"] * 2
    + ["FB"] * 2
    + ["NB"] * 4
    + ["WB"] * 4
    + ["SWB"] * 4
    + ["FB"] * 4
)
DURATIONS_MS = [10, 20, 40, 60] * 3 + [10, 20] * 2 + [2.5, 5, 10, 20] * 4


def samples_from_bits(toc: int, rate: int) -> int:
    """The rule of facts.md 1.1, which looks at the bits of the TOC byte instead of a table."""
    if toc & 0x80:
        return (rate << ((toc >> 3) & 3)) // 400
    if toc & 0x60 == 0x60:
        return rate // 50 if toc & 0x08 else rate // 100
    size = (toc >> 3) & 3
    return rate * 60 // 1000 if size == 3 else (rate << size) // 100


@pytest.mark.clause("RFC6716-3.1-toc")
def test_configurations_are_those_of_the_table() -> None:
    assert [c.mode for c in CONFIGURATIONS] == MODES
    assert [c.bandwidth for c in CONFIGURATIONS] == BANDWIDTHS
    assert [c.frame_ms for c in CONFIGURATIONS] == DURATIONS_MS


@pytest.mark.clause("RFC6716-3.1-toc")
@pytest.mark.parametrize("rate", [8000, 12000, 16000, 24000, 48000, 96000])
def test_frame_samples_follow_from_the_bits(rate: int) -> None:
    for toc in range(256):
        assert frame_samples(toc >> 3, rate) == samples_from_bits(toc, rate)


@pytest.mark.clause("RFC6716-3.1-toc")
def test_toc_fields_stand_where_they_should() -> None:
    assert read_toc(0b01010_1_11) == (10, True, 3)
    assert read_toc(0b11111_0_00) == (31, False, 0)
    assert all(write_toc(*read_toc(byte)) == byte for byte in range(256))
