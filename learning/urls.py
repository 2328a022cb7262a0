from django.urls import include, path

from learning import views
from learning.voice_views import exercise_voice, item_voice

app_name = "learning"
urlpatterns = [
    path("", views.home, name="home"),
    path("leccion/<slug:slug>/", views.lesson, name="lesson"),
    path("leccion/<slug:slug>/resumen/", views.summary, name="summary"),
    path("mis-sonidos/", views.my_sounds, name="my_sounds"),
    path("voz/<int:pk>/<speed:speed>.<sound:kind>", exercise_voice, name="voice"),
    path("voz/algo/<int:pk>/<int:part>/<speed:speed>.<sound:kind>", item_voice, name="item_voice"),
    path("privacidad/", views.privacy, name="privacy"),
    path("", include("learning.player_urls")),
    path("", include("learning.schedule_urls")),
    path("", include("learning.shelf_urls")),
    path("", include("learning.preference_urls")),
]
