"""Numbers and bytes in words, the same everywhere."""

CODE_MEANINGS = (
    "one frame",
    "two frames of the same size",
    "two frames, the size of the first is given",
    "a frame count byte follows",
)
BANDWIDTHS = {
    "NB": "narrowband",
    "MB": "mediumband",
    "WB": "wideband",
    "SWB": "super-wideband",
    "FB": "fullband",
}
EXTENSION_NAMES = {
    32: "DRED in the drafts",
    124: "QEXT, experimental",
    126: "DRED, experimental",
}


def count(number: int, thing: str) -> str:
    """Return ``1 packet``, ``2 packets``."""
    plural = thing[:-1] + "ies" if thing.endswith("y") else thing + "s"
    return f"{number} {thing if number == 1 else plural}"


def milliseconds(value: float) -> str:
    """Return a time without needless decimals."""
    return f"{value:g} ms"


def moment(value: float) -> str:
    """Return a time relative to the start of the packet."""
    if value == 0:
        return "at the start of the packet"
    return f"{abs(value):g} ms {'before' if value < 0 else 'after'} the start of the packet"


def period(start: float, end: float) -> str:
    """Return a time span relative to the start of the packet."""
    if start < 0 == end:
        return f"from {-start:g} ms before the start of the packet up to it"
    if start < 0 < end:
        return f"from {-start:g} ms before to {end:g} ms after the start of the packet"
    return f"from {moment(start)} to {moment(end)}"


def preview(data: bytes, limit: int = 8) -> str:
    """Return how many bytes there are, and the first of them in hex."""
    if not data:
        return "no bytes"
    shown = data[:limit].hex(" ") + (" ..." if len(data) > limit else "")
    return f"{count(len(data), 'byte')}: {shown}"


def extension_name(number: int) -> str:
    """Return the number of an extension with what it is used for, where that is known."""
    name = EXTENSION_NAMES.get(number)
    return f"{number} ({name})" if name else str(number)
