from django.urls import path

from assessment import views
from assessment.word_voice import word_voice

app_name = "assessment"
urlpatterns = [
    path("tomas/", views.my_recordings, name="my_recordings"),
    path("tomas/<uuid:pk>/", views.attempt, name="attempt"),
    path("tomas/<uuid:pk>/audio.wav", views.audio, name="audio"),
    path("voz/palabra/<str:word>/<speed:speed>.<sound:kind>", word_voice, name="word_voice"),
]
