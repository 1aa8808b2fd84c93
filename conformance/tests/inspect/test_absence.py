"""Why there is no DRED, in words."""

import pytest

from dred_conformance.inputs import InputError

ZEROS = bytes(30)


def code_and_text(report) -> tuple[str, str]:
    assert report.dred is None
    return report.absence.code, report.absence.text


@pytest.mark.parametrize(
    ("packet", "words"),
    [
        ("48aabb", "frame count code is 0 (one frame)"),
        ("49aabb", "frame count code is 1 (two frames of the same size)"),
        ("4a01aabb", "frame count code is 2 (two frames, the size of the first is given)"),
    ],
)
def test_packets_that_cannot_have_padding(look, packet: str, words: str) -> None:
    code, text = code_and_text(look(bytes.fromhex(packet)))
    assert code == "no-code-3"
    assert words in text
    assert "only code 3 can have padding" in text


def test_code_3_without_padding(look, packets) -> None:
    assert code_and_text(look(packets.code3(None)))[0] == "no-padding-flag"
    assert code_and_text(look(packets.code3(b"")))[0] == "padding-empty"


def test_plain_padding(look, packets) -> None:
    code, text = code_and_text(look(packets.code3(ZEROS)))
    assert code == "padding-zeros"
    assert "all 30 padding bytes are zero" in text


@pytest.mark.parametrize("area", ["0101", "0300", "00ff", "0100aa"])
def test_padding_without_extension(look, packets, area: str) -> None:
    assert code_and_text(look(packets.code3(bytes.fromhex(area))))[0] == "padding-filler"


def test_other_extensions_are_named(look, packets) -> None:
    area = packets.long_extension(124, b"x", last=False) + packets.long_extension(33, b"y")
    code, text = code_and_text(look(packets.code3(area)))
    assert code == "no-dred-id"
    assert "2 extensions (33, 124 (QEXT, experimental))" in text
    assert "none with id 126" in text


def test_other_wire_profile_is_proposed(look, packets) -> None:
    drafts = packets.code3(packets.long_extension(32, b"\x6a\x30"))
    code, text = code_and_text(look(drafts))
    assert code == "no-dred-id"
    assert "try --wire draft-32" in text
    assert look(drafts, wire="draft-32").dred.q0 == 6
    experimental = packets.dred(b"\x6a\x30")
    assert "try --wire experimental-12" in code_and_text(look(experimental, wire="draft-32"))[1]


@pytest.mark.clause("DRED-version")
@pytest.mark.parametrize(
    ("payload", "code", "words"),
    [
        (b"D\x0a" + ZEROS, "other-version", "version 10: experimental-10, sent by libopus 1.5"),
        (b"D\x0b" + ZEROS, "other-version", "version 11, which nobody here knows"),
        (b"X\x0c" + ZEROS, "other-experiment", "does not start with the letter D (44)"),
        (b"", "too-short", "0 bytes, experimental-12 needs 3 at least (rule D1)"),
        (b"D", "too-short", "1 byte, experimental-12 needs 3 at least"),
        (b"D\x0c", "too-short", "2 bytes"),
    ],
)
def test_id_126_that_is_no_dred_of_this_version(look, packets, payload: bytes, code: str, words: str) -> None:
    found, text = code_and_text(look(packets.code3(packets.long_extension(126, payload))))
    assert found == code
    assert words in text


def test_the_version_outranks_the_shorter_candidates(look, packets) -> None:
    area = packets.long_extension(126, b"", last=False) + packets.long_extension(126, b"D\x0a" + ZEROS)
    assert code_and_text(look(packets.code3(area)))[0] == "other-version"


def test_extensions_that_break_off(look, packets) -> None:
    area = packets.long_extension(33, b"ok", last=False) + bytes.fromhex("fd ff 00")
    report = look(packets.code3(area))
    code, text = code_and_text(report)
    assert code == "extension-error"
    position = len(packets.code3(area)) - 3
    assert f"byte {position} of the packet" in text
    assert (report.rejection.rule, report.rejection.position) == ("E3", position)
    assert [extension.id for extension in report.extensions] == [33]


@pytest.mark.parametrize(
    ("packet", "rule", "position"),
    [("", "R1", 0), ("4b31", "R5", 1), ("4b", "R6", 1), ("49aa bb cc", "R3", 1), ("4aff", "R4", None),
     ("4b00aa", "R5", 1), ("4b4105aa", "R6", 2), ("4bc205aa", "R7", 2)],
)  # fmt: skip
def test_invalid_packets_name_the_rule(look, packet: str, rule: str, position: int | None) -> None:
    report = look(bytes.fromhex(packet))
    assert report.absence.code == "packet-error"
    assert f"rule {rule}" in report.absence.text
    assert report.rejection.rule == rule
    if position is not None:
        assert report.rejection.position == position


def test_lost_and_unreadable_records(look) -> None:
    assert code_and_text(look(b"", lost=True))[0] == "lost"
    report = look(b"", fault=InputError("I2", "cut", position=7))
    assert report.absence.code == "input-fault"
    assert (report.fault.rule, report.fault.position, report.fault.stage) == ("I2", 7, "input")


def test_broken_extensions_behind_a_foreign_version_are_still_rejected(look, packets) -> None:
    area = packets.long_extension(126, b"D\x0a" + ZEROS, last=False) + b"\xfd\xff"
    report = look(packets.code3(area))
    assert report.absence.code == "other-version"
    assert report.rejection.rule == "E3"
