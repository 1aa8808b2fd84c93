"""How deployed encoders divide a rate, by numbers worked out by hand from facts 6.6."""

import pytest

from dred_reference.errors import WriteError
from dred_reference.redundancy import Choice, DeployedRate, deployed_choice, deployed_rate

RATE = 48000


def at_20_ms(bitrate: int, loss: int = 20, duration: int = 104, *, fec: bool = False) -> DeployedRate:
    return deployed_rate(bitrate, RATE, 960, loss, duration, in_band_fec=fec)


@pytest.mark.clause("ENC-rate-levels")
@pytest.mark.parametrize(
    ("divisible", "q0"),
    [
        *((-12000, 15), (0, 15), (1, 15), (2047, 15), (2048, 15), (4095, 15), (4096, 12), (8191, 12)),
        *((8192, 9), (16383, 9), (16384, 6), (32767, 6), (32768, 4), (65535, 4), (500000, 4)),
    ],
)
def test_the_first_level_follows_the_number_of_bits_of_the_rate(divisible: int, q0: int) -> None:
    assert at_20_ms(12000 + divisible).q0 == q0
    if divisible >= -12000 + 8000:
        assert at_20_ms(20000 + divisible, fec=True).q0 == q0


@pytest.mark.clause("ENC-rate-levels")
def test_the_slope_is_gentler_above_36_kb_s() -> None:
    assert [at_20_ms(12000 + divisible).dq for divisible in (0, 36000, 36001)] == [5, 5, 3]
    assert at_20_ms(64000).qmax == 15


@pytest.mark.clause("ENC-rate-share")
@pytest.mark.parametrize(
    ("bitrate", "frame_size", "loss", "fec", "target"),
    [
        (24000, 960, 20, False, 9000),  # .75 * 12000
        (64000, 960, 20, False, 39000),  # .75 * 52000
        (64000, 960, 25, False, 41600),  # .8 * 52000
        (64000, 960, 60, False, 41600),
        (64000, 960, 5, False, 31200),  # .6 * 52000
        (64000, 960, 0, False, 0),
        (64000, 480, 20, False, 44571),  # .75 / (.75 + .125) = 6/7, of 52000
        (64000, 1920, 20, False, 31200),  # .75 / (.75 + .5) = .6
        (40000, 960, 20, True, 12000),  # .6 * 20000
        (40000, 960, 30, True, 14000),  # .7 * 20000
        (12000, 960, 20, False, 0),
        (6000, 960, 20, False, 0),
    ],
)
def test_the_share_of_the_redundancy(
    bitrate: int, frame_size: int, loss: int, fec: bool, target: int
) -> None:
    found = deployed_rate(bitrate, RATE, frame_size, loss, 104, in_band_fec=fec)
    assert abs(found.target_bitrate - target) <= 1  # what a product just below an integer is truncated to


@pytest.mark.clause("ENC-rate-latents", "ENC-rate-bitrate")
def test_24_kb_s() -> None:
    """180 bits; levels 9 10 10 11 11 12: 90 + 20.4 + 2 * 16.3 + 2 * 13 + 9.3 = 178.3; with one more 187.6."""
    found = at_20_ms(24000)
    assert found == DeployedRate(9, 5, 15, 6, 9000, 9000, 15000)


@pytest.mark.clause("ENC-rate-latents", "ENC-rate-bitrate")
def test_40_kb_s() -> None:
    """420 bits: 90 + 39.9 + 2 (32.4 + 26.4 + 20.4 + 16.3 + 13 + 9.3 + 8.2 + 7.2) + 3 * 6.4 = 415.5."""
    assert at_20_ms(40000) == DeployedRate(6, 5, 15, 20, 21000, 21000, 19000)


@pytest.mark.clause("ENC-rate-latents", "ENC-rate-bitrate")
def test_64_kb_s() -> None:
    """780 bits: 90 + 2 * 51.5 + 4 * (45.7 + 39.9 + 32.4 + 26.4) = 770.6."""
    assert at_20_ms(64000) == DeployedRate(4, 3, 15, 18, 39000, 39000, 25000)


