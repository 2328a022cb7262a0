from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("quien-habla/", views.who_speaks, name="who_speaks"),
    path("quien-habla/permiso/", views.child_permission, name="child_permission"),
    path("mis-datos/", views.my_data, name="my_data"),
    path("mis-datos/correccion/", views.strictness, name="strictness"),
    path("mis-datos/borrar/", views.erase, name="erase"),
]
