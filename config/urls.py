from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from config.health import health
from config.languages import texts

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("learning.urls")),
    path("", include("assessment.urls")),
    path("idioma", set_language, name="set_language"),
    path("textos.js", texts, name="texts"),
    path("salud", health, name="health"),
    path("admin/", admin.site.urls),
]
