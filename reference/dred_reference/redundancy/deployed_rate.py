"""How deployed encoders divide a bit rate between speech and redundancy, and how much they send."""

from dataclasses import dataclass

from dred_reference.clauses import clause
from dred_reference.errors import WriteError
from dred_reference.redundancy.record import Choice
from dred_reference.schedule import quantiser_level

__all__ = ["LATENT_BITS", "DeployedRate", "deployed_choice", "deployed_rate"]

LATENT_BITS = (
    *(73.2, 68.1, 62.5, 57.0, 51.5, 45.7, 39.9, 32.4),
    *(26.4, 20.4, 16.3, 13.0, 9.3, 8.2, 7.2, 6.4),
)
"""What a latent costs by level, as the rule estimates it."""

HEADER_BITS = 8 * (3 + 2)  # extension header, prefix and header
STATE_BITS = 50
DEPLOYED_MAX_LATENTS = 26
MOST_DURATION = 104
LEAST_BYTES = 8
PREFIX_BYTES = 2
MOST_PAYLOAD_BYTES = 1000
HIGHEST_BITRATE = 1 << 24  # a limit of this package


@dataclass(frozen=True)
class DeployedRate:
    """How a bit rate is divided.

    Attributes
    ----------
    q0, dq, qmax : int
        Quantiser levels.
    target_latents : int
        Latents that the estimate finds room for  # target_chunks
    target_bitrate : int
        What was meant for redundancy before the estimate, in bits per second  # target
    dred_bitrate : int
        What is taken from the main codec, in bits per second; 0 for fewer than two latents.
    main_bitrate : int
        What is left for the main codec, in bits per second.
    """

    q0: int
    dq: int
    qmax: int
    target_latents: int
    target_bitrate: int
    dred_bitrate: int
    main_bitrate: int


@clause("ENC-rate-share")
def _share(loss_percent: int, in_band_fec: bool, duration: float) -> float:
    """Return the part of the divisible rate meant for redundancy; `duration` of a packet in 20 ms."""
    if in_band_fec:
        share = min(0.7, 3 * loss_percent / 100)
    elif loss_percent > 5:
        share = min(0.8, 0.55 + loss_percent / 100)
    else:
        share = 12 * loss_percent / 100
    return share / (share + (1 - share) * duration)


@clause("ENC-rate-share", "ENC-rate-levels", "ENC-rate-latents", "ENC-rate-bitrate")
def deployed_rate(
    bitrate: int,
    sampling_rate: int,
    frame_size: int,
    loss_percent: int,
    duration_10ms: int,
    *,
    in_band_fec: bool = False,
) -> DeployedRate:
    """Divide a bit rate.

    Parameters
    ----------
    bitrate : int
        Of both together, in bits per second.
    sampling_rate : int
        In Hz.
    frame_size : int
        Samples of a packet at that rate.
    loss_percent : int
        Packets that are expected to be lost, 0 to 100.
    duration_10ms : int
        Most redundancy asked for, 0 to 104 units of 10 ms.
    in_band_fec : bool
        Whether the main codec carries redundancy of its own (LBRR).

    Returns
    -------
    DeployedRate

    Raises
    ------
    WriteError
        W1: an argument out of its range.
    """
    _check_duration(duration_10ms)
    is_possible = 0 <= bitrate <= HIGHEST_BITRATE and 0 <= loss_percent <= 100
    if not is_possible or not 1 <= frame_size <= 6 * sampling_rate:
        raise WriteError(
            "W1", "payload", f"{bitrate} b/s, {loss_percent} % loss, {frame_size} of {sampling_rate} samples"
        )
    packets_in_6s = 6 * sampling_rate // frame_size
    divisible = bitrate - (20000 if in_band_fec else 12000)
    q0 = min(15, max(4, 51 - 3 * max(1, divisible).bit_length()))
    dq, qmax = (3 if divisible > 36000 else 5), 15
    share = _share(loss_percent, in_band_fec, frame_size * 50 / sampling_rate)
    target = max(0, int(share * divisible))
    bits, target_latents = float(HEADER_BITS + STATE_BITS), 0
    for index in range(_most_latents(duration_10ms)):
        bits += LATENT_BITS[quantiser_level(q0, dq, qmax, index)]
        if bits < target * 6 // packets_in_6s:
            target_latents = index + 1
    full = int(0.5 + bits) * packets_in_6s // 6
    dred_bitrate = min(target, full) if target_latents >= 2 else 0
    return DeployedRate(q0, dq, qmax, target_latents, target, dred_bitrate, bitrate - dred_bitrate)


def _check_duration(duration_10ms: int) -> None:
    if not 0 <= duration_10ms <= MOST_DURATION:
        raise WriteError("W1", "payload", f"a duration of {duration_10ms} is not 0 to {MOST_DURATION}")


def _most_latents(duration_10ms: int) -> int:
    """Return the latents that cover a duration  # max_chunks; 0 where none is asked for."""
    return min((duration_10ms + 5) // 4, DEPLOYED_MAX_LATENTS) if duration_10ms else 0


@clause("ENC-rate-packet")
def deployed_choice(
    rate: DeployedRate, duration_10ms: int, packet_bytes: int, most_packet_bytes: int, *, vbr: bool = True
) -> Choice | None:
    """Say what a packet is to carry, once the main codec has made it.

    Parameters
    ----------
    rate : DeployedRate
    duration_10ms : int
        As for `deployed_rate`.
    packet_bytes : int
        Size of the packet without redundancy  # ret
    most_packet_bytes : int
        Size that it may have at most  # max_data_bytes
    vbr : bool
        Whether packets may differ in size. If not, all the room is used, whatever `rate.target_latents` says.

    Returns
    -------
    Choice or None
        None where nothing is asked for, or there is no room for the least payload.

    Raises
    ------
    WriteError
        W1: the duration is out of its range.
    """
    _check_duration(duration_10ms)
    latents = _most_latents(duration_10ms)
    if vbr:
        latents = min(latents, rate.target_latents)
    room = min(MOST_PAYLOAD_BYTES, most_packet_bytes - packet_bytes - 3)
    room -= max(0, room + 3) // 255  # further padding length bytes
    if latents < 1 or room < LEAST_BYTES + PREFIX_BYTES:
        return None
    return Choice(rate.q0, rate.dq, rate.qmax, latents, room - PREFIX_BYTES)
