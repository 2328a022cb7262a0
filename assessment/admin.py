"""Attempts to look at: numbers and states, never anybody's voice."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin import ReadOnly
from assessment import queueing
from assessment.models import Attempt


@admin.register(Attempt)
class AttemptAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["created", "exercise", "state", "error_code", "tries", "duration_s", "profile"]
    list_filter = ["state", "error_code"]
    list_select_related = ["exercise", "page", "profile"]
    date_hierarchy = "created"
    fields = [
        *("created", "profile", "exercise", "page", "state", "error_code", "notes", "duration_s"),
        *("tries", "queued_at", "claimed_until", "scored_at", "recording_deleted_at"),
        *("criterion", "findings"),
    ]
    actions = ["score_again"]

    def has_score_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("assessment.change_attempt")

    @admin.action(description=_("Valorar otra vez las tomas fallidas"), permissions=["score"])
    def score_again(self, request: HttpRequest, queryset: QuerySet[Attempt]) -> None:
        """For when the cause of a failure is gone and the voices are not."""
        failed = queryset.filter(state=Attempt.State.FAILED).exclude(recording="")
        pks = list(failed.values_list("pk", flat=True))
        failed.update(state=Attempt.State.STORED, tries=0, error_code="", queued_at=timezone.now())
        for pk in pks:
            queueing.queue(pk)
        self.message_user(
            request,
            ngettext("%(count)d toma en cola.", "%(count)d tomas en cola.", len(pks))
            % {"count": len(pks)},
        )
