from django.contrib import admin
from django.urls import include, path

from config.health import health

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("learning.urls")),
    path("", include("assessment.urls")),
    path("salud", health, name="health"),
    path("admin/", admin.site.urls),
]
