"""Errors with a code for the page and two messages: full for the log, plain for the person."""

from __future__ import annotations


def gettext_noop(text: str) -> str:
    """Marks a sentence for translation: by whoever shows it, this library speaks Spanish."""
    return text


PLAIN = {
    "empty_text": gettext_noop("No hay texto que leer."),
    "nothing_to_say": gettext_noop("En este texto no hay nada que se pueda decir en voz alta."),
    "text_too_long": gettext_noop("El texto es demasiado largo. Acórtalo o divídelo en partes."),
    "not_english": gettext_noop("Parece que el texto está en español. Escríbelo en inglés."),
    "unknown_word": gettext_noop("No sabemos cómo se pronuncia una de las palabras."),
    "unreadable_audio": gettext_noop("No hemos podido leer el audio. Prueba a grabar otra vez."),
    "empty_audio": gettext_noop("La grabación está vacía. Prueba otra vez."),
    "too_short": gettext_noop("La grabación es demasiado corta. Prueba otra vez."),
    "too_long": gettext_noop("La grabación es demasiado larga. Lee solo el texto que ves."),
    "too_quiet": gettext_noop("Casi no se oye. Acércate al micrófono y habla un poco más alto."),
    "no_speech": gettext_noop("No hemos oído ninguna voz. Prueba otra vez."),
    "bad_phone": gettext_noop("Hay un sonido que no está en la lista de sonidos."),
    "bad_bundle": gettext_noop(
        "Cotorra no ha podido ponerse en marcha. Prueba otra vez dentro de un momento."
    ),
    "unknown_format": gettext_noop("El sonido se guarda como .wav, .ogg o .mp3."),
    "cannot_write": gettext_noop("No hemos podido guardar el sonido."),
    "deadline": gettext_noop("Hemos tardado demasiado en escuchar la grabación."),
}


class SpeechError(Exception):
    """A named failure. `permanent` says that trying again with the same input cannot help."""

    def __init__(self, code: str, detail: str = "", *, permanent: bool = True) -> None:
        self.code = code
        self.detail = detail
        self.permanent = permanent
        super().__init__(f"{code}: {detail}" if detail else code)

    @property
    def plain(self) -> str:
        return PLAIN[self.code]
