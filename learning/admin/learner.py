"""How far learners have come: to look at."""

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import ReadOnly
from learning.models import Progress, SoundCount


class Watched(ReadOnly, admin.ModelAdmin):
    """In the index of those alone who may look."""

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        return super().get_model_perms(request) if self.has_view_permission(request) else {}


@admin.register(Progress)
class ProgressAdmin(Watched):
    list_display = ["profile", "exercise", "attempts", "best", "last", "last_at"]
    list_select_related = ["profile", "exercise"]


@admin.register(SoundCount)
class SoundCountAdmin(Watched):
    list_display = ["profile", "phone", "day", "right", "unsure", "wrong"]
    list_filter = ["phone"]
    list_select_related = ["profile"]
    date_hierarchy = "day"
