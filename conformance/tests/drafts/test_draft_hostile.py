"""Files that are no drafts, or want to be a burden: a typed error or a result, soon, and nothing else."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dred_conformance.drafts.errors import DraftError, DraftFormatError, DraftSizeError
from dred_conformance.drafts.reading import LARGEST_FILE, parse_draft
from dred_conformance.drafts.statements import statements

SECTION = "1.  Title\n\n"
ROOM = 1 << 20
# Lines that make a careless pattern look again and again at the same characters.
HEAVY = {
    "letters": "a" * ROOM,
    "hyphens": "a-" * (ROOM // 2),
    "hyphen at the end": "a" * ROOM + "-\n   b",
    "blanks": "x" + " " * ROOM + "x",
    "stops": "." * ROOM,
    "quotes": "." + '"' * ROOM + "x",
    "sentences": "A MUST B. " * 4000,
    "key words": "key words MUST " * (ROOM // 15),
    "words that are not": "MUST " * (ROOM // 5),
    "leaders": ". " * (ROOM // 2),
    "bars": "|" * ROOM,
    "bullets": "   *  a\n" * (ROOM // 8),
    "colons": "   It MUST:\n\n" * 4000,
    "items": "   It MUST:\n\n" + "   *  a\n\n" * (ROOM // 9),
    "pages": "   It MUST go on and on until the page ends somewhere in the middle of\n\f" * 4000,
    "headings": "1.1. A\n\n" * (ROOM // 8),
    "table": "   +" + "---+" * 5000 + "\n" + "   ||\n" * 100000 + "   +---+\n",
    "wide table": "   +" + "---+" * 25 + "\n" + "   ||\n" * 1900 + "   +---+\n",
    "header": "\nA     [Page 1]\nRFC 1" + "  " * (ROOM // 2) + "x",
    "art": "a   a" * (ROOM // 5),
    "one column": "   a    " + "a" * ROOM,
    "citation": "draft-a" * (ROOM // 7),
}


@pytest.mark.parametrize("name", HEAVY)
def test_heavy_text_is_read_to_its_end(name: str) -> None:
    draft = parse_draft((SECTION + HEAVY[name]).encode())
    assert draft.sections[0].number.startswith("1")
    assert len(statements(draft)) <= 5000


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (b"", DraftFormatError, "empty"),
        (b"\xef\xbb\xbf \n", DraftFormatError, "empty"),
        (b"1.  Title\n\n   \xff\xfe", DraftFormatError, "byte 14 is no UTF-8"),
        (b"1.  Title\n\n   \0", DraftFormatError, "zero bytes"),
        (b"x" * (LARGEST_FILE + 1), DraftSizeError, "4 MiB"),
        (b"1.  T\n\n   " + b"It MUST. " * 6000, DraftSizeError, "5000 statements"),
        (b"<rfc><middle>", DraftFormatError, "no well-formed XML"),
        (b"<rfc>\xff</rfc>", DraftFormatError, "no well-formed XML"),
        (b'<?xml version="1.0" encoding="no-such"?><rfc/>', DraftFormatError, "no well-formed XML"),
        (b"<rfc>" + b"<t>" * 1000, DraftSizeError, "100 elements deep"),
        (b"<!DOCTYPE r [<!ENTITY a 'xxxxxxxxxxxxxxxxxx'>]><rfc>&a;</rfc>", DraftFormatError, "'a'"),
        (b"<!DOCTYPE r [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]><rfc>&b;</rfc>", DraftFormatError, "'b'"),
        (b"<!DOCTYPE r [<!ENTITY a '<t>x</t>'>]><rfc>&a;</rfc>", DraftFormatError, "'a'"),
        (
            b"<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><rfc>&a;</rfc>",
            DraftFormatError,
            "fetched",
        ),
        (b"<!DOCTYPE r SYSTEM 'x.dtd'><rfc>&nowhere;</rfc>", DraftFormatError, "unknown entity 'nowhere'"),
        (b"<rfc>&nowhere;</rfc>", DraftFormatError, "no well-formed XML"),
    ],
)
def test_the_error_says_what_is_wrong(data: bytes, error: type[DraftError], message: str) -> None:
    with pytest.raises(error, match=message):
        statements(parse_draft(data))


def test_a_billion_laughs_are_refused_at_the_second_level() -> None:
    levels = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10 if n else 'lol'}'>" for n in range(10))
    with pytest.raises(DraftFormatError, match="'l1'"):
        parse_draft(f"<!DOCTYPE rfc [{levels}]><rfc><t>&l9;</t></rfc>".encode())


def test_a_parameter_entity_is_not_followed() -> None:
    data = (
        b"<!DOCTYPE r [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]><rfc><middle><section/></middle></rfc>"
    )
    assert parse_draft(data).sections[0].blocks == ()


@given(st.binary(max_size=400))
def test_random_bytes(data: bytes) -> None:
    with contextlib.suppress(DraftError):
        statements(parse_draft(data))


_LINES = st.sampled_from(
    [
        *(
            "",
            "1.  Title",
            "Appendix A.  More",
            "References",
            "   It MUST be.",
            "   *  An item MUST",
            "      go on.",
        ),
        *(
            "\f",
            "Name    Expires never    [Page 1]",
            "Internet-Draft   Name   May 2026",
            "   +---+---+",
            "   | a | b |",
        ),
        *(
            "   word-",
            "   ing MUST",
            "   |  aside",
            "<CODE BEGINS>",
            "   x = 1;",
            "   <CODE ENDS>",
            "   o  ",
            "\t1.",
            " ",
        ),
    ]
)


@given(st.lists(_LINES, max_size=60))
def test_random_layout(lines: list[str]) -> None:
    try:
        found = statements(parse_draft("\n".join(lines).encode()))
    except DraftFormatError:
        return
    assert all(item.keywords and item.text for item in found)


_TAGS = st.sampled_from(
    [
        "section",
        "name",
        "t",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "tr",
        "td",
        "xref",
        "bcp14",
        "artwork",
        "references",
        "front",
        "br",
        "list",
    ]
)


@given(
    st.recursive(
        st.sampled_from(["It MUST be. ", "x", ""]),
        lambda inner: st.builds(
            lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", _TAGS, st.lists(inner, max_size=4)
        ),
        max_leaves=40,
    )
)
def test_random_elements(body: str) -> None:
    data = f"<rfc><middle><section><name>One</name>{body}</section></middle></rfc>".encode()
    assert parse_draft(data).sections[0].title.startswith("One")
    statements(parse_draft(data))
