"""Statements of drafts of our own making, in both forms, against what a reader finds by hand."""

from pathlib import Path

import pytest

from dred_conformance.drafts.errors import DraftFormatError
from dred_conformance.drafts.reading import parse_draft, read_draft
from dred_conformance.drafts.records import Draft
from dred_conformance.drafts.statements import Statement, statements

FILES = Path(__file__).parent / "files"
REVISIONS = ("00", "01")

# Section, requirement words, and the sentence where its edges are worth a look; read by eye in revision 00.
LIGHTHOUSE = [
    ("2", "MUST", "A sender MUST write the bearing as one byte, in steps of 1.5 degrees."),
    ("2", "MUST NOT", "It MUST NOT write a bearing above 239, i.e. one that is a full turn or more."),
    ("2", "MUST", "A receiver that finds such a bearing MUST ignore the extension, as Section 3 says."),
    ("2", "MUST NOT", "There MUST NOT be two lighthouses for the same frame."),
    ("2", "SHOULD MAY", None),
    (
        "2",
        "MUST",
        "A gateway that mixes talkers MUST do one of these: "
        "remove the lighthouse; write the bearing of the louder talker.",
    ),
    ("2.1", "MUST", "The bearing MUST be a multiple of 10."),
    ("2.1", "MAY", "Any bearing MAY be sent at any time and by anybody who likes to do so."),
    ("2.1", "SHOULD NOT", None),
    ("2.1", "RECOMMENDED", "Fog: Without a lighthouse for 2.5 s the last bearing is RECOMMENDED."),
    ("3", "SHALL", "A receiver SHALL ignore a longer payload (see the note in Appendix A)."),
    ("3", "OPTIONAL", None),
    ("3", "NOT RECOMMENDED", "A longer payload is NOT RECOMMENDED in tests, too."),
    (
        "3",
        "REQUIRED",
        "These rules are REQUIRED of every receiver by [I-D.example-rings], Section 4, "
        "not only by Section 2.",
    ),
    ("A", "MAY", "An old receiver MAY read two bytes."),
    ("A.1", "SHALL NOT", "The second byte SHALL NOT change the bearing."),
]


def lighthouse(revision: str, form: str) -> Draft:
    return read_draft(FILES / f"draft-example-opus-lighthouse-{revision}.{form}")


def facts(found: tuple[Statement, ...]) -> list[tuple[object, ...]]:
    return [(item.section, item.index, item.keywords, item.sha256) for item in found]


@pytest.mark.parametrize("form", ["xml", "txt"])
def test_statements_are_those_that_a_reader_finds(form: str) -> None:
    found = statements(lighthouse("00", form))
    assert [(item.section, " ".join(item.keywords)) for item in found] == [row[:2] for row in LIGHTHOUSE]
    for item, (_, _, sentence) in zip(found, LIGHTHOUSE, strict=True):
        assert sentence is None or item.text == sentence


@pytest.mark.parametrize("revision", REVISIONS)
def test_both_forms_give_the_same_statements(revision: str) -> None:
    one, two = lighthouse(revision, "xml"), lighthouse(revision, "txt")
    assert facts(statements(one)) == facts(statements(two))
    assert [section.label for section in one.sections] == [section.label for section in two.sections]


@pytest.mark.parametrize("form", ["xml", "txt"])
@pytest.mark.parametrize("revision", REVISIONS)
def test_name_and_revision(revision: str, form: str) -> None:
    draft = lighthouse(revision, form)
    assert (draft.name, draft.revision) == ("draft-example-opus-lighthouse", revision)


@pytest.mark.parametrize("form", ["xml", "txt"])
def test_code_and_artwork_with_requirement_words_are_left_out_and_named(form: str) -> None:
    left_out = lighthouse("00", form).left_out
    assert [item.section for item in left_out] == ["2", "3"]
    assert "bearing | MUST be below 240" in left_out[0].text
    assert "a receiver MUST NOT read on" in left_out[1].text


def test_the_old_form_of_rfcs_with_pages() -> None:
    draft = read_draft(FILES / "old-form.txt")
    assert (draft.name, draft.revision, draft.form) == ("RFC 9099", "2011-11", "text")
    assert [(section.number, section.title) for section in draft.sections] == [
        ("1", "Lamps"),
        ("1.1", "Words"),
        ("2", "Lamp Packets"),
        ("2.1", "lamp_decode()"),
    ]
    assert [(item.section, item.keywords, item.text) for item in statements(draft)] == [
        ("2", ("MUST",), "A packet MUST contain at least one lamp [R1]."),
        ("2", ("MAY",), "A sender MAY use red at any time, except in the harbours of Section 2.1."),
        (
            "2",
            ("MUST NOT",),
            "A receiver that sees green MUST NOT stop, whatever the redundancy of the lamps may be, unless "
            "the bulk of them was lost and the redundancy is exhausted.",
        ),
        (
            "2",
            ("MUST",),
            "When the body of a packet ends in the middle of a lamp, which can be seen from the number in "
            "the head, a receiver MUST treat all lamps of the packet as lost.",
        ),
        (
            "2.1",
            ("MUST",),
            "It MUST read the colour first, because the number of bits that follow depends on it.",
        ),
        ("2.1", ("SHOULD",), "The ship SHOULD stop."),
    ]
    assert [item.text for item in draft.left_out] == [
        "0 1 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+ | colour | n | MUST be 0 | "
        "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+",
        "<CODE BEGINS> lamp = read(n) a receiver MUST fail here <CODE ENDS>",
    ]


