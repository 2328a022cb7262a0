"""Code-mixed items: repeatable, in both languages, and labelled with what is in the audio."""

from itertools import groupby

import numpy as np
import pytest

from speech import espeak
from speech.phones import INVENTORY, is_vowel
from speech.recipes.phonetic_rnnt.codemix import KINDS, Item, Word, items, speak

ENGLISH = ["my grandmother likes the beach", "I see a rabbit in the big red house", "😀 5 日本"]
SPANISH = ["abuela", "playa", "vaca", "perro", "jirafa", "zapato", "dedo", "árbol de pino", "42"]


def some(count: int, seed: int = 1) -> list[Item]:
    return list(items(seed, count, ENGLISH, SPANISH))


def spanish_sounds(word: Word) -> bool:
    return any(phone.startswith("es_") for phone in word.said)


def test_the_same_seed_gives_the_same_items_and_another_seed_others() -> None:
    assert some(20) == some(20)
    assert some(20) != some(20, seed=2)


def test_every_kind_mixes_as_it_says() -> None:
    by_kind = {kind: [i for i in some(40) if i.kind == kind] for kind in KINDS}
    assert all(len(found) == 10 for found in by_kind.values())
    for item in by_kind["carrier"]:
        spanish = [w.text for w in item.words if w.language == "es"]
        assert spanish
        assert set(spanish) <= set(SPANISH)
        assert any(w.language == "en" for w in item.words)
    for item in by_kind["reading"]:
        assert any(w.language == "es" and w.text not in SPANISH for w in item.words)
    for item in by_kind["sounds"]:
        assert any(w.language == "en-es" and spanish_sounds(w) for w in item.words)
    for item in by_kind["spanish"]:
        assert all(w.language == "es" for w in item.words)


def test_what_is_said_is_among_the_candidates_and_has_a_digit_for_each_vowel() -> None:
    for item in some(40):
        assert item.choices == tuple(word.candidates for word in item.words)
        for word in item.words:
            assert word.said in word.candidates
            assert len(word.stress) == sum(map(is_vowel, word.said))
            assert spanish_sounds(word) == (word.language != "en")


def test_every_item_is_heard_and_its_labels_are_what_was_asked_but_for_linking() -> None:
    softened = {"es_b": "B", "es_d": "D", "es_g": "G"}
    for item in some(12):
        samples, rate, labels = speak(item, "f2", 150, 50)
        asked = [phone for word in item.words for phone in word.said]
        assert rate == 22050
        assert np.abs(samples).max() > 0.1
        assert len(samples) / rate > 0.04 * len(labels)
        assert set(labels) <= set(INVENTORY)

        def plain(phones: list[str]) -> list[str]:
            return [softened.get(p, "AH" if p == "ER" else p) for p in phones]

        assert plain(list(labels)) == plain(asked)


def test_no_silence_parts_the_languages() -> None:
    word = Word("minino", "es", ("M", "es_i", "N", "es_i", "N", "es_o"), "010", ())
    other = Word("rain", "en", ("R", "EY", "N"), "1", ())
    samples, rate, _ = speak(Item("carrier", "en-us", "en-us", (word, other, word)), "", 150, 50)
    inside = samples[rate // 20 : -rate // 10]
    longest = max(len(list(run)) for quiet, run in groupby(np.abs(inside) < 1e-3) if quiet)
    assert longest < 0.02 * rate


def test_one_voice_says_both_languages_apart() -> None:
    """The same letters by the same voice, at the same pitch and pace: the sounds differ."""
    english = Word("red", "en", ("R", "EH", "D"), "1", ())
    spanish = Word("red", "es", ("es_rr", "es_e", "D"), "1", ())
    takes = [
        speak(Item("carrier", "en-us", "en-us", (w,)), "", 150, 50) for w in (english, spanish)
    ]
    assert [labels for _, _, labels in takes] == [english.said, spanish.said]
    assert len(takes[0][0]) != len(takes[1][0])


@pytest.mark.parametrize(
    ("english", "spanish"), [([], SPANISH), (ENGLISH, []), (["日本 5"], SPANISH), (ENGLISH, ["😀"])]
)
def test_texts_that_cannot_be_mixed_are_refused(english: list[str], spanish: list[str]) -> None:
    with pytest.raises(ValueError, match=r"need|too few"):
        list(items(1, 4, english, spanish))


def test_a_voice_variant_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no voice variant"):
        speak(some(1)[0], "x9", 150, 50)


def test_espeak_reads_back_what_each_part_was_spelled_with() -> None:
    parts = [("en-gb", ("K", "AE", "T"), "1"), ("es-419", ("K", "es_a", "S", "es_a"), "10")]
    for voice in espeak.VOICES:
        said = espeak.phones(espeak.spell_mixed(parts), voice)
        assert said == ("K", "AE", "T", "K", "es_a", "S", "es_a")
