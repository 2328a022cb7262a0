from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models.options import Options
from django.http import HttpRequest

from accounts.models import Consent, Profile, User

admin.site.site_header = "Cotorra"
admin.site.site_title = "Cotorra"


@admin.register(User)
class AccountAdmin(UserAdmin):
    fieldsets = (*(UserAdmin.fieldsets or ()), ("Cotorra", {"fields": ["awaiting_email"]}))


class ReadOnly:
    """Rows that come from what people do, never typed in. They go only with their profile."""

    opts: Options

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        page = request.resolver_match.url_name if request.resolver_match else ""
        own = f"{self.opts.app_label}_{self.opts.model_name}_"
        return not (page or "").startswith(own)


class ConsentInline(ReadOnly, admin.TabularInline):
    model = Consent
    extra = 0
    can_delete = False


@admin.register(Profile)
class ProfileAdmin(admin.ModelAdmin):
    list_display = ["__str__", "kind", "strictness", "user", "created"]
    list_filter = ["kind", "strictness"]
    search_fields = ["name", "user__username"]
    readonly_fields = ["id", "created"]
    autocomplete_fields = ["user"]
    inlines = [ConsentInline]


@admin.register(Consent)
class ConsentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        "profile",
        "purpose",
        "text_version",
        "granted_at",
        "withdrawn_at",
        "granted_by",
    ]
    list_filter = ["purpose", "text_version"]
    date_hierarchy = "granted_at"
