"""The preference study: every vote, and what all of them say."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from learning.admin.learner import Watched
from learning.models import Participant, Trial
from learning.preference import drawing, sounds
from learning.preference.report import ENOUGH_PERSONS, ENOUGH_VOTES, report, rows, voted


@admin.register(Trial)
class TrialAdmin(Watched):
    list_display = ["passage", "first", "second", "choice", "seconds", "voice"]
    list_filter = ["choice", "passage", "participant__voice"]
    list_select_related = ["participant"]
    exclude = ["participant"]
    change_list_template = "admin/learning/trial/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Trial]:
        found: QuerySet[Trial] = super().get_queryset(request)
        return found.exclude(choice="")

    @admin.display(description=_("versión de la voz"))
    def voice(self, trial: Trial) -> str:
        return trial.participant.voice

    def get_urls(self) -> list[URLPattern]:
        views = ((self.results, "resultados/", "results"), (self.votes, "votos.csv", "votes"))
        own = [
            path(address, self.admin_site.admin_view(view), name=f"learning_trial_{name}")
            for view, address, name in views
        ]
        return [*own, *super().get_urls()]

    def results(self, request: HttpRequest) -> HttpResponse:
        """Shares, intervals and tests as a picture and a table, of one version of the voice."""
        voice, voices = self._voice(request)
        found = report(list(voted(voice)))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Qué voz se prefiere"),
            "voice": voice,
            "voices": voices,
            "report": found,
            "picture": drawing.picture(found),
            "enough_persons": ENOUGH_PERSONS,
            "enough_votes": ENOUGH_VOTES,
        }
        return render(request, "admin/learning/trial/results.html", context)

    def votes(self, request: HttpRequest) -> HttpResponse:
        """The votes themselves, for somebody's own statistics."""
        voice, _voices = self._voice(request)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="votos.csv"'
        csv.writer(response).writerows(rows(list(voted(voice))))
        return response

    def _voice(self, request: HttpRequest) -> tuple[str, list[Any]]:
        """The version that is asked for, else the one in use, and all that were voted on."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        has_votes = Count("trials", filter=~Q(trials__choice=""))
        voices: list[Any] = list(
            Participant.objects.values("voice").annotate(votes=has_votes).order_by("voice")
        )
        known = [each["voice"] for each in voices]
        wanted = request.GET.get("voz") or sounds.version()
        return wanted if wanted in known else known[-1] if known else wanted, voices
