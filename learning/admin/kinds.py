"""The form of each kind of exercise: its own fields instead of the JSON that keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.utils.translation import gettext_lazy as _

from learning.admin.fields import (
    MARK,
    MEXICO,
    Column,
    LinesField,
    RowsField,
    SpanishField,
    checked,
    with_bar,
    without_bar,
)
from learning.admin.texts import TextsForm, mexican_fields
from learning.models import Exercise, Word
from learning.syllabus import exercises, fields

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Kind = Exercise.Kind
TEXTS = ("prompt", "translation", "explanation")
CHOSEN = (Kind.LISTEN_CHOOSE, Kind.CHOOSE, Kind.DIALOGUE)  # one of the options is right
LANGUAGES = (("en", _("inglés")), ("es", _("español")))
# What each kind asks of a learner, for who chooses one.
ABOUT: dict[str, StrOrPromise] = {
    Kind.LISTEN_SAY: _("Suena una frase y hay que repetirla."),
    Kind.SEE_SAY: _("Se lee una frase y hay que decirla sin oírla antes."),
    Kind.SAY_SLOWLY: _("Una palabra larga, sílaba a sílaba."),
    Kind.LISTEN_CHOOSE: _("Suena una palabra y se elige cuál era: «ship» o «sheep»."),
    Kind.PICTURE_MATCH: _("De tres a cinco palabras y sus dibujos, para unirlos."),
    Kind.CHOOSE: _("Una pregunta y de dos a cinco respuestas."),
    Kind.ORDER: _("Trozos de una frase, desordenados."),
    Kind.GAP: _("Una frase con un hueco que se escribe o se elige."),
    Kind.TRANSFORM: _("Una frase que hay que cambiar: negarla, preguntarla…"),
    Kind.DICTATION: _("Suena una frase y se escribe."),
    Kind.TRUE_FALSE: _("Una afirmación sobre un texto corto."),
    Kind.DIALOGUE: _("Alguien dice algo; se elige la respuesta y se dice."),
    Kind.SAY_WORD: _("Solo decir una palabra, en la página de grabar."),
    Kind.SAY_SENTENCE: _("Solo decir una frase, en la página de grabar."),
}


def _options(kind: str) -> forms.Field:
    if kind == Kind.GAP:
        return LinesField(
            label=_("opciones"),
            required=False,
            help_text=_("Una por línea. En blanco, se escribe con el teclado."),
        )
    columns = [Column("text", _("opción"), 30, fields.OPTION)]
    if kind == Kind.LISTEN_CHOOSE:
        columns += [Column("translation", _("traducción")), Column("emoji", _("dibujo"), 4, 16)]
    label = _("lo que suena") if kind == Kind.LISTEN_CHOOSE else _("la buena")
    return RowsField(columns, least=5, spare=0, right=label, label=_("opciones"))


def _answer(kind: str) -> forms.Field | None:
    if kind in CHOSEN:  # marked among the options
        return None
    if kind == Kind.TRUE_FALSE:
        choices = (("true", _("verdadero")), ("false", _("falso")))
        return forms.ChoiceField(
            label=_("la afirmación es"), choices=choices, widget=forms.RadioSelect
        )
    return forms.CharField(
        label=_("la frase ordenada"), max_length=fields.SENTENCE, widget=_wide(60)
    )


def _words(kind: str) -> forms.Field:
    if kind == Kind.ORDER:
        return LinesField(label=_("trozos"), help_text=_("Uno por línea, de una o más palabras."))
    item = Exercise._meta.get_field("practises")
    return forms.ModelMultipleChoiceField(
        label=_("palabras"),
        queryset=Word.objects.filter(retired=False).exclude(emoji=""),
        widget=AutocompleteSelectMultiple(item, admin.site),
        help_text=_("De tres a cinco palabras con dibujo."),
    )


def _wide(size: int) -> forms.TextInput:
    return forms.TextInput(attrs={"size": size})


def _own(kind: str) -> dict[str, forms.Field]:
    """The fields that only a kind has."""
    needed, optional = exercises.TYPES.get(kind, ((), ()))
    made: dict[str, forms.Field | None] = {
        "syllables": LinesField(
            label=_("sílabas"), help_text=_("Una por línea; juntas dan el texto.")
        ),
        "lines": RowsField(
            [
                Column("who", _("quién"), 10, 60),
                Column("text", _("en inglés"), 34),
                Column("translation", _("traducción"), 34),
            ],
            least=4,
            spare=0,
            label=_("lo que dicen"),
            help_text=_("De una a cuatro líneas; la última es de la otra persona."),
        ),
        "options": _options(kind),
        "answer": _answer(kind),
        "answers": LinesField(
            label=_("respuestas que valen"),
            help_text=_("Una por línea, la más corriente primero: con contracción y sin ella…"),
        ),
        "words": _words(kind),
        "also": LinesField(
            label=_("otros órdenes que valen"), required=False, help_text=_("Uno por línea.")
        ),
        "distractors": LinesField(
            label=_("palabras que sobran"),
            required=False,
            help_text=_("Dos como mucho, una por línea."),
        ),
        "statement": SpanishField(label=_("afirmación"), widget=_wide(70), help_text=MEXICO),
        "statement_in": forms.ChoiceField(
            label=_("idioma de la afirmación"), choices=LANGUAGES[::-1], initial="es"
        ),
        "options_in": forms.ChoiceField(
            label=_("idioma de las opciones"), choices=LANGUAGES, initial="en"
        ),
        "answer_translation": SpanishField(
            label=_("traducción de la respuesta"),
            required=False,
            widget=_wide(60),
            help_text=MEXICO,
        ),
    }
    return {key: field for key in (*needed, *optional) if (field := made.get(key)) is not None}


class ExerciseForm(TextsForm):
    """Of any kind; `own` are the fields that only this one has."""

    kind_of_form = ""
    own: tuple[str, ...] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.instance.kind = self.kind_of_form
        needed, _ = exercises.TYPES.get(self.kind_of_form, (("text",), ()))
        for name in ("text", "prompt"):
            if name in self.fields:
                self.fields[name].required = name in needed
        if "emoji" in self.fields:
            self.fields["emoji"].validators.append(checked(fields.emoji))
        for name in self.own:
            self.initial.setdefault(name, self._initial(name))

    def _initial(self, name: str) -> Any:
        content = self.instance.content
        value = content.get(name, self.fields[name].initial)
        if name == "words" and self.kind_of_form == Kind.PICTURE_MATCH:
            lesson = self.instance.lesson_id and self.instance.lesson
            course = lesson.unit.course_id if lesson else None
            return list(Word.objects.filter(key__in=value or [], course=course))
        if name == "options" and self.kind_of_form in CHOSEN:
            return [_row(each, content.get("answer", "")) for each in value or []]
        if name == "lines":
            return [_row(each) for each in value or []]
        return value

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        content: dict[str, Any] = {}
        for name in self.own:
            value = values.get(name)
            if name == "options" and self.kind_of_form in CHOSEN:
                rows: list[dict[str, str]] = value or []
                content["options"] = [_phrase(row) for row in rows]
                content["answer"] = next((row["text"] for row in rows if row[MARK]), "")
                if rows and not content["answer"]:
                    self.add_error("options", _("Marca cuál es la buena."))
            elif name == "lines":
                content["lines"] = [_phrase(row) for row in value or []]
            elif name == "words" and self.kind_of_form == Kind.PICTURE_MATCH:
                content["words"] = [word.key for word in value or []]
            elif value and value != self.fields[name].initial:
                content[name] = value
        self.instance.content = content
        return values

    def add_error(self, field: str | None, error: Any) -> None:
        """An error of a part that has no field of its own goes where that part is written."""
        if field is not None or not hasattr(error, "error_dict"):
            super().add_error(field, error)
            return
        for name, errors in error.error_dict.items():
            shown = "options" if name == "answer" and self.kind_of_form in CHOSEN else name
            if shown not in self.fields:
                super().add_error(None, errors)
            elif shown not in self.errors:
                super().add_error(shown, errors)


def _row(value: str | dict[str, Any], answer: str = "") -> dict[str, str]:
    row = {"text": value} if isinstance(value, str) else dict(value)
    if "translation" in row:
        row["translation"] = with_bar(row["translation"])
    return {**row, MARK: "1" if answer and row["text"] == answer else ""}


def _phrase(row: dict[str, str]) -> str | dict[str, Any]:
    made: dict[str, Any] = {name: row[name] for name in ("who", "text") if row.get(name)}
    if row.get("translation"):
        made["translation"] = without_bar(row["translation"])
    if row.get("emoji"):
        made["emoji"] = row["emoji"]
    return row["text"] if list(made) == ["text"] and "who" not in row else made


def exercise_form(kind: str) -> type[ExerciseForm]:
    """The form of a kind."""
    own = _own(kind)
    texts = mexican_fields(Exercise, TEXTS)
    return type(
        "ExerciseForm",
        (ExerciseForm,),
        {"kind_of_form": kind, "own": tuple(own), "spanish": TEXTS, **own, **texts},
    )
