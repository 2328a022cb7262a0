"""What a typed answer is forgiven, and how the difference is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.exercises.comparing import Comparison, compare, one_edit

EXACT = [
    ("she works.", "She works."),
    ("  SHE   WORKS  ", "She works."),
    ("¡She works!", "She works."),
    ("I’m from Spain", "I'm from Spain."),
    ("He is 8", "He is eight."),
    ("she is 21", "She is twenty-one."),
    ("cafe", "café"),
    ("a Tshirt", "a T-shirt"),
]
FORGIVEN = [
    ("Im from Spain", "I'm from Spain."),
    ("the book's are here", "The books are here."),
    ("She wroks here", "She works here."),
    ("my techer", "my teacher"),
    ("my teeacher", "my teacher"),
    ("my teaxher", "my teacher"),
    ("good bye", "Goodbye!"),
    ("a T shirt", "a T-shirt"),
]
WRONG = [
    ("She work here", "She works here."),  # the very mistake that is practised
    ("She lived here", "She lives here."),
    ("She live here", "She lived here."),
    ("I from Spain", "I'm from Spain."),
    ("am from Spain", "I am from Spain."),
    ("Is my sister", "It's my sister."),
    ("an book", "a book"),
    ("the cat is on the mat", "The cat is in the mat."),
    ("he is happy", "She is happy."),
    ("my techerr", "my teacher"),
    ("teh wroks", "the works"),  # one typo, not two
    ("books red", "red books"),
    ("", "x"),
    ("???", "yes"),
]


@pytest.mark.parametrize(("written", "right"), EXACT)
def test_capitals_blanks_signs_accents_and_figures_are_no_difference(
    written: str, right: str
) -> None:
    found = compare(written, [right])
    assert (found.right, found.forgiven, found.differences) == (True, False, ())


@pytest.mark.parametrize(("written", "right"), FORGIVEN)
def test_an_apostrophe_a_blank_and_one_typo_are_forgiven_and_shown(
    written: str, right: str
) -> None:
    found = compare(written, [right])
    assert found.right and found.forgiven and found.differences


@pytest.mark.parametrize(("written", "right"), WRONG)
def test_another_word_is_another_answer(written: str, right: str) -> None:
    assert not compare(written, [right]).right


def marked(found: Comparison) -> tuple[str, str]:
    """The letters of either side that the other lacks in brackets."""
    sides: tuple[list[str], list[str]] = ([], [])
    for pair in found.pairs:
        for side, letters in zip(sides, pair.letters, strict=True):
            side.append("".join(x.text if x.shared else f"[{x.text}]" for x in letters) or "-")
    return " ".join(sides[0]), " ".join(sides[1])


def test_the_difference_word_by_word_and_letter_by_letter() -> None:
    assert marked(compare("She wroks", ["She works."])) == ("She wr[o]ks", "She w[o]rks.")
    assert marked(compare("Im here", ["I'm here"])) == ("Im here", "I[']m here")
    assert marked(compare("I go to home now", ["I go home"])) == (
        "I go [to] home [now]",
        "I go - home -",
    )
    assert marked(compare("from Spain", ["I'm from Spain."])) == (
        "- from Spain",
        "[I'm] from Spain.",
    )


def test_the_nearest_of_several_right_answers_is_shown() -> None:
    answers = ["She isn't my cousin.", "She is not my cousin.", "She's not my cousin."]
    assert compare("She is not my cusin", answers).answer == "She is not my cousin."
    assert compare("She no is not cousin", answers).answer == "She is not my cousin."
    assert compare("shes not my cousin", answers).answer == "She's not my cousin."


@given(st.text(max_size=60), st.text(min_size=1, max_size=30))
def test_nothing_that_is_typed_can_break_it(written: str, right: str) -> None:
    found = compare(written, [right])
    for pair in found.pairs:
        sides = ["".join(letters.text for letters in side) for side in pair.letters]
        assert sides == [pair.given, pair.right]


@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_one_edit_is_the_distance_of_damerau_and_levenshtein(a: str, b: str) -> None:
    assert one_edit(a, b) == (b in edits(a) and a != b)


def edits(word: str) -> set[str]:
    """All that one edit makes of a word (Norvig's enumeration)."""
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {a + b[1:] for a, b in splits if b}
    found |= {a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1}
    found |= {a + c + b[1:] for a, b in splits if b for c in "abc"}
    return found | {a + c + b for a, b in splits for c in "abc"}
