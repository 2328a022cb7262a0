"""The words of a page: where they stand, which have a gloss, how a name may be said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from speech import lexicon
from speech.phones import ENGLISH, PASSES_FOR

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True)
class Token:
    """A piece of a text: a word, or what stands between two."""

    text: str
    at: int
    key: str = ""  # of a word, as the gloss has it; '' for what is no word
    named: bool = False  # a name, or whose it is


def tokens(text: str, names: Iterable[str]) -> Iterator[Token]:
    """The text in pieces that give it back when joined."""
    known = {name.casefold() for name in names}
    end = 0
    for match in _WORD.finditer(text):
        if match.start() > end:
            yield Token(text[end : match.start()], end)
        key = match[0].replace("’", "'").lower()
        named = key in known or key.removesuffix("'s") in known
        yield Token(match[0], match.start(), key, named)
        end = match.end()
    if end < len(text):
        yield Token(text[end:], end)


def keys(text: str, names: Iterable[str]) -> list[str]:
    """The words that need a gloss, each once: all but names, which may have one."""
    found = (token.key for token in tokens(text, names) if not token.named)
    return list(dict.fromkeys(filter(None, found)))


def accepted(text: str, names: Iterable[str]) -> dict[str, list[str]]:
    """A name may be said as in Spanish, too: its sounds, with the English ones they pass for."""
    known = {name.casefold() for name in names}
    found: dict[str, list[str]] = {}
    for word in dict.fromkeys(map(str.lower, lexicon.words(text))):
        name = word.removesuffix("'s")
        if name.casefold() not in known:
            continue
        ending = () if name == word else ("Z",)
        for reading in lexicon.spanish_reading(name):
            said = [PASSES_FOR.get(phone, phone) for phone in (*reading.phones, *ending)]
            if all(phone in ENGLISH for phone in said):
                found.setdefault(word, []).append(" ".join(said))
    return {word: list(dict.fromkeys(said)) for word, said in found.items()}
