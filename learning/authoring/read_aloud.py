"""What the narrator makes of a text: its words, and the sounds that are said for each."""

from __future__ import annotations

from typing import NamedTuple

from learning.authoring.proposals import ipa
from speech import lexicon
from speech.narrator import front_end
from speech.narrator.reading import usual_of
from speech.phones import is_vowel


class Said(NamedTuple):
    """A word as written, and how it is said; a number may be several words."""

    text: str
    ipa: str
    arpabet: str
    spanish: bool
    guessed: bool  # no dictionary has it


def words(text: str) -> list[Said]:
    """Raises SpeechError nothing_to_say, text_too_long."""
    return [_said(word) for sentence in front_end.sentences(text) for word in sentence.words]


def _said(word: front_end.Word) -> Said:
    ends = (*word.starts[1:], len(word.phones))
    written = []
    for start, end in zip(word.starts, ends, strict=True):
        phones = word.phones[start:end]
        vowels = (at for at in range(start, end) if is_vowel(word.phones[at]))
        written.append(ipa(phones, "".join(str(word.stress[at]) for at in vowels)))
    guessed = not word.spanish and any(
        usual_of(each).source == "espeak" for each in lexicon.words(word.text)
    )
    return Said(word.text, " ".join(written), " ".join(word.phones), word.spanish, guessed)
