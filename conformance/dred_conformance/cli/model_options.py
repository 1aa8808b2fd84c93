"""The options that choose a model and a wire profile, in the same words everywhere."""

__all__ = ["DEFAULT_MODEL", "WIRE_OF_MODEL", "WIRE_OF_STREAM"]

DEFAULT_MODEL = "the official one if it is here, else bundled-1"
_WIRES = "experimental-12, bundled-1 or draft-32"
WIRE_OF_MODEL = f"How DRED is marked: {_WIRES}; unless given, as the model says."
WIRE_OF_STREAM = f"How DRED is marked: {_WIRES}; unless given, found out."
