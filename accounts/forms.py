"""Forms about who speaks and what they allow."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import gate
from accounts.models import Profile

SPEAKERS = [
    (Profile.Kind.ADULT.value, _("Una persona adulta")),
    (Profile.Kind.CHILD.value, _("Una niña o un niño")),
]

STRICTNESS = [
    ("", _("Según la edad: suave con niñas y niños, normal con los demás.")),
    (Profile.Strictness.GENTLE.value, _("Suave: en rojo, solo lo que está muy claro.")),
    (Profile.Strictness.NORMAL.value, _("Normal: lo que corregiría casi cualquier profesor.")),
    (Profile.Strictness.STRICT.value, _("Exigente: también los fallos pequeños.")),
]


class WhoSpeaksForm(forms.Form):
    """An adult or a child."""

    kind = forms.ChoiceField(
        label=_("¿Quién va a hablar?"),
        choices=SPEAKERS,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Dinos quién va a hablar."),
            "invalid_choice": _("Elige una de las dos opciones."),
        },
    )


class AdultGateForm(forms.Form):
    """A sum and a signature. Its question lives in the session and changes after every answer."""

    answer = forms.IntegerField(
        label="",
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Responde a la cuenta."),
            "invalid": _("Escribe el resultado con cifras."),
        },
    )
    agree = forms.BooleanField(
        label=_("Soy una persona adulta responsable de esta niña o este niño y lo permito."),
        error_messages={"required": _("Marca la casilla si das tu permiso.")},
    )

    def __init__(self, *args: Any, session: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        self.fields["answer"].label = gate.ask(session)

    def clean_answer(self) -> int:
        answer: int = self.cleaned_data["answer"]
        right = gate.passes(self.session, answer)
        self["answer"].label = gate.ask(self.session)  # what is shown: fields are bound by now
        # The old answer beside the new question would only mislead.
        self.data = {k: v for k, v in self.data.items() if k != "answer"}
        if not right:
            raise forms.ValidationError(_("No es correcto. Prueba con esta otra cuenta."))
        return answer


class StrictnessForm(forms.ModelForm):
    """How strictly a learner is corrected."""

    strictness = forms.ChoiceField(
        label=_("Cómo corrige Cotorra"),
        choices=STRICTNESS,
        required=False,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Profile
        fields = ["strictness"]


class EraseForm(forms.Form):
    """A second thought before everything goes."""

    sure = forms.BooleanField(
        label=_("Sí, quiero borrarlo todo. Sé que no se puede deshacer."),
        error_messages={
            "required": _("Marca la casilla para confirmar que quieres borrarlo todo.")
        },
    )
