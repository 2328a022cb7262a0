"""The words of an English text, each in the pronunciation that is paraphrased: the usual one."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from speech import criterion, lexicon
from speech.errors import SpeechError
from speech.paraphraser.source import Spoken

MAX_WORDS = 300
MAX_CHARS = 3000
SENTENCE = 3  # words from which a text without Spanish letters is told to be Spanish
_VOTES = 0.3  # of the words
# The small words that most sentences hold; those that both languages have are left out.
_SPANISH = frozenset(
    "el la los las un una unos unas de del al y que en es son está están con por para su sus mi"
    " tu yo tú él ella nosotros ellos ellas se le les lo nos muy más pero como hay tengo tiene"
    " quiero esta este esto eso porque cuando donde hoy gusta ser estar fue soy eres".split()
)
_ENGLISH = frozenset(
    "the a an of to and in is are was were i you he she it we they my your his her its our their"
    " this that with for on at from be have has had do does did not no but what who".split()
)


def spoken(text: str, accepted: Mapping[str, Sequence[str]] | None = None) -> tuple[Spoken, ...]:
    """Every word of a text with phones and stress; `accepted` as in `criterion.build`.

    Raises SpeechError: empty_text; text_too_long above MAX_CHARS or MAX_WORDS; not_english for a
    sentence in Spanish; unknown_word; bad_phone for an author's phone that is none.
    """
    if len(text) > MAX_CHARS:
        raise SpeechError("text_too_long", f"{len(text)} characters")
    tokens = lexicon.words(text)
    if not tokens:
        raise SpeechError("empty_text")
    if len(tokens) > MAX_WORDS:
        raise SpeechError("text_too_long", f"{len(tokens)} words")
    if _is_spanish(text, tokens):
        raise SpeechError("not_english", text[:40])
    own = {word.lower(): said for word, said in (accepted or {}).items()}
    alone = len(tokens) == 1
    found = (criterion.of_word(token, own.get(token.lower(), ()), alone) for token in tokens)
    return tuple(Spoken(w.word, w.pronunciations[0], w.stress[0]) for w in found)


def _is_spanish(text: str, tokens: Sequence[str]) -> bool:
    """By Spanish letters and signs, and by small words against the English ones."""
    lower = {token.lower() for token in tokens}
    letters = any(c in "ñ¿¡" for c in unicodedata.normalize("NFC", text.lower()))
    if len(tokens) < SENTENCE and not letters:
        return False
    spanish = sum(word in _SPANISH or _accented(word) for word in lower)
    english = sum(word in _ENGLISH for word in lower)
    return spanish + letters > english and spanish + letters >= _VOTES * len(lower)


def _accented(word: str) -> bool:
    return any(c in "áéíóúñ" for c in unicodedata.normalize("NFC", word))
