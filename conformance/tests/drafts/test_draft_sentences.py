"""Sentences, requirement words and the normal form."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dred_conformance.drafts.normal_form import normal_form, one_line, sentence_digest
from dred_conformance.drafts.sentences import sentences
from dred_conformance.drafts.statements import keywords_of


@pytest.mark.parametrize(
    "parts",
    [
        ["One ends here.", "Another starts."],
        ["It lasts 2.5 ms.", "It is short."],
        ["See Section 3.2.", "The rest follows."],
        ["See Section 3.2 of [RFC6716] and Fig. 3 there.", "It is so."],
        ["Some, e.g. Opus, i.e. all of them, MUST do it, cf. Section 2."],
        ["A word (or two.)", "A third!", "A fourth?", "5 MUST follow."],
        ["J. Doe and K. Roe wrote it.", "They MUST know."],
        ["No.", "It MUST NOT."],
        ["The pre-i.e. NOT the main part (e.g. Opus) MUST stay."],
        ["No. 5 of Sec. 3 MUST stay."],
        ["Frames, packets, etc. are counted.", "They end."],
        ['He said "stop."', "And MUST stop."],
        ["all of it. without capitals"],
        ["What ends in a colon:"],
    ],
)
def test_sentences(parts: list[str]) -> None:
    assert list(sentences(" ".join(parts))) == parts


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("It MUST NOT be; it MUST be.", "MUST NOT|MUST"),
        ("It must not, and MUSTARD may.", ""),
        ("It is NOT RECOMMENDED, and OPTIONAL.", "NOT RECOMMENDED|OPTIONAL"),
        ("REQUIRED, SHALL, SHALL NOT, RECOMMENDED", "REQUIRED|SHALL|SHALL NOT|RECOMMENDED"),
        ("a MUST_HAVE flag", ""),
        ("SHOULD  NOT", "SHOULD NOT"),
    ],
)
def test_requirement_words(sentence: str, found: str) -> None:
    assert "|".join(keywords_of(sentence)) == found


def test_the_normal_form_by_hand() -> None:
    sentence = "The \u201cpre\u2010\nroll\u201d of\u00a0_one_ packet\u2019s *latent* MUST NOT be `x_1`\u200b."
    assert normal_form(sentence) == "Thepre-rollofonepacket'slatentMUSTNOTbex_1."
    assert (
        sentence_digest(sentence)
        == hashlib.sha256(b"Thepre-rollofonepacket'slatentMUSTNOTbex_1.").hexdigest()
    )


def test_what_a_terminal_would_obey_is_dropped() -> None:
    assert one_line("It \x1b[31mMUST\x07 \u202enot\r\n end.\x9b") == "It [31mMUST not end."
    assert normal_form("a\x1b\u202eb\x9b") == "ab"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It MUST be.", "It MUST NOT be."),
        ("It MUST be.", "It must be."),
        ("Section 3.2", "Section 3.3"),
        ("a-b", "ab"),
        ("x_1", "x1"),
    ],
)
def test_what_is_different_stays_different(one: str, other: str) -> None:
    assert sentence_digest(one) != sentence_digest(other)


@given(st.text(max_size=200))
def test_the_normal_form_does_not_change_again_under_white_space(text: str) -> None:
    assert normal_form("  ".join(text.split())) == normal_form(text)
    assert not any(character.isspace() for character in normal_form(text))


@given(
    st.lists(
        st.sampled_from(["It MUST.", "e.g.", "2.5", "x", "A", "!", "(", '"', "Sec. 3.", "\u201d"]),
        max_size=30,
    )
)
def test_no_word_is_lost_between_sentences(words: list[str]) -> None:
    text = " ".join(words)
    assert " ".join(sentences(text)) == text
