"""A form for rows with texts in Spanish: Mexico's beside Spain's, a field each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from learning.models.texts import Texts

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class TextsForm(forms.ModelForm):
    """`spanish` names the fields that Mexico may say otherwise; `mx_<name>` holds how."""

    spanish: tuple[str, ...] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.label = capfirst(field.label)
        if "accepted" in self.fields:
            self.fields["accepted"].widget.attrs["rows"] = 2
        for name in self.spanish:
            if f"mx_{name}" in self.fields:
                self.fields[f"mx_{name}"].initial = self.instance.mexican.get(name, "")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        given = {name: values.get(f"mx_{name}", "") for name in self.spanish}
        texts: Texts = self.instance
        texts.mexican = {name: text for name, text in given.items() if text}
        return values


def mexican_fields(model: type[Texts], names: tuple[str, ...]) -> dict[str, forms.Field]:
    """A field for Mexico's form of each text, as long as Spain's may be."""
    found: dict[str, forms.Field] = {}
    for name in names:
        field = model._meta.get_field(name)
        long = field.get_internal_type() == "TextField"
        widget = forms.Textarea(attrs={"rows": 4}) if long else forms.TextInput(attrs={"size": 60})
        found[f"mx_{name}"] = forms.CharField(
            label=getattr(field, "verbose_name", name),
            required=False,
            max_length=getattr(field, "max_length", None) or 1500,
            widget=widget,
        )
    return found


def texts_form(
    model: type[Texts], names: tuple[str, ...], base: type[TextsForm] = TextsForm, **more: Any
) -> type[TextsForm]:
    """The form of a model whose fields `names` Mexico may say otherwise."""
    fields = {**more, **mexican_fields(model, names)}
    return type(f"{model.__name__}Form", (base,), {"spanish": names, **fields})


def mexico(names: tuple[str, ...]) -> tuple[StrOrPromise, dict[str, Any]]:
    """The part of a page with those fields."""
    fields = [f"mx_{name}" for name in names]
    about = _("Solo lo que en México se dice de otro modo; en blanco, igual que en España.")
    return (
        _("Como se dice en México"),
        {"classes": ["collapse"], "fields": fields, "description": about},
    )
