"""XML as a stream of events, without what makes XML dangerous.

A draft may declare entities for single characters (``&nbsp;``), as most do. Anything more is refused:
entities that hold markup or other entities, parameter entities that are used, external entities. Nothing is
ever fetched: an external DTD and ``xi:include`` are not followed. No tree is built, so depth costs nothing,
and it is bounded.
"""

import html
from collections.abc import Callable, Mapping
from xml.parsers import expat

from dred_conformance.drafts.errors import DraftFormatError, DraftSizeError

__all__ = ["read_events"]

_DEEPEST = 100
_LONGEST_ENTITY = 16

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def _declared_entity(
    name: str, is_parameter: bool, value: str | None, _base: object, system_id: str | None, *_: object
) -> None:
    if is_parameter:
        return
    if value is None:
        raise DraftFormatError(f"the entity '{name}' is external ({system_id}); nothing is fetched")
    if len(value) > _LONGEST_ENTITY or "&" in value or "<" in value:
        raise DraftFormatError(f"the entity '{name}' is more than a character or two; write it out")


def _external_entity(*_: object) -> int:
    raise DraftFormatError("the file refers to an external entity; nothing is fetched")


def read_events(data: bytes, start: Start, end: End, text: Text) -> None:
    """Call back for every element and every run of characters.

    Parameters
    ----------
    data
        The file.
    start, end, text
        Called with the name and attributes of an element, its name, and characters.

    Raises
    ------
    DraftFormatError
        If it is no well-formed XML, or uses more of XML than a draft needs.
    DraftSizeError
        If elements are nested more than 100 deep.
    """
    parser = expat.ParserCreate()
    depth = 0

    def on_start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise DraftSizeError(f"line {parser.CurrentLineNumber}: more than {_DEEPEST} elements deep")
        start(name, attributes)

    def on_end(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name)

    def on_skipped(name: str, is_parameter: bool) -> None:
        # Only with an external DTD, which is not read: its entities for characters are those of HTML.
        character = html.unescape(f"&{name};")
        if not is_parameter:
            if character == f"&{name};":
                raise DraftFormatError(f"line {parser.CurrentLineNumber}: unknown entity '{name}'")
            text(character)

    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.buffer_text = True
    parser.EntityDeclHandler = _declared_entity
    parser.ExternalEntityRefHandler = _external_entity
    parser.SkippedEntityHandler = on_skipped
    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise DraftFormatError(f"no well-formed XML: {error}") from error
