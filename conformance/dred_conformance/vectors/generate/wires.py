"""Wire profiles as the vectors need them: names and prefixes, written out once more."""

__all__ = ["BUNDLED", "DRAFT", "EXPERIMENTAL", "OLDER", "PREFIXES", "other_prefixes", "wire_of_model"]

EXPERIMENTAL = "experimental-12"
DRAFT = "draft-32"
BUNDLED = "bundled-1"
PREFIXES = {EXPERIMENTAL: b"D\x0c", BUNDLED: b"D\xb1", DRAFT: b""}
OLDER = b"D\x0a"  # of libopus 1.5, which nobody here decodes
_OF_MODELS = {"bundled-1": BUNDLED}


def wire_of_model(name: str) -> str:
    """Return the name of the wire profile that marks payloads made with a model."""
    return _OF_MODELS.get(name, EXPERIMENTAL)


def other_prefixes(wire: str) -> tuple[bytes, ...]:
    """Return prefixes that a profile does not have: an old version, both neighbours, two other letters."""
    letter, version = PREFIXES[wire]
    neighbours = (bytes([letter, version - 1]), bytes([letter, version + 1]))
    return OLDER, *neighbours, bytes([letter + 1, version]), bytes([letter + 32, version])
