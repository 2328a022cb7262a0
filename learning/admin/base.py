"""What all rows that authors write have in common: a history, a way back, care before deleting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import Script
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from reversion.admin import VersionAdmin

from learning.authoring import learners
from learning.authoring.history import remember
from learning.models import Book, Lesson

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_AT_ONCE = 200  # rows of a page of admin, and a few


class AuthorAdmin(VersionAdmin):
    """Every change is kept with who made it; what learners hang from is retired, not deleted."""

    history_latest_first = True
    save_on_top = True
    retires = False  # whether its rows can be retired

    class Media:
        css = {"all": ["authoring.css"]}
        js = [Script("js/authoring.js", type="module")]

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "<int:pk>/retirar/",
                self.admin_site.admin_view(require_POST(self.retire_view)),
                name=self.url_name("retire"),
            )
        ]
        return [*(own if self.retires else []), *super().get_urls()]

    def url_name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def change_url(self, row: Model) -> str:
        return reverse(f"admin:{self.url_name('change')}", args=[row.pk])

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST":
            row = self.get_object(request, object_id)
            if row is not None and self.has_change_permission(request, row):
                remember([row])
        response: HttpResponse = super().change_view(request, object_id, form_url, extra_context)
        return response

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "POST" and self.has_change_permission(request):
            pks = request.POST.getlist("_selected_action")
            ending = f"-{self.opts.pk.name}"
            pks += [str(value) for name, value in request.POST.items() if name.endswith(ending)]
            numbers = [pk for pk in pks if pk.isdecimal()][:MOST_AT_ONCE]
            remember(self.model._default_manager.filter(pk__in=numbers))
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        row = options.get("obj")
        if row is not None and self.retires and self.has_change_permission(request, row):
            context["retire_url"] = reverse(f"admin:{self.url_name('retire')}", args=[row.pk])
        response: HttpResponse = super().render_change_form(request, context, *args, **options)
        return response

    def retire_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Hide it from learners, or show it again; what they learnt stays."""
        row = self._changeable(request, pk)
        remember([row])
        row.retired = not row.retired
        said = _("Retirado: ya no se enseña.") if row.retired else _("Vuelve a enseñarse.")
        self.save_and_tell(request, row, ["retired"], said)
        return HttpResponseRedirect(self.change_url(row))

    def recover_view(
        self, request: HttpRequest, version_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        restore = partial(super().recover_view, request, version_id, extra_context)
        return self._unpublished(request, restore)

    def revision_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        restore = partial(super().revision_view, request, object_id, version_id, extra_context)
        return self._unpublished(request, restore)

    def _unpublished(
        self, request: HttpRequest, restore: Callable[[], HttpResponse]
    ) -> HttpResponse:
        """To undo publishes nothing: what was a draft or deleted is a draft, to be checked.

        A version may bring back other rows that were changed together with its own.
        """
        said = _(
            "queda como borrador: deshacer no publica. Para publicar, usa «Revisar y publicar» en "
            "su página."
        )
        with transaction.atomic():
            before = _published()
            response = restore()
            for row in _published() - before:
                row.published = False
                self.save_and_tell(request, row, ["published"], said)
        return response

    def _changeable(self, request: HttpRequest, pk: int) -> Any:
        row = get_object_or_404(self.model, pk=pk)
        if not self.has_change_permission(request, row):
            raise Http404
        return row

    def save_and_tell(
        self, request: HttpRequest, row: Model, fields: Iterable[str], said: StrOrPromise
    ) -> None:
        with transaction.atomic(), self.create_revision(request):
            row.save(update_fields=list(fields))
            self.log_change(request, row, said)
        self.message_user(request, f"{row}: {said}", messages.SUCCESS)

    def get_deleted_objects(
        self, objs: QuerySet[Any] | list[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """What somebody has learnt is not deleted, and who that is is not shown."""
        count = learners.behind(objs)
        if count:
            return [], {}, set(), [in_use(count)]
        found: tuple[list[Any], dict[str, int], set[str], list[Any]] = super().get_deleted_objects(
            objs, request
        )
        return found

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"retires": self.retires, "retire_name": f"admin:{self.url_name('retire')}"}
        response: HttpResponse = super().delete_view(
            request, object_id, {**context, **(extra_context or {})}
        )
        return response

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        remember([obj])
        super().delete_model(request, obj)


def _published() -> set[Lesson | Book]:
    return {
        row for model in (Lesson, Book) for row in model.objects.filter(published=True).only("pk")
    }


def in_use(count: int) -> str:
    return ngettext(
        "una persona tiene aquí algo aprendido o respondido",
        "%(count)d personas tienen aquí algo aprendido o respondido",
        count,
    ) % {"count": count}


class Hidden(admin.ModelAdmin):
    """There for choosing from, not in the index."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False
