from django.urls import path

from assessment import views
from assessment.word_voice import version_voice, word_voice

app_name = "assessment"
urlpatterns = [
    path("tomas/", views.my_recordings, name="my_recordings"),
    path("tomas/<uuid:pk>/", views.attempt, name="attempt"),
    path("tomas/<uuid:pk>/audio.wav", views.audio, name="audio"),
    path(
        "tomas/<uuid:pk>/<int:word>/<version:version>/<speed:speed>.<sound:kind>",
        version_voice,
        name="version_voice",
    ),
    path("voz/palabra/<str:word>/<speed:speed>.<sound:kind>", word_voice, name="word_voice"),
]