def test_version_2_of_rfcxml_is_read_too() -> None:
    xml = b"""<!DOCTYPE rfc SYSTEM "rfc2629.dtd">
    <rfc number="9098" docName="draft-example-lamps-04"><front><title>x</title>
    <date month="May" year="2012"/></front><middle><section title="Lamps" anchor="lamps">
    <t>Two&nbsp;lamps MUST&nbsp;NOT burn.<list style="hanging">
    <t hangText="Red:">It MAY burn.</t></list></t>
    <texttable><ttcol>A lamp</ttcol><c>It SHOULD burn.</c></texttable>
    <figure><preamble>As one MUST see:</preamble><artwork>MUST</artwork></figure></section></middle></rfc>"""
    draft = parse_draft(xml)
    assert (draft.name, draft.revision) == ("RFC 9098", "2012-05")
    assert [item.text for item in statements(draft)] == [
        "Two lamps MUST NOT burn.",
        "Red: It MAY burn.",
        "It SHOULD burn.",
        "As one MUST see:",
    ]


def test_cross_references_are_worded_as_in_the_text_form() -> None:
    def text(reference: str) -> str:
        xml = f"""<rfc><middle><section anchor="one"><name>One</name><t>It MUST be {reference}.</t>
        <section anchor="two"><name>Two</name><figure anchor="three"/></section></section></middle>
        <back><displayreference target="RFC1" to="FIRST"/><references><reference anchor="RFC1"/></references>
        <section anchor="last"><name>Last</name></section></back></rfc>"""
        return statements(parse_draft(xml.encode()))[0].text

    assert text('<xref target="two"/>') == "It MUST be Section 1.1."
    assert text('<xref target="two" format="counter"/>') == "It MUST be 1.1."
    assert text('<xref target="two">there</xref>') == "It MUST be there (Section 1.1)."
    assert text('<xref target="two" format="none">there</xref>') == "It MUST be there."
    assert text('<xref target="three"/>') == "It MUST be Figure 1."
    assert text('<xref target="last"/>') == "It MUST be Appendix A."
    assert text('<xref target="RFC1"/>') == "It MUST be [FIRST]."
    assert text('<xref target="RFC1" section="4.2"/>') == "It MUST be Section 4.2 of [FIRST]."
    assert (
        text('<xref target="RFC1" section="B" sectionFormat="parens"/>') == "It MUST be [FIRST] (Appendix B)."
    )
    assert text('<xref target="RFC1">that</xref>') == "It MUST be that [FIRST]."
    assert text('<eref target="http://a.example/b" brackets="angle"/>') == "It MUST be <http://a.example/b>."


def test_asides_lists_and_first_lines_that_are_set_in() -> None:
    text = """
1.  Title of the only section, which does not fit on a single line of
    the text

   |  An aside MUST
   |  be read.

      A first line that is set in and so long that the next one MUST
   follow it.

   *  One item MUST stand.
   *  Another MUST
      not break.
      -  An inner item MAY follow.

   Term:  What it means MUST be
      clear.
   Other:  That it is other SHOULD be, too.

   a)  Letters MAY count.

###TGFtcHMgYW5kIGxpZ2h0cw0KTGFtcHMgYW5kIGxp
###Z2h0cw0KTGFtcHMgYW5kIGxpZ2h0cw0KTGFtcHMg

Authors' Addresses

   The author MUST be reachable.
"""
    draft = parse_draft(text.encode())
    assert draft.sections[0].title.endswith("a single line of the text")
    assert [item.text for item in statements(draft)] == [
        "An aside MUST be read.",
        "A first line that is set in and so long that the next one MUST follow it.",
        "One item MUST stand.",
        "Another MUST not break.",
        "An inner item MAY follow.",
        "Term: What it means MUST be clear.",
        "Other: That it is other SHOULD be, too.",
        "Letters MAY count.",
    ]


def test_a_text_that_is_no_draft_is_refused() -> None:
    with pytest.raises(DraftFormatError, match="no numbered section"):
        parse_draft(b"Dear editor,\n\n   you MUST write a draft.\n")
    with pytest.raises(DraftFormatError, match="<html>"):
        parse_draft(b"<html><body>MUST</body></html>")
    with pytest.raises(DraftFormatError, match="no sections"):
        parse_draft(b"<rfc/>")
