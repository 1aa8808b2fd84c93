"""What a person should know about a DRED payload beyond its fields."""

from collections.abc import Iterator, Sequence

from dred_conformance.inspection.record import DredReport, Finding
from dred_conformance.inspection.wording import count, moment
from dred_reference.errors import ExtensionError
from dred_reference.extension import Extension
from dred_reference.packet import Packet
from dred_reference.wire import WIRE_PROFILES, WireProfile

DEPLOYED_LATENTS = 26
"""What libopus sends and decodes at most: 1.04 s."""
PITCH_LEVEL = 8
"""Latent dimension 2 of the libopus 1.6 model carries pitch up to this level and is dead above it."""


def lowest_usual_offset(frame_2p5ms: int) -> int:
    """Return the lowest offset that libopus sends for a frame duration when it skips no silence."""
    if frame_2p5ms >= 8:
        return 9
    return 2 if frame_2p5ms == 4 else -4


def skipped_silence_ms(offset_2p5ms: int, frame_2p5ms: int) -> int:
    """Return how much silence an encoder like libopus skipped, in steps of 20 ms, to come to this offset."""
    short = lowest_usual_offset(frame_2p5ms) - offset_2p5ms
    return 20 * max(0, -(-short // 8))


def offset_findings(dred: DredReport, packet: Packet) -> Iterator[Finding]:
    """Explain offsets of zero and below, and those that tell of silence."""
    frame = packet.configuration
    skipped = skipped_silence_ms(dred.offset_2p5ms - dred.frame_offset_2p5ms, frame.frame_2p5ms)
    if dred.offset_2p5ms > 0 and not skipped:
        return
    if skipped:
        why = (
            f"the encoder left out about {skipped} ms of silence at the newest end; each 20 ms lower "
            "the offset by 8 units"
        )
    else:
        why = (
            f"usual for frames of {frame.frame_ms:g} ms, because redundancy is made in steps of 20 ms "
            "and the newest step is not complete yet"
        )
    sign = "negative" if dred.offset_2p5ms < 0 else "zero" if dred.offset_2p5ms == 0 else "low"
    text = f"offset {dred.offset_2p5ms}: the newest coded speech ends {moment(dred.offset_ms)}; {why}"
    yield Finding(f"offset-{sign}", "note", text, "DRED-offset-sign")


def level_findings(dred: DredReport) -> Iterator[Finding]:
    """Warn of the level ramp that spoils the pitch with the deployed model."""
    if not (dred.model or "").startswith("libopus-1.6"):
        return
    above = [latent.index for latent in dred.latents if latent.level > PITCH_LEVEL]
    if above and above[0] > 0:
        text = (
            f"the level rises from {PITCH_LEVEL} or below to {PITCH_LEVEL + 1} or above at latent "
            f"{above[0]}: with this model the decoded pitch is unreliable from there back (latent dimension "
            f"2 carries pitch up to level {PITCH_LEVEL} and is always zero above)"
        )
        yield Finding("level-ramp", "warning", text, "DRED-schedule")


def size_findings(dred: DredReport) -> Iterator[Finding]:
    """Tell of payloads that hold no latent, very many, or less than they should."""
    if dred.unused_bits is None:
        return
    if not dred.latents:
        text = "the payload holds an initial state and no latent: it covers no time"
        yield Finding("no-latents", "warning", text, "DRED-latents")
    if len(dred.latents) > DEPLOYED_LATENTS:
        text = (
            f"{len(dred.latents)} latents; libopus sends and decodes {DEPLOYED_LATENTS} (1.04 s) at most, "
            "so its decoders leave the oldest out"
        )
        yield Finding("beyond-deployed", "warning", text, "DRED-decode-all")
    if dred.unused_bits < 0:
        text = (
            f"the last {count(-dred.unused_bits, 'bit')} lie past the end of the payload and were read as "
            "zeros: the payload was cut or damaged"
        )
        yield Finding("past-the-end", "warning", text, "DRED-always-decodes")


def placement_findings(
    packet: Packet, extensions: Sequence[Extension], wire: WireProfile
) -> Iterator[Finding]:
    """Check number and place of DRED extensions; a decoder copes, a sender should not do it."""
    dreds = [extension for extension in extensions if wire.matches(extension.id, extension.payload)]
    first = "decoders use the first in the packet"
    seen: set[int] = set()
    for extension in dreds:
        start = 8 * (packet.padding_offset + extension.position)
        span = (start, start + 8 * len(extension.payload))
        if extension.frame in seen:
            text = f"frame {extension.frame} has more than one DRED extension; {first}"
            yield Finding("dred-twice-on-frame", "must", text, "DRED-one-per-frame", *span)
        elif seen:
            text = f"frame {extension.frame} has DRED too, besides frame {min(seen)}; {first}"
            yield Finding("dred-twice-in-packet", "should", text, "DRED-one-per-packet", *span)
        seen.add(extension.frame)
    if seen and 0 not in seen:
        text = (
            f"DRED belongs to frame {dreds[0].frame}, not to the first one (libopus does so when the frames "
            "before it are not transmitted)"
        )
        yield Finding("dred-not-on-first-frame", "should", text, "DRED-first-frame")
    for profile in WIRE_PROFILES.values():
        others = [e for e in extensions if profile.name != wire.name and profile.matches(e.id, e.payload)]
        if seen and others:
            text = f"extension {profile.extension_id} is DRED too, in the profile {profile.name}"
            yield Finding("other-profile", "note", text, "DRED-version")


def broken_off_finding(packet: Packet, error: ExtensionError) -> Finding:
    """Tell that the extensions behind the DRED are damaged."""
    position = packet.padding_offset + (error.position or 0)
    text = (
        f"the extensions break off at byte {position}, after the DRED: {error.message} (rule {error.rule}); "
        "decoders use the DRED all the same"
    )
    return Finding("extension-error-after-dred", "warning", text, "EXT-error-keeps", 8 * position)
