"""The addresses of the player; learning.urls includes them."""

from django.urls import path

from learning import player_views

urlpatterns = [
    path("jugar/<slug:slug>/", player_views.play, name="play"),
    path("jugar/<slug:slug>/respuesta/", player_views.answer, name="answer"),
    path("jugar/<slug:slug>/<uuid:sitting>/", player_views.played, name="played"),
    path("hoy/jugar/", player_views.play, name="play_today"),
    path("hoy/jugar/respuesta/", player_views.answer, name="answer_today"),
    path("hoy/jugar/<uuid:sitting>/", player_views.played, name="played_today"),
    path(
        "voz/<int:pk>/<int:which>/<speed:speed>.<sound:kind>",
        player_views.exercise_voice,
        name="exercise_voice",
    ),
    path(
        "voz/<int:pk>/silaba/<int:which>/<speed:speed>.<sound:kind>",
        player_views.syllable_voice,
        name="syllable_voice",
    ),
]
