from django.urls import path

from accounts import account_views, family_views, views

app_name = "accounts"
urlpatterns = [
    path("quien-habla/", views.who_speaks, name="who_speaks"),
    path("quien-habla/permiso/", views.child_permission, name="child_permission"),
    path("mis-datos/", views.my_data, name="my_data"),
    path("mis-datos/correccion/", views.strictness, name="strictness"),
    path("mis-datos/borrar/", views.erase, name="erase"),
    # The account
    path("cuenta/nueva/", account_views.sign_up, name="sign_up"),
    path("cuenta/correo/", account_views.check_mail, name="check_mail"),
    path(
        "cuenta/confirmar/<uidb64>/<token>/",
        account_views.Confirm.as_view(),
        name="confirm",
    ),
    path("cuenta/entrar/", account_views.SignIn.as_view(), name="sign_in"),
    path("cuenta/salir/", account_views.sign_out, name="sign_out"),
    path("cuenta/borrar/", account_views.close, name="close"),
    path("cuenta/clave/", account_views.ChangePassword.as_view(), name="password_change"),
    path("cuenta/clave/olvidada/", account_views.Forgotten.as_view(), name="password_reset"),
    path(
        "cuenta/clave/<uidb64>/<token>/",
        account_views.NewPassword.as_view(),
        name="password_reset_confirm",
    ),
    # The family
    path("quien-aprende/", family_views.who_learns, name="who_learns"),
    path("familia/", family_views.family, name="family"),
    path("familia/entrar/", account_views.unlock, name="grown_up"),
    path("familia/perfil/", family_views.profile_add, name="profile_add"),
    path("familia/perfil/<uuid:pk>/", family_views.profile_edit, name="profile_edit"),
    path("familia/perfil/<uuid:pk>/borrar/", family_views.profile_delete, name="profile_delete"),
    path("familia/perfil/<uuid:pk>/juntar/", family_views.profile_join, name="profile_join"),
]
