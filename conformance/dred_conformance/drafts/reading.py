"""Reading a draft file: its size, its encoding, and which of the two forms it has."""

from pathlib import Path

from dred_conformance.drafts.errors import DraftFormatError, DraftSizeError
from dred_conformance.drafts.records import Draft
from dred_conformance.drafts.text_reader import read_text
from dred_conformance.drafts.xml_reader import read_xml

__all__ = ["LARGEST_FILE", "parse_draft", "read_draft"]

LARGEST_FILE = 4 << 20


def parse_draft(data: bytes) -> Draft:
    """Read a draft: RFCXML if the first character is ``<``, else text in UTF-8.

    Raises
    ------
    DraftError
        If it is neither.
    """
    if len(data) > LARGEST_FILE:
        raise DraftSizeError(f"larger than {LARGEST_FILE >> 20} MiB: no draft is")
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise DraftFormatError("the file is empty")
    if start.startswith(b"<") or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return read_xml(start if start.startswith(b"<") else data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DraftFormatError(
            f"byte {error.start} is no UTF-8; give the .txt or .xml file of the draft"
        ) from error
    if "\0" in text:
        raise DraftFormatError("the file has zero bytes; give the .txt or .xml file of the draft")
    return read_text(text)


def read_draft(path: Path) -> Draft:
    """Read a draft file; at most one byte more than the largest draft is read.

    Raises
    ------
    DraftError
        If it is no draft. The message names the file.
    OSError
        If the file cannot be opened.
    """
    with path.open("rb") as stream:
        data = stream.read(LARGEST_FILE + 1)
    try:
        return parse_draft(data)
    except (DraftFormatError, DraftSizeError) as error:
        raise type(error)(f"{path}: {error}") from error
