from django.urls import path

from learning import progress_views

urlpatterns = [
    path("hoy/", progress_views.today, name="today"),
    path("hoy/empezar/", progress_views.begin_today, name="begin_today"),
    path("mi-progreso/", progress_views.my_progress, name="my_progress"),
]
