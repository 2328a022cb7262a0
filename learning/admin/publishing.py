"""Check, then publish: what is written as a draft, and a page that says what it still lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from learning import narration_ahead
from learning.admin import narration
from learning.admin.base import AuthorAdmin
from learning.authoring.checking import Problem
from learning.authoring.history import remember

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Checks(Protocol):
    """A module that knows what a row lacks."""

    def problems(self, row: Any, /) -> list[Problem]:
        """What keeps it from being published."""

    def hints(self, row: Any, /) -> list[str]:
        """What is worth a look."""


class PublishingAdmin(AuthorAdmin):
    """Rows with `published`, which learners see once nothing is missing."""

    checks: Checks
    actions = ["publish", "unpublish"]
    published_says: StrOrPromise = ""
    draft_says: StrOrPromise = ""
    check_template = ""

    def inside(self, row: Any) -> str:
        """Who would miss it now, in words; '' for nobody."""
        return ""

    @admin.display(description=_("voz"))
    def voice(self, row: Any) -> str:
        return narration.line(row) if row.pk else "–"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.check_view)
        return [
            path("<int:pk>/revisar/", view, name=self.url_name("check")),
            *super().get_urls(),
        ]

    @admin.action(description=_("Publicar lo elegido"), permissions=["change"])
    def publish(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        """Check, then publish: what has problems stays a draft."""
        for row in rows:
            self._publish(request, row)

    def _publish(self, request: HttpRequest, row: Any) -> None:
        problems = self.checks.problems(row)
        if problems:
            listed = " ".join(map(str, problems[:5]))
            self.message_user(
                request,
                _("%(lesson)s: no se publica. %(listed)s") % {"lesson": row, "listed": listed},
                messages.ERROR,
            )
            return
        remember([row])
        row.published = True
        self.save_and_tell(request, row, ["published"], self.published_says)
        narration_ahead.publish(row)

    @admin.action(description=_("Volver a borrador lo elegido"), permissions=["change"])
    def unpublish(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        """Those that nobody is in; the others are asked about one by one."""
        for row in rows:
            inside = self.inside(row)
            if not inside:
                self._unpublish(request, row)
                continue
            url = reverse(f"admin:{self.url_name('check')}", args=[row.pk])
            said = format_html(
                str(_('«{}»: {}. <a href="{}">Decidirlo en su página</a>.')), row, inside, url
            )
            self.message_user(request, said, messages.WARNING)

    def _unpublish(self, request: HttpRequest, row: Any) -> None:
        remember([row])
        row.published = False
        self.save_and_tell(request, row, ["published"], self.draft_says)

    def check_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What it lacks; here it is published and taken back."""
        row = self._changeable(request, pk)
        if request.method == "POST":
            if "publish" in request.POST:
                self._publish(request, row)
            elif "unpublish" in request.POST:
                self._unpublish(request, row)
            return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Revisar «%(lesson)s»") % {"lesson": row},
            "opts": self.opts,
            "row": row,
            "problems": self.checks.problems(row),
            "hints": self.checks.hints(row),
            "inside": self.inside(row) if row.published else "",
            "media": self.media,
        }
        return render(request, self.check_template, context)
