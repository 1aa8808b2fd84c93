"""Which field and bit lies under a difference: against positions worked out by hand from the texts."""

from pathlib import Path
from typing import Any

import pytest

from dred_conformance.report.bit_map import MOST_BYTES, MOST_FIELDS, bit_map
from dred_conformance.runner.verdict import Difference
from dred_conformance.vectors.case import Case, ExpectedError

NOWHERE = Path("/no/such/vectors")  # models are then found, or made from their names

# A code 3 packet: TOC, count byte (VBR, padding, 2 frames), padding length 3, length of frame 0, two frames,
# padding with one short extension 03 for frame 0, a separator and another for frame 1.
PACKET = "0b" + "c2" + "05" + "01" + "aa" + "bbcc" + "0761" + "03" + "0105"


def case_of(op: str, given: dict[str, Any], expected: Any = None, error: ExpectedError | None = None) -> Case:
    result = "valid" if error is None else "invalid"
    fixed = ("a comment", ("RFC6716-3.1-toc",), (), "packet", op, given, result, expected, error)
    return Case("a-case-00000000", *fixed, "must", "constructed", ())


def under(case: Case, path: str, expected: Any = 0, actual: Any = 1) -> tuple[Any, Any]:
    """Return the name of the field under a difference, and the bit."""
    found = bit_map(case, Difference(path, expected, actual), NOWHERE)
    assert found is not None
    return None if found["under"] is None else found["fields"][found["under"]]["name"], found["bit"]


@pytest.mark.parametrize(
    ("path", "field", "bit"),
    [
        ("config", "toc.config", 0),
        ("stereo", "toc.stereo", 5),
        ("code", "toc.code", 6),
        ("frames (number of items)", "count.frames", 10),
        ("frames[0]", "frames[0]", 32),
        ("frames[1]", "frames[1]", 40),
        ("padding", "padding", 56),
        ("consumed", "padding.length", 16),
    ],
)
def test_members_of_a_packet(path: str, field: str, bit: int) -> None:
    assert under(case_of("packet", {"packet": PACKET}, {}), path) == (field, bit)


PADDING = "0761" + "0302" + "41024142" + "0d"


@pytest.mark.parametrize(
    ("path", "expected", "actual", "field", "bit"),
    [
        ("result[0].id", 3, 4, "id", 0),
        ("result[0].payload", "61", "62", "payload", 8),
        ("result[1].id", 32, 33, "id", 32),
        ("result[1].frame", 2, 1, "id", 32),
        ("result[1].payload", "4142", "4143", "payload", 48),
        ("result (number of items)", 3, 1, "payload", 48),
        ("result (number of items)", 3, 5, None, None),
    ],
)
def test_members_of_a_padding_area(
    path: str, expected: Any, actual: Any, field: str | None, bit: int | None
) -> None:
    case = case_of("extension", {"padding": PADDING, "frame_count": 3}, [])
    assert under(case, path, expected, actual) == (field, bit)


def test_a_repeated_extension_has_no_header_of_its_own() -> None:
    case = case_of("extension", {"padding": "0761" + "04" + "6263", "frame_count": 3}, [])
    assert under(case, "result[1].frame") == ("payload", 24)


def test_the_header_of_a_payload_stands_behind_its_prefix() -> None:
    case = case_of(
        "payload",
        {"payload": "440c6633ffa4d4cb4fa37e4fb9", "wire": "experimental-12", "model": "synthetic-1"},
        {},
    )
    assert under(case, "q0") == ("q0", 16)
    assert under(case, "dq") == ("dq", 20)
    assert under(case, "offset") == ("offset.low", 24)
    name, bit = under(case, "state[3]")
    assert name == "state[3]"
    assert 24 < bit < 104


def test_a_payload_inside_a_packet_counts_bits_of_the_packet() -> None:
    packet = "4b4111" + "aabbcc" + "fc440c6633ffa4d4cb4fa37e4fb9aaaabb"
    case = case_of("payload", {"packet": packet, "wire": "experimental-12", "model": "synthetic-1"}, {})
    start = 8 * 7  # TOC, count, padding length, three bytes of frame, header of the extension
    assert under(case, "q0") == ("q0", start + 16)
    assert under(case, "frame") == ("id", start - 8)
    assert under(case_of("availability", dict(case.input), {}), "dred_end") == ("offset.low", start + 24)


