"""What is said about the header of a DRED payload; bytes from facts A3, times from 4.4 and 6.3."""

import pytest

NB20, NB10, CELT5, CELT2P5 = 1, 0, 17, 16


@pytest.mark.parametrize(
    ("data", "q0", "dq", "offset", "qmax"),
    [
        ("6a30", 6, 5, 10, 15), ("6b03b0", 6, 5, -102, 15), ("4635c0", 4, 3, 10, 9),
        ("9070", 9, 0, 2, 15), ("ff0960", 15, 7, -284, 15), ("d2fc", 13, 1, -15, 14),
    ],
)  # fmt: skip
def test_header_is_read_without_a_model(look, packets, data, q0, dq, offset, qmax) -> None:
    report = look(packets.dred(bytes.fromhex(data)))
    dred = report.dred
    assert (dred.q0, dred.dq, dred.offset_2p5ms, dred.qmax) == (q0, dq, offset, qmax)
    assert dred.offset_ms == 2.5 * offset
    assert dred.model is None
    assert dred.coverage is None
    assert dred.latents == ()
    assert report.absence is None


def finding(report, code: str):
    return next((each for each in report.findings if each.code == code), None)


@pytest.mark.parametrize(
    ("data", "config", "code", "words"),
    [
        (
            "6b03b0",
            NB20,
            "offset-negative",
            "255 ms before the start of the packet; the encoder left out about 280 ms",
        ),
        ("9070", NB20, "offset-low", "5 ms after the start of the packet; the encoder left out about 20 ms"),
        ("d2fc", CELT5, "offset-negative", "left out about 40 ms"),
    ],
)
def test_silence_is_what_lowers_an_offset(look, packets, data, config, code, words) -> None:
    note = finding(look(packets.dred(bytes.fromhex(data), config=config)), code)
    assert words in note.text
    assert note.severity == "note"


def header(offset: int) -> bytes:
    """q0 0, dQ 0, no extra offset: 4 + 3 + 1 bits of zero, then 16 - offset in 5 bits.

    The range coder codes the first symbols as their bits inverted: facts A5 has 0x00 read as q0 0, offset 16,
    and the offset below the top counts up as in A3.
    """
    return bytes([0x00, (16 - offset) << 3 & 0xFF, 0x00])


@pytest.mark.parametrize("offset", [-4, -2, 0])
def test_short_frames_have_low_offsets_without_silence(look, packets, offset: int) -> None:
    report = look(packets.dred(header(offset), config=CELT2P5))
    assert report.dred.offset_2p5ms == offset
    note = finding(report, "offset-zero" if offset == 0 else "offset-negative")
    assert "usual for frames of 2.5 ms" in note.text


def test_offset_zero_is_said_to_be_the_start_of_the_packet(look, packets) -> None:
    note = finding(look(packets.dred(header(0), config=NB20)), "offset-zero")
    assert "offset 0: the newest coded speech ends at the start of the packet" in note.text
    assert "40 ms of silence" in note.text


def test_usual_offsets_need_no_words(look, packets) -> None:
    for config, offset in ((NB20, 10), (NB20, 9), (NB10, 2), (NB10, 6), (CELT5, 4)):
        report = look(packets.dred(header(offset), config=config))
        assert report.dred.offset_2p5ms == offset
        assert not [each for each in report.findings if each.code.startswith("offset")]


@pytest.mark.clause("DRED-first-frame", "DRED-frame-offset")
def test_offset_counts_from_the_packet_not_from_the_frame(look, packets) -> None:
    area = bytes([0x02]) + packets.long_extension(126, packets.PREFIX + bytes.fromhex("6a30"))
    report = look(packets.code3(area, frames=3, config=NB20))
    assert (report.dred.frame, report.dred.frame_offset_2p5ms) == (1, 8)
    assert report.dred.offset_2p5ms == 18
    broken = finding(report, "dred-not-on-first-frame")
    assert (broken.severity, broken.clause) == ("should", "DRED-first-frame")


@pytest.mark.clause("DRED-one-per-frame", "DRED-one-per-packet", "DRED-locate-first")
def test_two_dreds_on_a_frame_and_in_a_packet(look, packets) -> None:
    payload = packets.PREFIX + bytes.fromhex("6a30")
    first = packets.long_extension(126, payload, last=False)
    second = packets.PREFIX + bytes.fromhex("9070")
    twice = look(packets.code3(first + packets.long_extension(126, second)))
    assert twice.dred.q0 == 6
    broken = finding(twice, "dred-twice-on-frame")
    assert (broken.severity, broken.clause) == ("must", "DRED-one-per-frame")
    data = packets.code3(first + packets.long_extension(126, second))
    assert data[broken.start_bit // 8 : broken.end_bit // 8] == second
    apart = look(packets.code3(first + b"\x02" + packets.long_extension(126, payload), frames=2))
    assert finding(apart, "dred-twice-on-frame") is None
    assert finding(apart, "dred-twice-in-packet").severity == "should"


@pytest.mark.clause("EXT-error-keeps")
def test_extensions_that_break_off_behind_the_dred_do_not_reject_it(look, packets) -> None:
    area = packets.long_extension(126, packets.PREFIX + b"\x6a\x30", last=False) + b"\xfd\xff"
    report = look(packets.code3(area))
    assert report.dred.q0 == 6
    assert report.rejection is None
    assert (
        "(rule E3); decoders use the DRED all the same" in finding(report, "extension-error-after-dred").text
    )


def test_dred_of_both_profiles(look, packets) -> None:
    area = packets.long_extension(32, b"\x6a", last=False) + packets.long_extension(
        126, packets.PREFIX + b"\x6a\x30"
    )
    assert "draft-32" in finding(look(packets.code3(area)), "other-profile").text


def test_self_delimited_packets(look, packets) -> None:
    area = packets.long_extension(126, packets.PREFIX + bytes.fromhex("6a30"))
    data = bytes([0x0B, 0x41, len(area), 2]) + b"\xaa\xbb" + area
    report = look(data, self_delimited=True)
    assert report.frame_bytes == (2,)
    assert report.dred.q0 == 6
