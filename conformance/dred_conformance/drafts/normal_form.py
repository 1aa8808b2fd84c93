"""The normal form of a sentence, and its hash: what has to be the same for a sentence to count as unchanged.

1. Unicode NFKC; control characters, soft hyphens and everything of no width are dropped.
2. Hyphens and dashes of every kind become ``-``; apostrophes of every kind become ``'``.
3. Double quotes, backquotes, and ``_`` and ``*`` at the edge of a word (emphasis in the text form) are
   dropped.
4. All white space is dropped: where a line ends decides about a blank after a hyphen or slash, and nothing
   else.

Upper and lower case stay, because BCP 14 gives them meaning. The hash is SHA-256 of the UTF-8 bytes, in
hexadecimal.
"""

import hashlib
import re
import unicodedata

__all__ = ["normal_form", "one_line", "sentence_digest"]

_CONTROLS = [n for n in (*range(0x20), *range(0x7F, 0xA0)) if not chr(n).isspace()]
_MARKS = [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF]
_INVISIBLE = dict.fromkeys([*_CONTROLS, *_MARKS])
_HYPHENS = [*range(0x2010, 0x2016), 0x2212]
_APOSTROPHES = [0x2018, 0x2019, 0x201B, 0x2032]
_QUOTES = [ord('"'), ord("`"), *range(0x201C, 0x2020), 0xAB, 0xBB]
_VARIANTS = dict.fromkeys(_HYPHENS, "-") | dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_QUOTES, "")
_EMPHASIS = re.compile(r"(?<!\w)[_*](?=\w)|(?<=\w)[_*](?!\w|\()")


def one_line(text: str) -> str:
    """Return the text with every run of white space, and every line end, as one blank."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_INVISIBLE).split())


def normal_form(sentence: str) -> str:
    """Return the normal form of a sentence."""
    folded = unicodedata.normalize("NFKC", sentence).translate(_INVISIBLE).translate(_VARIANTS)
    return "".join(_EMPHASIS.sub("", folded).split())


def sentence_digest(sentence: str) -> str:
    """Return the hash of a sentence's normal form, as in ``text_sha256`` of the registry."""
    return hashlib.sha256(normal_form(sentence).encode("utf-8")).hexdigest()
