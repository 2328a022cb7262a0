"""Errors with a code for the page and two messages: full for the log, plain for the person."""

from __future__ import annotations

PLAIN = {
    "empty_text": "No hay texto que leer.",
    "text_too_long": "El texto es demasiado largo. Prueba con una o dos frases.",
    "unknown_word": "No sabemos cómo se pronuncia una de las palabras.",
    "unreadable_audio": "No hemos podido leer el audio. Prueba a grabar otra vez.",
    "empty_audio": "La grabación está vacía. Prueba otra vez.",
    "too_short": "La grabación es demasiado corta. Prueba otra vez.",
    "too_long": "La grabación es demasiado larga. Lee solo el texto que ves.",
    "too_quiet": "Casi no se oye. Acércate al micrófono y habla un poco más alto.",
    "no_speech": "No hemos oído ninguna voz. Prueba otra vez.",
    "bad_phone": "Hay un sonido que no está en la lista de sonidos.",
    "bad_bundle": "Cotorra no ha podido ponerse a escuchar. Prueba otra vez dentro de un momento.",
    "deadline": "Hemos tardado demasiado en escuchar la grabación.",
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
