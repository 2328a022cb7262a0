"""The named refusals of a recording, each with a plain Spanish sentence."""

from __future__ import annotations

from speech import errors as speech_errors

PLAIN = speech_errors.PLAIN | {
    "bad_message": "No hemos entendido un mensaje de tu navegador. Recarga la página.",
    "bad_frame": "Un trozo de la grabación ha llegado dañado. Prueba a grabar otra vez.",
    "oversized": "Tu navegador ha enviado un trozo demasiado grande. Recarga la página.",
    "gap": "Falta un trozo de la grabación. Lo pedimos de nuevo.",
    "bad_rate": "Tu navegador graba de una forma que no esperamos. Recarga la página.",
    "bad_format": "Tu navegador graba de una forma que no esperamos. Recarga la página.",
    "not_started": "No hay ninguna grabación en marcha. Pulsa el botón para empezar.",
    "already_started": "Ya estamos grabando.",
    "unknown_take": "Esta grabación ya no está aquí. La enviamos desde el principio.",
    "unknown_exercise": "Este ejercicio ya no existe. Vuelve a la lección.",
    "no_consent": "Antes de grabar, dinos quién va a hablar.",
    "not_yours": "Esta grabación es de otra persona.",
    "busy": "Ahora mismo hay muchas grabaciones a la vez. Espera un momento y prueba otra vez.",
    "idle": "Hemos dejado de recibir tu voz. Prueba a grabar otra vez.",
    "failed": "Algo ha fallado por nuestra parte. Prueba otra vez dentro de un momento.",
}
# Doing the same again can help: speak up, wait, resend.
RETRY = frozenset(
    {
        "gap",
        "not_started",
        "unknown_take",
        "busy",
        "idle",
        "failed",
        "deadline",
        "bad_frame",
        "empty_audio",
        "too_short",
        "too_long",
        "too_quiet",
        "no_speech",
        "unreadable_audio",
    }
)


class Refusal(Exception):
    """We will not take this message or this take; `code` says why, `detail` is for the log."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}" if detail else code)

    @property
    def plain(self) -> str:
        return PLAIN[self.code]

    @property
    def retry(self) -> bool:
        return self.code in RETRY
