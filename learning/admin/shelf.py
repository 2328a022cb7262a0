"""Books and their pages: written as drafts, checked, published."""

from __future__ import annotations

from typing import Any

import reversion
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from learning.admin.fields import LinesField, checked
from learning.admin.learner import Watched
from learning.admin.publishing import PublishingAdmin
from learning.admin.texts import TextsForm, mexico, texts_form
from learning.authoring import book_checking
from learning.authoring.checking import Problem
from learning.models import Book, Page, Reading
from learning.shelf import svg
from learning.shelf.reading import GLOSS
from learning.syllabus import fields, wording

BOOK_TEXTS, PAGE_TEXTS = ("titulo", "synopsis"), ("translation", "alt")
reversion.register(Page)
reversion.register(Book, follow=["pages"])


class PictureField(forms.FileField):
    """An SVG file, kept as its text; without a new one the old stays."""

    widget = forms.FileInput(attrs={"accept": ".svg"})

    def clean(self, data: Any, initial: Any = None) -> str:
        file = super().clean(data, initial)
        if not isinstance(file, UploadedFile):
            return initial or ""
        try:
            text = file.read(svg.MAX_BYTES + 1).decode()
        except UnicodeDecodeError as error:
            raise ValidationError(wording.spanish("picture: no text")) from error
        if why := svg.problem(text):
            raise ValidationError(wording.spanish(f"picture: {why}"))
        return text


class GlossField(forms.CharField):
    """Words and what they mean, one a line: 'kite: cometa'."""

    widget = forms.Textarea(attrs={"rows": 12, "cols": 50})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return "\n".join(f"{word}: {meaning}" for word, meaning in sorted(value.items()))

    def clean(self, value: Any) -> Any:
        found: dict[str, str] = {}
        for line in filter(None, map(str.strip, super().clean(value).splitlines())):
            word, colon, meaning = (part.strip() for part in line.partition(":"))
            if not (word and colon and meaning) or len(meaning) > GLOSS:
                raise ValidationError(
                    _("«%(line)s»: se escribe así, «kite: cometa»."), params={"line": line}
                )
            found[word.lower()] = meaning
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))


class BookForm(TextsForm):
    cover = PictureField(label=_("cubierta"), required=False, help_text=_("Un archivo SVG."))
    gloss = GlossField(
        label=_("glosario"), required=False, help_text=_("Una palabra por línea: «kite: cometa».")
    )
    names = LinesField(
        label=_("nombres"), required=False, help_text=_("Uno por línea. No se traducen.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "title" in self.fields:
            self.fields["title"].validators.append(checked(fields.english))


class PageForm(TextsForm):
    picture = PictureField(label=_("dibujo"), required=False, help_text=_("Un archivo SVG."))


def thumbnail(url: str) -> str:
    return format_html('<img src="{}" alt="" width="200" height="150">', url)


class PageInline(admin.StackedInline):
    model = Page
    form = texts_form(Page, PAGE_TEXTS, PageForm)
    extra = 0
    ordering = ["order", "pk"]
    readonly_fields = ["shown"]
    fields = ["order", "key", "text", "translation", "picture", "shown", "alt", "retired"]
    fields += [f"mx_{name}" for name in PAGE_TEXTS]

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @admin.display(description=_("así se ve"))
    def shown(self, page: Page) -> str:
        if not page.pk or not page.picture:
            return "–"
        return thumbnail(reverse("learning:picture", args=[page.book.slug, page.pk]))


@admin.register(Book)
class BookAdmin(PublishingAdmin):
    form = texts_form(Book, BOOK_TEXTS, BookForm)
    list_display = ["title", "titulo", "level", "order", "published", "how_many"]
    list_editable = ["order"]
    list_filter = ["published", "level"]
    search_fields = ["title", "titulo", "pages__text"]
    prepopulated_fields = {"slug": ["title"]}
    published_says = _("Publicado.")
    draft_says = _("Vuelve a ser un borrador.")
    check_template = "admin/learning/book/check.html"
    readonly_fields = ["state", "shown"]
    inlines = [PageInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    *("state", "title", "titulo", "slug", "level", "order"),
                    *("synopsis", "cover", "shown", "names", "gloss"),
                ]
            },
        ),
        mexico(BOOK_TEXTS),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Book]:
        books: QuerySet[Book] = super().get_queryset(request)
        return books.annotate(total=Count("pages", filter=Q(pages__retired=False)))

    @admin.display(description=_("páginas"), ordering="total")
    def how_many(self, book: Any) -> int:
        return int(book.total)

    @admin.display(description=_("estado"))
    def state(self, book: Book) -> str:
        return str(_("Publicado") if book.published else _("Borrador: solo lo ven los autores"))

    @admin.display(description=_("así se ve"))
    def shown(self, book: Book) -> str:
        return thumbnail(reverse("learning:cover", args=[book.slug])) if book.cover else "–"

    def problems(self, row: Book) -> list[Problem]:
        return book_checking.problems(row)

    def hints(self, row: Book) -> list[str]:
        return book_checking.hints(row)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        book = form.instance
        for problem in self.problems(book)[:5] if book.published else ():
            said = _("El libro «%(book)s» está publicado y tiene un problema. %(problem)s") % {
                "book": book,
                "problem": problem,
            }
            self.message_user(request, said, messages.WARNING)


@admin.register(Reading)
class ReadingAdmin(Watched):
    list_display = ["profile", "book", "page", "times", "last_at"]
    list_select_related = ["profile", "book"]
