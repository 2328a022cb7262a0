"""The named refusals of a recording, each with a plain Spanish sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from speech import errors as speech_errors

PLAIN = speech_errors.PLAIN | {
    "bad_message": gettext_noop(
        "No hemos entendido un mensaje de tu navegador. Recarga la página."
    ),
    "bad_frame": gettext_noop(
        "Un trozo de la grabación ha llegado dañado. Prueba a grabar otra vez."
    ),
    "oversized": gettext_noop(
        "Tu navegador ha enviado un trozo demasiado grande. Recarga la página."
    ),
    "gap": gettext_noop("Falta un trozo de la grabación. Lo pedimos de nuevo."),
    "bad_rate": gettext_noop(
        "Tu navegador graba de una forma que no esperamos. Recarga la página."
    ),
    "bad_format": gettext_noop(
        "Tu navegador graba de una forma que no esperamos. Recarga la página."
    ),
    "not_started": gettext_noop("No hay ninguna grabación en marcha. Pulsa el botón para empezar."),
    "already_started": gettext_noop("Ya estamos grabando."),
    "unknown_take": gettext_noop("Esta grabación ya no está aquí. La enviamos desde el principio."),
    "unknown_exercise": gettext_noop("Este ejercicio ya no existe. Vuelve a la lección."),
    "no_consent": gettext_noop("Antes de grabar, dinos quién va a hablar."),
    "not_yours": gettext_noop("Esta grabación es de otra persona."),
    "busy": gettext_noop(
        "Ahora mismo hay muchas grabaciones a la vez. Espera un momento y prueba otra vez."
    ),
    "idle": gettext_noop("Hemos dejado de recibir tu voz. Prueba a grabar otra vez."),
    "failed": gettext_noop(
        "Algo ha fallado por nuestra parte. Prueba otra vez dentro de un momento."
    ),
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
        return _(PLAIN[self.code])

    @property
    def retry(self) -> bool:
        return self.code in RETRY
