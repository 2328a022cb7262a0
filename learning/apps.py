from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    name = "learning"
    verbose_name = _("Lecciones")

    def ready(self) -> None:
        from learning import signals  # noqa: F401
        from learning.authoring import role

        post_migrate.connect(role.make, sender=self)
