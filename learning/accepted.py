"""Pronunciations an author accepts besides the lexicon's, one a line: 'rabbit: R AE B IH T'."""

from django.utils.translation import gettext as _

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
                raise NotAccepted(
                    _("«%(line)s»: escribe la palabra delante, como en «rabbit: …».")
                    % {"line": line}
                )
            word = next(iter(words))
        if word not in words:
            raise NotAccepted(_("«%(word)s» no está en el texto.") % {"word": word})
        found.setdefault(word, []).append(_checked(phones, line))
    return found


def _checked(phones: str, line: str) -> str:
    """Phones as written, stress digits and all."""
    wrong = "" if phones.strip() else _("faltan los sonidos")
    try:
        foreign = [phone for phone in parse_phones(phones) if phone not in ENGLISH]
        if foreign:
            wrong = _("«%(sound)s» no es un sonido del inglés") % {"sound": foreign[0]}
    except SpeechError as error:
        wrong = _("«%(sound)s» no es un sonido") % {"sound": error.detail}
    if wrong:
        raise NotAccepted(
            _("«%(line)s»: %(wrong)s. Se escriben así: «rabbit: R AE B IH T».")
            % {"line": line, "wrong": wrong}
        )
    return " ".join(phones.split())
