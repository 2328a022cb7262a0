"""The addresses of the shelf; learning.urls includes them."""

from django.urls import path

from learning import shelf_views
from learning.voice_views import page_sentences, sentence_voice

urlpatterns = [
    path("estanteria/", shelf_views.shelf, name="shelf"),
    path("estanteria/<slug:slug>/", shelf_views.book, name="book"),
    path("estanteria/<slug:slug>/leido/", shelf_views.turned, name="turned"),
    path("estanteria/<slug:slug>/cubierta.svg", shelf_views.cover, name="cover"),
    path("estanteria/<slug:slug>/<int:pk>.svg", shelf_views.picture, name="picture"),
    path(
        "voz/libro/<int:pk>/<style:style>/<speed:speed>/frases.json",
        page_sentences,
        name="page_sentences",
    ),
    path(
        "voz/libro/<int:pk>/<style:style>/<speed:speed>/<int:part>.<narration:kind>",
        sentence_voice,
        name="sentence_voice",
    ),
]
