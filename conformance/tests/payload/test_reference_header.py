"""Header and schedule: the check values of facts.md A3 and A4, and all values in turn."""

import pytest

from dred_reference.errors import WriteError
from dred_reference.payload import Header, decode_header, encode_header
from dred_reference.range_decoder import RangeDecoder
from dred_reference.range_encoder import RangeEncoder
from dred_reference.schedule import quantiser_level


def encode(header: Header) -> tuple[int, bytes]:
    encoder = RangeEncoder(100)
    encode_header(encoder, header)
    tell = encoder.tell()
    encoder.shrink((tell + 7) // 8)
    return tell, encoder.finish()


@pytest.mark.clause("DRED-header-q0", "DRED-header-dq", "DRED-offset-low", "DRED-offset-extra", "DRED-qmax")
@pytest.mark.parametrize(
    ("q0", "dq", "total_offset", "qmax", "tell", "data"),
    [
        (6, 5, 6, 15, 15, "6a30"),
        (6, 5, 118, 15, 23, "6b03b0"),
        (4, 3, 6, 9, 19, "4635c0"),
        (9, 0, 14, 15, 14, "9070"),
        (15, 7, 300, 15, 22, "ff0960"),
        (13, 1, 31, 14, 15, "d2fc"),
    ],
)
def test_check_values(q0: int, dq: int, total_offset: int, qmax: int, tell: int, data: str) -> None:
    header = Header(q0, dq, qmax, 16 - total_offset)
    assert encode(header) == (tell, bytes.fromhex(data))
    decoder = RangeDecoder(bytes.fromhex(data))
    assert decode_header(decoder) == header
    assert decoder.tell() == tell


@pytest.mark.clause("DRED-qmax", "DRED-write-qmax", "DRED-write-header")
def test_every_qmax() -> None:
    for q0 in range(16):
        for dq in range(8):
            is_coded = q0 < 14 and dq > 0
            for qmax in range(q0 + 1, 16) if is_coded else [15]:
                header = Header(q0, dq, qmax, 3)
                tell, data = encode(header)
                assert decode_header(RangeDecoder(data)) == header
                if not is_coded:
                    assert tell == 1 + 4 + 3 + 1 + 5


@pytest.mark.clause("DRED-offset-sign", "DRED-offset-extra", "DRED-offset-low", "DRED-frame-offset")
@pytest.mark.parametrize("offset", [16, 15, 0, -1, -15, -16, -17, -47, -48, -8175])
def test_offsets(offset: int) -> None:
    _, data = encode(Header(6, 3, 15, offset))
    assert decode_header(RangeDecoder(data)).offset == offset
    assert decode_header(RangeDecoder(data), 40).offset == offset + 40


@pytest.mark.clause("DRED-write-header", "DRED-write-qmax")
@pytest.mark.parametrize(
    "header",
    [
        Header(16, 0, 15, 0),
        Header(-1, 0, 15, 0),
        Header(0, 8, 15, 0),
        Header(0, -1, 15, 0),
        Header(6, 1, 6, 0),
        Header(6, 1, 16, 0),
        Header(6, 0, 14, 0),
        Header(14, 1, 14, 0),
        Header(6, 1, 15, 17),
        Header(6, 1, 15, -8176),
    ],
)
def test_what_cannot_be_coded_is_refused(header: Header) -> None:
    with pytest.raises(WriteError) as caught:
        encode(header)
    assert (caught.value.rule, caught.value.stage) == ("W1", "payload")


@pytest.mark.clause("DRED-schedule")
@pytest.mark.parametrize(
    ("q0", "dq", "qmax", "levels"),
    [
        (6, 5, 15, [6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15, 15]),
        (4, 3, 15, [4, 4, 5, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7, 8, 8, 8, 8, 9, 9, 9, 9, 10, 10, 10, 10]),
        (9, 5, 12, [9, 10, 10, 11, 11, 12, 12, 12]),
        (0, 1, 15, [0] * 4 + [1] * 8 + [2] * 8 + [3] * 6),
        (7, 0, 15, [7] * 30),
        (0, 7, 15, [*range(16), 15, 15]),
    ],
)
def test_schedules(q0: int, dq: int, qmax: int, levels: list[int]) -> None:
    assert [quantiser_level(q0, dq, qmax, index) for index in range(len(levels))] == levels


@pytest.mark.clause("DRED-schedule")
def test_halves_round_up() -> None:
    assert [quantiser_level(0, 1, 15, k) for k in (3, 4)] == [0, 1]  # 2 * 4 / 16 is a half
    assert [quantiser_level(0, 6, 15, k) for k in (1, 2)] == [1, 2]  # .75 and 1.5
