"""The command line of an encoder under test, with places for what changes from clip to clip."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["PLACEHOLDERS", "CommandTemplate", "TemplateError"]

PLACEHOLDERS = {
    "input": "raw int16 samples, little-endian, interleaved",
    "wav": "the same as a WAV file",
    "output": "the file of packets to write",
    "rate": "sampling rate in Hz",
    "channels": "number of channels",
    "bitrate": "bit/s",
    "kilobits": "the same in kb/s",
    "loss": "expected packet loss in percent",
    "dred_10ms": "redundancy in units of 10 ms",
    "dred_ms": "redundancy in ms",
}
_PLACE = re.compile(r"\{([a-z0-9_]+)\}")


class TemplateError(ValueError):
    """A command line that cannot be used as a template."""


@dataclass(frozen=True)
class CommandTemplate:
    """A parsed template.

    Attributes
    ----------
    words
        The command line, split as a shell splits it.
    """

    words: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "CommandTemplate":
        """Split and check a template.

        Raises
        ------
        TemplateError
            It is empty, has an open quotation, names an unknown place, or lacks input or output.
        """
        try:
            words = tuple(shlex.split(text))
        except ValueError as error:
            raise TemplateError(f"--encoder {text!r}: {error}") from error
        places = {name for word in words for name in _PLACE.findall(word)}
        unknown = sorted(places - set(PLACEHOLDERS))
        if unknown:
            known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            raise TemplateError(f"--encoder: there is no place {{{unknown[0]}}}; there are {known}")
        if not words or "output" not in places or not places & {"input", "wav"}:
            raise TemplateError("--encoder: the command needs {output}, and {input} or {wav}")
        return cls(words)

    def command(self, values: Mapping[str, str]) -> list[str]:
        """Return the command with its places filled in; values are not split again."""
        return [_PLACE.sub(lambda found: values[found[1]], word) for word in self.words]