def test_a_frame_of_features_belongs_to_a_latent() -> None:
    given = {
        "payload": "440c" + "6633ffa4d4cb4fa37e4fb9" * 6,
        "wire": "experimental-12",
        "model": "synthetic-1",
    }
    case = case_of("feature", given, {})
    assert under(case, "features, frame 3, feature 7")[0] == "latents[0][0]"
    assert under(case, "features, frame 4, feature 0")[0] == "latents[1][0]"
    latent = case_of("latent", given, {})
    assert under(latent, "latents[0]")[0] == "latents[0][0]"
    assert under(latent, "latents[27]")[0] == "latents[1][1]"  # 25 values and the level before it
    assert (
        under(latent, "latents[25]")[0] == "latents[0][24]"
    )  # the level has no symbol: the last one is named


def test_raw_bits_stand_at_the_end_of_the_data() -> None:
    steps = [["bits", 3], ["uint", 16], ["bits", 5]]
    case = case_of("range_decode", {"data": "0f00ff", "steps": steps}, {})
    assert under(case, "values[0]") == ("steps[0].raw", 21)
    assert under(case, "values[1]") == ("steps[1]", 0)
    assert under(case, "values[2]") == ("steps[2].raw", 16)


def test_written_bytes_are_compared_bit_by_bit() -> None:
    case = case_of("packet_write", {"config": 1}, {"packet": PACKET})
    assert under(case, "packet", PACKET, PACKET[:10] + "ba" + PACKET[12:]) == ("frames[1]", 47)
    assert under(case, "packet", PACKET, PACKET[:8]) == ("frames[0]", 32)
    assert under(case, "packet", PACKET, "0f" + PACKET[2:]) == ("toc.stereo", 5)
    assert under(case, "packet", PACKET, PACKET + "00") == (None, 4 * len(PACKET))
    assert under(case, "packet", PACKET, "no hex") == (None, None)


def test_a_rejection_is_shown_where_the_fault_is() -> None:
    error = ExpectedError(("R5",), 1)
    found = bit_map(case_of("packet", {"packet": "0b07"}, None, error), None, NOWHERE)
    assert found is not None
    assert found["bit"] == 8
    without_position = bit_map(
        case_of("packet", {"packet": "0b07"}, None, ExpectedError(("R5",))), None, NOWHERE
    )
    assert without_position is not None
    assert without_position["bit"] == 8, "the literal decoder knows the place"


def test_cases_without_bytes_have_no_map() -> None:
    assert bit_map(case_of("feature", {"state": "", "latents": ""}, {}), None, NOWHERE) is None
    assert bit_map(case_of("packet_write", {}, None, ExpectedError(("W1",))), None, NOWHERE) is None


@pytest.mark.parametrize(
    ("wire", "model"), [("experimental-12", "nobody-1"), ("of-the-future", "synthetic-1")]
)
@pytest.mark.parametrize("source", ["payload", "packet"])
def test_an_unknown_model_or_wire_profile_costs_only_the_fields(source: str, wire: str, model: str) -> None:
    given = {source: "440c6633", "wire": wire, "model": model}
    found = bit_map(case_of("payload", given, {}), Difference("q0", 1, 2), NOWHERE)
    assert found is not None
    assert found["hex"] == "440c6633"
    assert [field for field in found["fields"] if field["source"] == "payload"] == []


def test_large_inputs_are_shown_around_the_difference() -> None:
    given = {"payload": "440c" + "a55a" * 1000, "wire": "experimental-12", "model": "synthetic-1"}
    found = bit_map(case_of("payload", given, {}), Difference("latents[40][3]", 1, 2), NOWHERE)
    assert found is not None
    assert found["size"] == 2002
    assert len(found["hex"]) <= 2 * MOST_BYTES
    assert len(found["fields"]) <= MOST_FIELDS < found["fields_read"]
    assert found["fields"][found["under"]]["name"] == "latents[40][3]"
    assert found["first_byte"] <= found["bit"] // 8 < found["first_byte"] + len(found["hex"]) // 2
