"""Words of a text, and every accepted way to say one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech import criterion
from speech.errors import SpeechError
from speech.lexicon import MAX_VARIANTS, pronunciations, words
from speech.phones import INVENTORY, is_vowel


def said(word: str) -> list[str]:
    return [str(each) for each in pronunciations(word)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I see a rabbit.", ["I", "see", "a", "rabbit"]),
        ("“I’m here,” she said—twice…", ["I'm", "here", "she", "said", "twice"]),
        ("A well-known T-shirt", ["A", "well", "known", "T", "shirt"]),
        ("'hello' the dogs' bowl", ["hello", "the", "dogs", "bowl"]),
        ("'Cause I love 'em", ["'Cause", "I", "love", "'em"]),
        ("The U.S.A. at 5 p.m.!", ["The", "U.S.A.", "at", "five", "p.m."]),
        ("A café 😀 for me & you", ["A", "café", "for", "me", "and", "you"]),
        ("cafe\u0301", ["café"]),
        ("rab\u00adbit zero\u200bwidth", ["rabbit", "zerowidth"]),
        ("ｆｕｌｌ　ｗｉｄｔｈ", ["full", "width"]),
        ("¿Qué? ¡Sí!", ["Qué", "Sí"]),
        ("", []),
        (" \n\t…!? 😀", []),
        ("𒐀", []),
    ],
)
def test_a_text_is_cut_into_the_words_we_say(text: str, expected: list[str]) -> None:
    assert list(words(text)) == expected


@given(st.text(max_size=60))
def test_any_text_is_cut_into_words_without_trouble(text: str) -> None:
    for word in words(text):
        assert word.strip() == word != ""
        assert any(c.isalpha() for c in word)


@given(st.text(max_size=60))
def test_cutting_again_changes_nothing(text: str) -> None:
    once = words(text)
    assert words(" ".join(once)) == once


def test_every_cmudict_variant_of_a_word_is_accepted() -> None:
    assert {"IY DH ER", "AY DH ER"} <= set(said("either"))
    assert {"DH AH", "DH IY"} <= set(said("the"))
    assert {"AH", "EY"} <= set(said("a"))
    assert {"D EY T AH", "D AE T AH", "D AA T AH"} <= set(said("data"))


def test_british_and_weak_forms_are_accepted_beside_the_american_ones() -> None:
    assert {"T AH M EY T OW", "T AH M AA T OW"} <= set(said("tomato"))
    assert {"B AE TH", "B AA TH"} <= set(said("bath"))
    assert {"AH V", "AA V"} <= set(said("of"))
    assert "K AH N" in said("can")
    assert "AH N" in said("and")


@pytest.mark.parametrize(
    ("word", "both"),
    [
        ("rabbit", {"R AE B AH T", "R AE B IH T"}),
        ("wanted", {"W AO N T IH D", "W AO N T AH D"}),
        ("roses", {"R OW Z IH Z", "R OW Z AH Z"}),
        ("minute", {"M IH N AH T", "M IH N IH T"}),
        ("palace", {"P AE L AH S", "P AE L IH S"}),
        ("mountain", {"M AW N T AH N", "M AW N T IH N"}),
        ("become", {"B IH K AH M", "B IY K AH M"}),
        ("dog", {"D AO G", "D AA G"}),
        ("student", {"S T UW D AH N T", "S T Y UW D AH N T"}),
        ("near", {"N IH R", "N IY R"}),
        ("marry", {"M EH R IY", "M AE R IY"}),
    ],
)
def test_vowels_that_dictionaries_give_two_ways_count_both_ways(word: str, both: set[str]) -> None:
    assert both <= set(said(word))


@pytest.mark.parametrize(
    ("word", "never"),
    [
        ("bit", "B AH T"),
        ("music", "M Y UW Z AH K"),
        ("sing", "S AH NG"),
        ("fabric", "F AE B R AH K"),
        ("circus", "S ER K IH S"),
        ("seven", "S EH V IH N"),
        ("sofa", "S OW F IH"),
        ("ship", "SH IY P"),
        ("explain", "IY K S P L EY N"),
        ("door", "D AA R"),
        ("two", "T Y UW"),
    ],
)
def test_vowels_that_tell_words_apart_stay_apart(word: str, never: str) -> None:
    assert never not in said(word)


def accepted() -> list[tuple[str, set[str]]]:
    """The words of accepted.txt with the pronunciations that must be among ours."""
    lines = Path(__file__).with_name("accepted.txt").read_text("utf-8").splitlines()[1:]
    split = (line.split(": ") for line in lines)
    return [(word, set(known.split(", "))) for word, known in split]


@pytest.mark.parametrize(("word", "known"), accepted())
def test_common_words_may_be_said_as_dictionaries_and_natives_say_them(
    word: str, known: set[str]
) -> None:
    assert known - set(said(word)) == set()


@pytest.mark.parametrize(
    ("word", "wrong"),
    [
        ("sheep", "SH IH P"), ("eat", "IH T"), ("leave", "L IH V"), ("live", "L IY V"),
        ("this", "D IH S"), ("mother", "M AH D ER"), ("they", "D EY"), ("father", "F AA D AH"),
        ("think", "T IH NG K"), ("three", "S R IY"), ("tooth", "T UW T"), ("mouth", "M AW F"),
        ("very", "B EH R IY"), ("seven", "S EH B AH N"), ("zoo", "S UW"), ("rose", "R OW S"),
        ("hat", "AE T"), ("house", "AW S"), ("shoe", "CH UW"), ("fish", "F IH CH"),
        ("chair", "SH EH R"), ("yes", "JH EH S"), ("yellow", "JH EH L OW"), ("jam", "Y AE M"),
        ("school", "EH S K UW L"), ("cat", "K AA T"), ("cat", "K AH T"), ("bad", "B EH D"),
        ("bed", "B AE D"), ("cup", "K AA P"), ("cup", "K AE P"), ("bird", "B EH R D"),
        ("bird", "B AH D"), ("book", "B UW K"), ("full", "F UW L"), ("pool", "P UH L"),
        ("day", "D EH"), ("go", "G AO"), ("boat", "B AO T"), ("late", "L EH T"),
        ("sing", "S IH N"), ("hanging", "HH AE NG G IH NG"), ("red", "EH D"),
        ("rabbit", "AE B IH T"),
        ("carrot", "K AE AH T"), ("story", "S T AO IY"), ("two", "D UW"), ("return", "R IY D ER N"),
        ("button", "B AH D AH N"), ("hotel", "HH OW D EH L"), ("good", "G IH D"), ("get", "G IH T"),
        ("job", "JH OW B"), ("nice", "N IY S"), ("when", "W IH N"), ("kept", "K AE P T"),
        ("home", "HH AO M"), ("father", "F AO DH ER"), ("star", "S T AO R"), ("very", "V R IY"),
        ("hurry", "HH R IY"), ("around", "AH R AW N"), ("cart", "K AA R D"),
    ],
)  # fmt: skip
def test_what_a_teacher_would_mark_is_not_accepted(word: str, wrong: str) -> None:
    assert wrong not in said(word)


def test_words_without_their_r_are_told_apart_for_readers_who_say_it() -> None:
    sources = {str(each): each.source for each in pronunciations("teacher")}
    assert sources == {"T IY CH ER": "cmudict", "T IY CH AH": "british"}


@pytest.mark.parametrize(("word", "elided"), [("last", "L AE S"), ("don't", "D OW N")])
def test_a_last_consonant_may_go_only_inside_a_sentence(word: str, elided: str) -> None:
    alone, inside = criterion.build(word), criterion.build(f"{word} one")
    assert tuple(elided.split()) not in alone.words[0].pronunciations
    assert tuple(elided.split()) in inside.words[0].pronunciations


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("RABBIT", "R AE B AH T"),
        ("café", "K AH F EY"),
        ("don’t", "D OW N T"),
        ("boss's", "B AO S IH Z"),
        ("rabbit's", "R AE B AH T S"),
        ("Cotorra's", "K AA T AO R AH Z"),
        ("U.S.A.", "Y UW EH S EY"),
        ("DVD", "D IY V IY D IY"),
        ("Mr", "M IH S T ER"),
    ],
)
def test_capitals_accents_and_endings_are_understood(word: str, expected: str) -> None:
    assert expected in said(word)


def test_a_word_outside_the_dictionary_comes_from_espeak() -> None:
    found = pronunciations("flibbertygloop")[0]
    assert found.source == "espeak"
    assert found.phones[:4] == ("F", "L", "IH", "B")


@pytest.mark.parametrize("word", ["", "5", "日本", "привет", "؟", "--", "a" * 400, "\ud800"])
def test_a_word_without_sounds_is_unknown(word: str) -> None:
    with pytest.raises(SpeechError) as error:
        pronunciations(word)
    assert error.value.code == "unknown_word"


@given(st.text(max_size=40))
def test_every_word_has_sounds_of_the_inventory_or_is_unknown(text: str) -> None:
    for word in words(text):
        try:
            found = pronunciations(word)
        except SpeechError as error:
            assert error.code == "unknown_word"
            continue
        assert 0 < len(found) <= MAX_VARIANTS
        assert len({each.phones for each in found}) == len(found)
        for each in found:
            assert each.phones
            assert set(each.phones) <= set(INVENTORY)
            assert len(each.stress) == sum(map(is_vowel, each.phones))
            assert set(each.stress) <= set("012")
