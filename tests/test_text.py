"""When two texts are the same, and what a word is."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualify.text import (
    REFUSED_IN_LITERALS,
    WHITE_SPACE,
    WORD_CHARACTERS,
    Phrases,
    clean,
    fold,
    phrase_fault,
    refused_character,
)  # fmt: skip

TRAPS = st.text(st.sampled_from("aAßẞİıiIςσΣéÉe\u0301 ﬁＡ-_'&9²\u200d\u00a0ǅÅ"), max_size=8)


def size(ranges):
    return sum(high - low + 1 for low, high in ranges)


def test_the_tables_have_their_size():
    """29 white-space characters, 150 letters that no literal may hold."""
    assert size(WHITE_SPACE) == 29
    assert size(REFUSED_IN_LITERALS) == 150
    assert all(chr(code).isspace() for low, high in WHITE_SPACE for code in range(low, high + 1))


def test_ranges_stand_apart_and_in_order():
    """A range out of order would be read by one engine and not by another."""
    for ranges in (WHITE_SPACE, WORD_CHARACTERS, REFUSED_IN_LITERALS):
        assert all(low <= high for low, high in ranges)
        assert all(one[1] < other[0] for one, other in pairwise(ranges))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("STRASSE", "Straße", True),
        ("ISTANBUL", "İstanbul", True),
        ("ΟΔΟΣ", "οδος", True),
        ("ΟΔΟΣ", "οδοσ", True),
        ("GROẞ", "gross", True),
        ("élan", "ELAN", False),
        ("ırmak", "irmak", False),
        ("ﬁt", "fit", False),
        ("Ａ", "A", False),
    ],
)
def test_case_is_ignored_and_nothing_else(one, other, same):
    assert (fold(one) == fold(other)) is same


@given(TRAPS)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(TRAPS, TRAPS)
def test_folding_goes_letter_by_letter(one, other):
    """So a part of a text folds as it does within it, and `contains` is exact."""
    assert fold(one + other) == fold(one) + fold(other)


@given(TRAPS)
def test_a_clean_text_is_composed_and_has_no_white_ends(text):
    found = clean(text)

    assert found == unicodedata.normalize("NFC", found) == found.strip()
    assert clean(found) == found


@pytest.mark.parametrize(
    ("phrases", "text", "found"),
    [
        (["cto"], "Director", False),
        (["cto"], "CTO", True),
        (["owner"], "Co-owner", True),
        (["head of"], "Head  of,Sales", True),
        (["head of"], "head-of sales", True),
        (["head of"], "ahead of time", False),
        (["head of"], "head of", True),
        (["automat*"], "Automation", True),
        (["automat*"], "automat", True),
        (["automat*"], "semiautomatic", False),
        (["head of autom*"], "Head of Automation", True),
        (["a b", "a c"], "a a c", True),
        (["r&d"], "R & D", True),
        (["r_d"], "r d", True),
        (["ΟΔΟΣ"], "η οδος", True),
    ],
)
def test_mentions_are_whole_words_in_a_row(phrases, text, found):
    """A substring test for "cto" finds every director."""
    assert Phrases(phrases).found_in(text) is found


@pytest.mark.parametrize("phrase", ["", "*", " ", "-", "c++", ".net", "a *", "a*b", "vp ", " vp", "**"])
def test_a_phrase_that_would_find_everything_is_refused(phrase):
    assert phrase_fault(phrase) is not None


@pytest.mark.parametrize("phrase", ["vp", "head of", "automat*", "r&d", "a-b*", "9", "é"])
def test_a_phrase_of_words_is_fine(phrase):
    assert phrase_fault(phrase) is None


@given(TRAPS)
def test_a_text_mentions_itself(text):
    phrase = clean(text)
    if phrase_fault(phrase) is None:
        assert Phrases([phrase]).found_in(phrase)


def test_letters_on_which_engines_disagree_are_named():
    assert refused_character("abc") is None
    assert refused_character("a\u019bc") == "\u019b"
    assert refused_character("\ua7dc") is not None  # its lower case is one of them
