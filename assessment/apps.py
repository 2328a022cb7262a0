from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "assessment"
    verbose_name = "Tomas"

    def ready(self) -> None:
        from assessment import signals  # noqa: F401
