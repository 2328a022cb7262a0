"""Pronunciations an author accepts besides the lexicon's, one a line: 'rabbit: R AE B IH T'."""

from speech import lexicon
from speech.errors import SpeechError
from speech.phones import ENGLISH
from speech.phones import parse as parse_phones


class NotAccepted(ValueError):
    """A line that is no pronunciation, or one of a word that is not in the text."""


def parse(lines: str, text: str) -> dict[str, list[str]]:
    """Word in lower case -> pronunciations. Where the text is one word, a line need not name it."""
    words = {word.lower() for word in lexicon.words(text)}
    found: dict[str, list[str]] = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        named, colon, phones = line.rpartition(":")
        word = named.strip().lower()
        if not colon:
            if len(words) != 1:
                raise NotAccepted(f"«{line}»: escribe la palabra delante, como en «rabbit: …».")
            word = next(iter(words))
        if word not in words:
            raise NotAccepted(f"«{word}» no está en el texto.")
        found.setdefault(word, []).append(_checked(phones, line))
    return found


def _checked(phones: str, line: str) -> str:
    """Phones as written, stress digits and all."""
    wrong = "" if phones.strip() else "faltan los sonidos"
    try:
        foreign = [phone for phone in parse_phones(phones) if phone not in ENGLISH]
        wrong = f"«{foreign[0]}» no es un sonido del inglés" if foreign else wrong
    except SpeechError as error:
        wrong = f"«{error.detail}» no es un sonido"
    if wrong:
        raise NotAccepted(f"«{line}»: {wrong}. Se escriben así: «rabbit: R AE B IH T».")
    return " ".join(phones.split())
