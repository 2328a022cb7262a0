"""Forms about the learners of a family."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import SPEAKERS, STRICTNESS
from accounts.models import Profile

AVATARS = [
    ("🦜", _("loro")),
    ("🦊", _("zorro")),
    ("🐼", _("panda")),
    ("🐯", _("tigre")),
    ("🦁", _("león")),
    ("🐸", _("rana")),
    ("🐙", _("pulpo")),
    ("🦄", _("unicornio")),
    ("🐢", _("tortuga")),
    ("🐬", _("delfín")),
    ("🦉", _("búho")),
    ("🐝", _("abeja")),
    ("🦖", _("dinosaurio")),
    ("🐧", _("pingüino")),
    ("🐨", _("koala")),
    ("🦋", _("mariposa")),
    ("🐰", _("conejo")),
    ("🐱", _("gato")),
    ("🐶", _("perro")),
    ("🐘", _("elefante")),
    ("🚀", _("cohete")),
    ("🌈", _("arcoíris")),
    ("⚽", _("pelota")),
    ("🎸", _("guitarra")),
]
ADULT_AGE = 18
OLDEST = 120


class ProfileForm(forms.ModelForm):
    """A learner: a name or nickname, a picture, and what Cotorra has to know to correct well."""

    name = forms.CharField(
        label=_("Nombre o apodo"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Escribe un nombre o un apodo."),
            "max_length": _("Escribe un nombre más corto."),
        },
    )
    picture = forms.ChoiceField(
        label=_("Dibujo"),
        choices=AVATARS,
        widget=forms.RadioSelect(attrs={"class": "avatar-choice"}),
        error_messages={
            "required": _("Elige un dibujo."),
            "invalid_choice": _("Elige uno de estos dibujos."),
        },
    )
    kind = forms.ChoiceField(
        label=_("¿Quién es?"),
        choices=SPEAKERS,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Dinos si es una persona adulta o una niña o un niño."),
            "invalid_choice": _("Elige una de las dos opciones."),
        },
    )
    birth_year = forms.IntegerField(
        label=_("Año en que nació (si es una niña o un niño)"),
        help_text=_("No hace falta. Solo sirve para saber cuánto exigir al corregir."),
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Escribe el año con cuatro cifras.")},
    )
    strictness = forms.ChoiceField(
        label=_("Cómo corrige Cotorra"),
        choices=STRICTNESS,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Elige una de las opciones.")},
    )
    voice = forms.BooleanField(
        label=_("Permito que Cotorra escuche la voz de esta niña o este niño."), required=False
    )

    class Meta:
        model = Profile
        fields = ["name", "picture", "kind", "birth_year", "strictness"]

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        this_year = timezone.localdate().year
        if year is not None and not this_year - OLDEST <= year <= this_year:
            raise forms.ValidationError(_("Escribe el año con cuatro cifras."))
        return year

    def clean(self) -> dict[str, Any]:
        """Of a grown-up we want no year; who was born lately is none."""
        year, kind = self.cleaned_data.get("birth_year"), self.cleaned_data.get("kind")
        if year is not None and kind is not None:
            age = Profile.age_this_year(year)
            if age < ADULT_AGE if kind == Profile.Kind.ADULT else age > ADULT_AGE:
                self.add_error("birth_year", _("Con ese año no encaja quién has dicho que es."))
        if kind == Profile.Kind.ADULT:
            self.cleaned_data["birth_year"] = None
        return self.cleaned_data


class JoinForm(forms.Form):
    """Whose it is, what a device has learnt before anybody signed in."""

    target = forms.ModelChoiceField(
        queryset=Profile.objects.none(),
        label=_("¿De quién es?"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Elige de quién es."),
            "invalid_choice": _("Elige una persona de tu familia."),
        },
    )

    def __init__(self, *args: Any, family: QuerySet[Profile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = family  # type: ignore[attr-defined]
