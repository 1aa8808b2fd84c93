"""Which extension of a packet is its DRED, and how much past audio the deployed API reports for it."""

from typing import Any

import numpy as np
import pytest

import dred_native
from dred_native import DredError, Model

EXPERIMENTAL = "experimental-12"


def silent_model() -> Model:
    """Return a model without symbols: all bits but those of the header are left over."""
    tables = [np.full((16, 1), value, dtype=np.uint8) for value in (1, 0, 0, 255)] * 2
    return Model("silent", 1, 1, *tables)


SILENT = silent_model()


def packet(extensions: Any, frames: int = 1, config: int = 1) -> bytes:
    body = dred_native.write_packet(config, False, 3, [b"a"] * frames)
    return dred_native.pad_packet(body, extensions)


def payload(offset: int = 10, prefix: bytes = b"D\x0c", more: int = 0) -> bytes:
    written = dred_native.encode_payload(6, 5, 15, offset, [0], [], "draft-32", SILENT)["payload"]
    return prefix + written + bytes(more)


def find(data: bytes, wire: str = EXPERIMENTAL) -> Any:
    found = dred_native.decode_packet(data, wire, SILENT, max_latents=0)
    return None if found is None else (found.get("frame"), found["offset"])


@pytest.mark.clause("DRED-locate", "DRED-version")
@pytest.mark.parametrize(
    ("extensions", "found"),
    [
        ([], None),
        ([(126, 0, payload(4))], (0, 4)),
        ([(32, 0, payload(4, b""))], None),
        ([(125, 0, payload(4))], None),
        ([(126, 0, b"D\x0c")], None),
        ([(126, 0, payload(4, b"D\x0a"))], None),
        ([(126, 0, payload(4, b"d\x0c"))], None),
        ([(126, 0, payload(4, b"D\x0a")), (126, 0, payload(3)), (126, 0, payload(2))], (0, 3)),
        ([(126, 0, b"D"), (3, 0, b"x"), (126, 0, payload(1))], (0, 1)),
    ],
)
def test_the_first_matching_extension_is_taken(extensions: Any, found: Any) -> None:
    assert find(packet(extensions)) == found


@pytest.mark.clause("DRED-locate")
def test_the_draft_profile_has_its_own_id_and_no_prefix() -> None:
    data = packet([(126, 0, payload(4)), (32, 0, b""), (32, 0, payload(9, b""))])
    assert find(data, "draft-32") == (0, 9)


@pytest.mark.clause("DRED-frame-offset", "DRED-locate-first")
@pytest.mark.parametrize(
    ("config", "frames", "frame", "units"),
    [(16, 48, 47, 47), (1, 6, 5, 40), (3, 2, 1, 24), (13, 6, 2, 16), (0, 12, 3, 12), (18, 12, 2, 8)],
)
def test_the_offset_counts_from_the_start_of_the_packet(
    config: int, frames: int, frame: int, units: int
) -> None:
    data = packet([(126, frame, payload(-7))], frames, config)
    assert find(data) == (frame, units - 7)


@pytest.mark.clause("DRED-locate-first", "EXT-order")
def test_the_first_in_the_stream_wins_not_that_of_the_first_frame() -> None:
    # A repeat with L = 1 brings the DRED of frame 1 first; that of frame 0 follows.
    area = b"\xfd\x01x" + b"\x05" + bytes([len(payload(5))]) + payload(5) + b"\xfc" + payload(3)
    data = dred_native.write_packet(1, False, 3, [b"a", b"b"], padding=area)
    assert find(data) == (1, 13)


@pytest.mark.clause("EXT-error-keeps", "DRED-locate")
def test_an_error_counts_only_before_the_dred() -> None:
    dred = b"\xfd" + bytes([len(payload())]) + payload()
    assert find(dred_native.write_packet(1, False, 3, [b"a"], padding=dred + b"\x07")) == (0, 10)
    with pytest.raises(DredError) as caught:
        find(dred_native.write_packet(1, False, 3, [b"a"], padding=b"\x02" + dred))
    assert (caught.value.rule, caught.value.stage, caught.value.position) == ("E4", "extension", 0)
    with pytest.raises(DredError) as caught:
        find(b"\x0b\x00")
    assert (caught.value.rule, caught.value.stage) == ("R5", "packet")


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(DredError, match=r"^W1"):
        find(packet([]), "draft-99")


# By hand from facts 4.2 and 4.4 for a packet that holds as many latents as are asked for.
# rate, max_samples, offset, (samples, dred_end) by 2026-06, the same by 1.6.1.
AVAILABILITY = [
    (48000, 48000, 10, (48720, 0), (48720, 0)),
    (48000, 48000, 0, (48000, 0), (49920, 0)),
    (48000, 960, 10, (2640, 0), (720, 0)),
    (48000, 0, 10, (720, 0), (720, 0)),
    (48000, 0, -40, (4800, 4800), (6720, 4800)),
    (48000, 48000, -102, (48720, 12240), (62160, 12240)),
    (44100, 44100, -15, (45753, 1653), (47517, 1653)),
    (16000, 16000, 16, (16000, 0), (16000, 0)),
]


@pytest.mark.clause("DRED-availability", "DRED-availability-end", "DRED-availability-1.6.1")
@pytest.mark.parametrize(("rate", "wanted", "offset", "now", "release"), AVAILABILITY)
def test_availability(rate: int, wanted: int, offset: int, now: Any, release: Any) -> None:
    data = packet([(126, 0, payload(offset, more=4))])
    for rule, (samples, end) in (("2026-06", now), ("1.6.1", release)):
        answer = dred_native.availability(data, rate, wanted, EXPERIMENTAL, SILENT, rule)
        assert answer == {"samples": samples, "dred_end": end}


@pytest.mark.clause("DRED-availability")
def test_nothing_is_available_without_dred() -> None:
    answer = dred_native.availability(packet([]), 48000, 48000, EXPERIMENTAL, SILENT)
    assert answer == {"samples": 0, "dred_end": 0}


@pytest.mark.parametrize(
    ("rate", "wanted", "rule"), [(0, 1, "2026-06"), (-1, 1, "1.6.1"), (8000, -1, "1.6.1"), (8000, 1, "1.5")]
)
def test_availability_arguments(rate: int, wanted: int, rule: str) -> None:
    with pytest.raises(DredError, match=r"^W1"):
        dred_native.availability(packet([]), rate, wanted, EXPERIMENTAL, SILENT, rule)
