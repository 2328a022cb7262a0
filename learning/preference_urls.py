"""The addresses of the preference study; learning.urls includes them."""

from django.urls import path

from learning import preference_views

urlpatterns = [
    path("estudio/", preference_views.study, name="study"),
    path("estudio/pareja/", preference_views.pair, name="study_pair"),
    path("estudio/sonido/<str:token>.mp3", preference_views.sound, name="study_sound"),
    path("estudio/retirar/", preference_views.withdraw, name="study_withdraw"),
]