@pytest.mark.clause("ENC-rate-bitrate")
def test_a_short_redundancy_takes_no_more_than_all_its_latents() -> None:
    """Two latents at level 4: 90 + 103 = 193 bits in 20 ms, 9650 b/s."""
    assert at_20_ms(64000, duration=4) == DeployedRate(4, 3, 15, 2, 39000, 9650, 54350)


@pytest.mark.clause("ENC-rate-bitrate")
def test_nothing_is_taken_for_fewer_than_two_latents() -> None:
    """One latent at 12000 + 9300 b/s: 139 bits; 90 + 20.4 = 110.4 fits, and 126.7, but not with 6500."""
    assert at_20_ms(12000 + 9300).dred_bitrate > 0
    found = at_20_ms(12000 + 8200)  # 123 bits
    assert (found.target_latents, found.dred_bitrate, found.main_bitrate) == (1, 0, 20200)
    assert at_20_ms(64000, loss=0).target_latents == 0
    assert at_20_ms(64000, loss=0).main_bitrate == 64000
    assert at_20_ms(64000, duration=0) == DeployedRate(4, 3, 15, 0, 39000, 0, 64000)


@pytest.mark.clause("ENC-rate-packet", "ENC-rate-latents")
@pytest.mark.parametrize(
    ("duration", "latents"), [(1, 1), (2, 1), (3, 2), (4, 2), (6, 2), (7, 3), (99, 26), (100, 26), (104, 26)]
)
def test_a_duration_in_latents(duration: int, latents: int) -> None:
    rate = at_20_ms(400000, duration=duration)
    choice = deployed_choice(rate, duration, 100, 1275)
    assert choice
    assert choice.max_latents == latents == rate.target_latents


@pytest.mark.clause("ENC-rate-packet")
@pytest.mark.parametrize(
    ("packet_bytes", "most", "max_bytes"),
    [
        (60, 1275, 995),  # 1000 - 1003 idiv 255 - 2
        (272, 1275, 995),
        (273, 1275, 994),  # 999
        (60, 320, 254),  # 257 - 260 idiv 255 - 2
        (60, 314, 249),  # 251 - 0 - 2
        (60, 315, 249),  # 252 - 1 - 2
        (60, 73, 8),  # the least
    ],
)
def test_the_room_in_a_packet(packet_bytes: int, most: int, max_bytes: int) -> None:
    assert deployed_choice(at_20_ms(64000), 104, packet_bytes, most) == Choice(4, 3, 15, 18, max_bytes)


@pytest.mark.clause("ENC-rate-packet")
def test_no_room_no_redundancy() -> None:
    rate = at_20_ms(64000)
    assert deployed_choice(rate, 104, 60, 72) is None
    assert deployed_choice(rate, 104, 60, 10) is None
    assert deployed_choice(rate, 0, 60, 1275) is None


@pytest.mark.clause("ENC-rate-packet")
def test_cbr_ignores_the_target() -> None:
    """Without loss nothing is meant for redundancy, yet CBR packets fill their room with it."""
    rate = at_20_ms(64000, loss=0)
    assert deployed_choice(rate, 104, 60, 1275) is None
    assert deployed_choice(rate, 104, 60, 160, vbr=False) == Choice(4, 3, 15, 26, 95)


@pytest.mark.parametrize(
    ("bitrate", "rate", "frame_size", "loss", "duration"),
    [
        *((-1, 48000, 960, 20, 100), (1 << 25, 48000, 960, 20, 100), (64000, 48000, 0, 20, 100)),
        *((64000, 48000, 288001, 20, 100), (64000, 0, 960, 20, 100), (64000, 48000, 960, -1, 100)),
        *((64000, 48000, 960, 101, 100), (64000, 48000, 960, 20, -1), (64000, 48000, 960, 20, 105)),
    ],
)
def test_arguments_out_of_their_range(
    bitrate: int, rate: int, frame_size: int, loss: int, duration: int
) -> None:
    with pytest.raises(WriteError) as caught:
        deployed_rate(bitrate, rate, frame_size, loss, duration)
    assert caught.value.rule == "W1"


def test_a_duration_out_of_its_range() -> None:
    with pytest.raises(WriteError):
        deployed_choice(at_20_ms(64000), 105, 60, 1275)
