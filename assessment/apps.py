from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    name = "assessment"
    verbose_name = _("Tomas")

    def ready(self) -> None:
        from assessment import signals, tips  # noqa: F401
        from learning import narration_texts

        narration_texts.others.append(tips.words)
