"""What a take is held against: built once, kept as JSON, read back the same."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.criterion import MAX_CHARS, MAX_WORDS, Criterion, WordCriterion, build, fixed
from speech.errors import SpeechError


def code_of(text: str, accepted: dict[str, list[str]] | None = None) -> str:
    with pytest.raises(SpeechError) as error:
        build(text, accepted)
    return error.value.code


def test_a_text_becomes_words_with_all_their_pronunciations() -> None:
    criterion = build("I see 2 rabbits!")
    assert [word.word for word in criterion.words] == ["I", "see", "two", "rabbits"]
    assert criterion.words[0].pronunciations == (("AY",),)
    assert ("R", "AE", "B", "IH", "T", "S") in criterion.words[3].pronunciations
    assert all(len(w.stress) == len(w.pronunciations) for w in criterion.words)


def test_a_criterion_comes_back_from_json_as_it_was() -> None:
    criterion = build("She wasn't at the café.", strictness="strict", model="m1")
    assert Criterion.from_json(json.loads(json.dumps(criterion.to_json()))) == criterion


@given(st.text(max_size=80))
def test_any_text_is_a_criterion_or_a_named_error(text: str) -> None:
    try:
        criterion = build(text)
    except SpeechError as error:
        assert error.code in ("empty_text", "unknown_word", "text_too_long")
    else:
        assert Criterion.from_json(criterion.to_json()) == criterion


def test_an_authors_pronunciation_goes_before_the_dictionarys() -> None:
    word = build("Rabbit!", {"rabbit": ["R AE1 B IH0 T S", "R AA B IH T"]}).words[0]
    assert word.pronunciations[:2] == (
        ("R", "AE", "B", "IH", "T", "S"),
        ("R", "AA", "B", "IH", "T"),
    )
    assert word.stress[:2] == ("10", "10")
    assert ("R", "AE", "B", "AH", "T") in word.pronunciations


def test_an_author_can_teach_a_word_that_no_lexicon_knows() -> None:
    assert code_of("日本") == "unknown_word"
    word = build("日本", {"日本": ["N IH HH AA N"]}).words[0]
    assert word.pronunciations == (("N", "IH", "HH", "AA", "N"),)


def test_weak_forms_count_only_inside_a_sentence() -> None:
    assert ("AH", "V") not in build("have").words[0].pronunciations
    assert ("AH", "V") in build("I have it").words[1].pronunciations


def test_an_experts_reference_is_the_only_pronunciation() -> None:
    criterion = fixed("rabbit", [("rabbit", ["R", "AE", "B", "AH", "T"])])
    assert criterion.words == (WordCriterion("rabbit", (("R", "AE", "B", "AH", "T"),)),)


@pytest.mark.parametrize("text", ["", "   ", "…!?", "😀"])
def test_a_text_without_words_is_empty(text: str) -> None:
    assert code_of(text) == "empty_text"


@pytest.mark.parametrize(
    "text", ["rabbit " * 1000, "x" * 5000, "a" * (MAX_CHARS + 1), "a " * (MAX_WORDS + 1)]
)
def test_a_text_has_a_limit(text: str) -> None:
    assert code_of(text) == "text_too_long"


def test_a_wrong_phone_in_an_accepted_pronunciation_is_named() -> None:
    assert code_of("rabbit", {"rabbit": ["R AE BB IH T"]}) == "bad_phone"
    assert code_of("rabbit", {"rabbit": ["R " * 100]}) == "bad_phone"


@pytest.mark.parametrize("field", ["strictness", "prior"])
def test_an_unheard_of_setting_is_refused(field: str) -> None:
    with pytest.raises(ValueError, match="sideways"):
        Criterion("a", build("a").words, **{field: "sideways"})
