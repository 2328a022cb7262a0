"""Phones into syllables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.lexicon import pronunciations
from speech.phones import INVENTORY, is_vowel
from speech.syllables import syllabify, syllable_texts

phones = st.lists(st.sampled_from(INVENTORY), max_size=12)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("rabbit", "ra·bbit"),
        ("elephant", "e·le·phant"),
        ("banana", "ba·na·na"),
        ("sister", "si·ster"),
        ("finger", "fin·ger"),
        ("singer", "sing·er"),
        ("hamster", "ham·ster"),
        ("explain", "ex·plain"),
        ("window", "win·dow"),
        ("little", "li·ttle"),
        ("seven", "se·ven"),
        ("street", "street"),
        ("chocolate", "cho·colate"),
        ("university", "u·ni·ver·si·ty"),
        ("hmm", "hmm"),
    ],
)
def test_words_fall_into_syllables_with_their_letters(word: str, expected: str) -> None:
    assert "·".join(syllable_texts(word, pronunciations(word)[0].phones)) == expected


@given(phones)
def test_syllables_cover_all_phones_with_a_vowel_each(said: list[str]) -> None:
    ranges = syllabify(said)
    assert [i for start, end in ranges for i in range(start, end)] == list(range(len(said)))
    vowels = sum(map(is_vowel, said))
    assert len(ranges) == (max(vowels, 1) if said else 0)
    if vowels:
        assert all(sum(map(is_vowel, said[start:end])) == 1 for start, end in ranges)


@given(st.text(max_size=20), phones)
def test_the_letters_of_the_syllables_make_the_word(word: str, said: list[str]) -> None:
    texts = syllable_texts(word, said)
    assert len(texts) == len(syllabify(said))
    if said:
        assert "".join(texts) == word
