"""The letters under each phone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.graphemes import is_regular, letters_of
from speech.lexicon import pronunciations
from speech.phones import INVENTORY

phones = st.lists(st.sampled_from(INVENTORY), max_size=12)


def split(word: str, said: str) -> str:
    return "|".join(word[start:end] for start, end in letters_of(word, said.split()))


@pytest.mark.parametrize(
    ("word", "said", "expected"),
    [
        ("rabbit", "R AE B IH T", "r|a|bb|i|t"),
        ("think", "TH IH NG K", "th|i|n|k"),
        ("night", "N AY T", "n|igh|t"),
        ("though", "DH OW", "th|ough"),
        ("cough", "K AA F", "c|ou|gh"),
        ("eight", "EY T", "eigh|t"),
        ("knee", "N IY", "kn|ee"),
        ("write", "R AY T", "wr|i|te"),
        ("lamb", "L AE M", "l|a|mb"),
        ("walk", "W AO K", "w|al|k"),
        ("could", "K UH D", "c|oul|d"),
        ("castle", "K AE S AH L", "c|a|st|le|le"),
        ("watch", "W AA CH", "w|a|tch"),
        ("bridge", "B R IH JH", "b|r|i|dge"),
        ("nation", "N EY SH AH N", "n|a|ti|o|n"),
        ("vision", "V IH ZH AH N", "v|i|si|o|n"),
        ("picture", "P IH K CH ER", "p|i|c|t|ure"),
        ("box", "B AA K S", "b|o|x|x"),
        ("exam", "IH G Z AE M", "e|x|x|a|m"),
        ("queen", "K W IY N", "q|u|ee|n"),
        ("music", "M Y UW Z IH K", "m|u|u|s|i|c"),
        ("one", "W AH N", "o|o|ne"),
        ("two", "T UW", "t|wo"),
        ("who", "HH UW", "wh|o"),
        ("what", "HH W AH T", "wh|wh|a|t"),
        ("people", "P IY P AH L", "p|eo|p|le|le"),
        ("heart", "HH AA R T", "h|ea|r|t"),
        ("hour", "AW ER", "hou|r"),
        ("make", "M EY K", "m|a|ke"),
        ("liked", "L AY K T", "l|i|k|ed"),
        ("wanted", "W AO N T IH D", "w|a|n|t|e|d"),
        ("chicken", "CH IH K AH N", "ch|i|ck|e|n"),
        ("I'm", "AY M", "I'|m"),
        ("Café", "K AE F EY", "C|a|f|é"),
        ("DVD", "D IY V IY D IY", "D|D|V|V|D|D"),
        ("car", "K AA", "c|ar"),
        ("red", "es_rr EH D", "r|e|d"),
    ],
)
def test_each_phone_has_its_letters(word: str, said: str, expected: str) -> None:
    assert split(word, said) == expected


@given(st.text(max_size=20), phones)
def test_any_word_is_covered_in_order_whatever_its_phones(word: str, said: list[str]) -> None:
    spans = letters_of(word, said)
    assert len(spans) == len(said)
    if not spans:
        return
    tiles = list(dict.fromkeys(spans))
    assert tiles == sorted(tiles)
    assert tiles[0][0] == 0
    assert tiles[-1][1] == len(word)
    assert all(one[1] == other[0] for one, other in zip(tiles, tiles[1:], strict=False))
    if word:
        assert all(start < end for start, end in spans)


COMMON = """
the of and to in a is that for it as was with be by on not he his but at are this have from or had
an they which one you were all her she there would their we him been has when who will no more if
out so said what up its about into than them can only other time new some could these two may then
first any my now such like our over man me even most made after also did many before must through
years where much your way well down should because each just those people too how little state good
very make world still own see work long get here between both life being under never day same
another know while last might us great old year off come since against go came right used take three
states himself few house use during without again place around however home small found thought went
say part once general high upon school every don't does got united left number course war until
always away something fact water though less public put think almost hand enough far took head yet
government system better set told nothing night end why called eyes find going look asked later knew
point next program city business give group toward young days let room word things want face second
side social given present several order national possible rather per among form often important
early white case large big need four within felt children along saw best church ever least power
development light thing seemed family interest want members mind area others turned although open
god door service certain kind problem began different help sense whole matter name
""".split()


def test_the_commonest_words_are_read_with_the_spellings_we_know() -> None:
    odd = [word for word in COMMON if not is_regular(word, pronunciations(word)[0].phones)]
    assert odd == []
