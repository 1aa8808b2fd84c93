"""Why there is no DRED in a packet, in words: the question people ask most."""

from collections.abc import Sequence

from dred_conformance.inspection.record import Absence
from dred_conformance.inspection.wording import CODE_MEANINGS, count, extension_name
from dred_reference.errors import ExtensionError
from dred_reference.extension import Extension
from dred_reference.packet import Packet
from dred_reference.wire import EXPERIMENT_MARK, WIRE_PROFILES, WireProfile


def _no_padding(packet: Packet) -> Absence | None:
    if packet.code != 3:
        text = (
            f"there is no padding: the frame count code is {packet.code} ({CODE_MEANINGS[packet.code]}), "
            "only code 3 can have padding, and DRED lives there"
        )
        return Absence("no-code-3", text)
    if not packet.padded:
        text = "there is no padding: code 3, but the padding flag of the frame count byte is not set"
        return Absence("no-padding-flag", text)
    if not packet.padding:
        return Absence("padding-empty", "the padding flag is set, but the padding area has 0 bytes")
    return None


def _no_extension(packet: Packet) -> Absence:
    size = count(len(packet.padding), "padding byte")
    if not any(packet.padding):
        text = (
            f"all {size} are zero: plain padding as RFC 6716 encoders write it "
            "(in a CBR stream: the encoder had no redundancy to send, or no room for it)"
        )
        return Absence("padding-zeros", text)
    return Absence("padding-filler", f"the {size} hold only extension padding and separators, no extension")


def _candidate(extension: Extension, wire: WireProfile) -> tuple[int, Absence]:
    """Say why an extension of the right number is no DRED; the larger rank, the closer it came."""
    payload = extension.payload
    named = f"extension {extension.id} in frame {extension.frame}"
    if len(payload) <= len(wire.prefix) and wire.prefix.startswith(payload[: len(wire.prefix)]):
        need = f"{wire.name} needs {len(wire.prefix) + 1} at least"
        text = f"{named} is too short: {count(len(payload), 'byte')}, {need} (rule D1)"
        return 1, Absence("too-short", text)
    if len(payload) < 2 or payload[0] != EXPERIMENT_MARK:
        text = f"{named} does not start with the letter D (44): another experiment, not DRED"
        return 0, Absence("other-experiment", text)
    known = next((profile for profile in WIRE_PROFILES.values() if profile.prefix == payload[:2]), None)
    version = f"experimental version {payload[1]}"
    if known is None:
        text = f"{named} is DRED of {version}, which nobody here knows; {wire.name} is looked for (rule D2)"
    elif known.is_decodable:
        text = f"{named} is DRED of {version}: that is {known.name}; try --wire {known.name}"
    else:
        text = (
            f"{named} is DRED of {version}: {known.name}, sent by {known.origin}. It needs a model of other "
            f"dimensions; decoders of {wire.name} skip it (rule D2)"
        )
    return 2, Absence("other-version", text)


def _other_profile(extensions: Sequence[Extension], wire: WireProfile) -> str:
    for profile in WIRE_PROFILES.values():
        if profile.name != wire.name and profile.is_decodable:
            for extension in extensions:
                if profile.matches(extension.id, extension.payload):
                    return f"; {extension.id} would be DRED in {profile.name}: try --wire {profile.name}"
    return ""


def explain_absence(
    packet: Packet, extensions: Sequence[Extension], error: ExtensionError | None, wire: WireProfile
) -> Absence:
    """Return why no extension of `packet` is DRED of the profile `wire`.

    Parameters
    ----------
    extensions
        All that were read.
    error
        What broke off the reading, if anything did.
    """
    absence = _no_padding(packet)
    if absence is not None:
        return absence
    candidates = [_candidate(each, wire) for each in extensions if each.id == wire.extension_id]
    if candidates:
        return max(candidates, key=lambda candidate: candidate[0])[1]
    if error is not None:
        position = packet.padding_offset + (error.position or 0)
        text = (
            f"the extensions break off at byte {position} of the packet, before any DRED: {error.message} "
            f"(rule {error.rule})"
        )
        return Absence("extension-error", text)
    if not extensions:
        return _no_extension(packet)
    numbers = ", ".join(extension_name(number) for number in sorted({each.id for each in extensions}))
    found = f"the padding holds {count(len(extensions), 'extension')} ({numbers})"
    text = f"{found}, none with id {wire.extension_id} by which {wire.name} marks DRED"
    return Absence("no-dred-id", text + _other_profile(extensions, wire))
