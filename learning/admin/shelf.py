"""Books and their pages: written as drafts, checked, published."""

from __future__ import annotations

from itertools import count
from typing import Any, ClassVar

import reversion
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from learning.admin.fields import LinesField, checked, lines
from learning.admin.learner import Watched
from learning.admin.publishing import PublishingAdmin
from learning.admin.texts import TextsForm, mexico, texts_form
from learning.authoring import book_checking, learners
from learning.models import Book, Page, Reading
from learning.shelf import svg
from learning.shelf.checking import LEAST_WORDS, MOST_ON_PAGE, MOST_WORDS
from learning.shelf.reading import GLOSS, LEAST_PAGES, MOST_PAGES
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
        why, text = svg.too_large(file.size or 0), ""
        if not why:
            try:
                text = file.read().decode()
                why = svg.problem(text)
            except UnicodeDecodeError:
                why = "no text"
        if why:
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
        for line in lines(super().clean(value)):
            word, colon, meaning = (part.strip() for part in line.partition(":"))
            if not (word and colon and meaning) or len(meaning) > GLOSS:
                raise ValidationError(
                    _("«%(line)s»: se escribe así, «kite: cometa»."), params={"line": line}
                )
            found[word.lower()] = meaning
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != (initial or {}))
        except ValidationError:
            return True


SVG_HELP = format_lazy(
    _("Un archivo SVG de formas y colores, sin fotos; caben {most} kB."),
    most=svg.MAX_BYTES // 1000,
)
SIZES = format_lazy(
    _(
        "Para publicarlo hacen falta de {pages} a {most_pages} páginas y de {words} a {most_words} "
        "palabras en total."
    ),
    pages=LEAST_PAGES,
    most_pages=MOST_PAGES,
    words=LEAST_WORDS,
    most_words=MOST_WORDS,
)


class BookForm(TextsForm):
    cover = PictureField(label=_("cubierta"), required=False, help_text=SVG_HELP)
    gloss = GlossField(
        label=_("glosario"),
        required=False,
        help_text=_(
            "Una palabra por línea: «kite: cometa». Todas las que salen, tal como salen («walk» y "
            "«walks» aparte), menos los nombres."
        ),
    )
    names = LinesField(
        label=_("nombres"), required=False, help_text=_("Uno por línea. No se traducen.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "title" in self.fields:
            self.fields["title"].validators.append(checked(fields.english))


class PageForm(TextsForm):
    picture = PictureField(label=_("dibujo"), required=False, help_text=SVG_HELP)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "order" not in self.fields:  # somebody who may only look
            return
        for name in ("text", "translation"):
            self.fields[name].widget = AdminTextareaWidget(attrs={"rows": 3})
        self.fields["text"].help_text = _("Como mucho %(most)d palabras.") % {"most": MOST_ON_PAGE}
        self.fields["order"].required = False
        self.fields["order"].help_text = _("En blanco, la última.")
        if not self.instance.pk:
            self.initial["order"] = None

    def clean_order(self) -> int | None:
        given: int | None = self.cleaned_data["order"]
        return self.initial["order"] if given is None else given

    def clean_text(self) -> str:
        return " ".join(self.cleaned_data["text"].split())


class PageFormSet(forms.BaseInlineFormSet):
    """Pages in an order that leaves no doubt; a new one comes last unless it says where."""

    def clean(self) -> None:
        super().clean()
        pages = [form.cleaned_data for form in self.forms if form.has_changed() or form.instance.pk]
        orders = [page.get("order") for page in pages if not page.get("retired")]
        for order in filter(None, orders):
            if orders.count(order) > 1:
                said = _("Hay dos páginas con el orden %(order)d: pon a cada una el suyo.")
                raise ValidationError(said, params={"order": order})

    def save_new(self, form: Any, commit: bool = True) -> Page:
        others = list(Page.objects.filter(book=self.instance).defer("picture"))
        if form.cleaned_data["order"] is None:
            given = [each.cleaned_data.get("order") or 0 for each in self.forms]
            form.instance.order = max([*given, *(page.order for page in others)]) + 1
        keys = {page.key for page in others}
        free = (key for key in map("pagina-{}".format, count(1)) if key not in keys)
        form.instance.key = next(free)
        page: Page = super().save_new(form, commit)
        return page


def thumbnail(url: str) -> str:
    return format_html('<img src="{}" alt="" width="200" height="150">', url)


class PageInline(admin.StackedInline):
    model = Page
    form = texts_form(Page, PAGE_TEXTS, PageForm)
    formset = PageFormSet
    extra = 0
    ordering = ["order", "pk"]
    readonly_fields = ["shown"]
    fieldsets: ClassVar[Any] = [
        (
            None,
            {"fields": ["order", "text", "translation", "picture", "shown", "alt", "retired"]},
        ),
        mexico(PAGE_TEXTS),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @admin.display(description=_("así se ve"))
    def shown(self, page: Page) -> str:
        if not page.pk or not page.picture:
            return "–"
        return thumbnail(reverse("learning:picture", args=[page.book.slug, page.pk]))


@admin.register(Book)
class BookAdmin(PublishingAdmin):
    checks = book_checking
    form = texts_form(Book, BOOK_TEXTS, BookForm)
    list_display = ["title", "titulo", "level", "order", "published", "how_many"]
    list_editable = ["order"]
    list_filter = ["published", "level"]
    search_fields = ["title", "titulo", "pages__text"]
    prepopulated_fields = {"slug": ["title"]}
    published_says = _("Publicado.")
    draft_says = _("Vuelve a ser un borrador.")
    check_template = "admin/learning/book/check.html"
    readonly_fields = ["state", "voice", "shown"]
    inlines = [PageInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    *("state", "voice", "title", "titulo", "slug", "level", "order"),
                    *("synopsis", "cover", "shown", "names", "gloss"),
                ],
                "description": SIZES,
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
        if not book.pk or not book.cover:
            return "–"
        return thumbnail(reverse("learning:cover", args=[book.slug]))

    def inside(self, row: Book) -> str:
        readers = learners.in_book(row)
        said = ngettext(
            "una persona lo tiene a medias", "%(count)d personas lo tienen a medias", readers
        )
        return said % {"count": readers} if readers else ""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        book = form.instance
        for problem in self.checks.problems(book)[:5] if book.published else ():
            said = _("El libro «%(book)s» está publicado y tiene un problema. %(problem)s") % {
                "book": book,
                "problem": problem.what,
            }
            self.message_user(request, said, messages.WARNING)


@admin.register(Reading)
class ReadingAdmin(Watched):
    list_display = ["profile", "book", "page", "times", "last_at"]
    list_select_related = ["profile", "book"]
