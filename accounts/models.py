"""People who sign in, people who speak, and what they agreed to."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Somebody who signs in: a parent, a teacher, an author. A family's name is its e-mail."""

    username = models.CharField(
        _("correo o nombre de usuario"),
        max_length=254,
        unique=True,
        error_messages={"unique": _("Ya hay una cuenta con este nombre.")},
    )
    awaiting_email = models.BooleanField(_("falta confirmar el correo"), default=False)
    mailed_at = models.DateTimeField(_("último correo"), null=True, blank=True, editable=False)


class Profile(models.Model):
    """Somebody who speaks. Everything that is said and learnt belongs to a profile."""

    class Kind(models.TextChoices):
        ANONYMOUS = "anonymous", _("sin decir")
        ADULT = "adult", _("persona adulta")
        CHILD = "child", _("niña o niño")

    class Strictness(models.TextChoices):
        GENTLE = "gentle", _("suave")
        NORMAL = "normal", _("normal")
        STRICT = "strict", _("exigente")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="profiles",
        verbose_name=_("cuenta"),
    )
    kind = models.CharField(_("quién habla"), max_length=10, choices=Kind, default=Kind.ANONYMOUS)
    name = models.CharField(_("nombre"), max_length=60, blank=True)
    picture = models.CharField(_("dibujo"), max_length=16, default="🦜")
    strictness = models.CharField(
        _("cómo se le corrige"),
        max_length=10,
        choices=Strictness,
        blank=True,
        help_text=_("En blanco, según la edad: suave a niñas y niños, normal a los demás."),
    )
    birth_year = models.PositiveSmallIntegerField(
        _("año de nacimiento"),
        null=True,
        blank=True,
        help_text=_("Solo de niñas y niños, y solo para saber cuánto exigir."),
    )
    created = models.DateTimeField(_("creado"), default=timezone.now, editable=False)

    TEENAGER: ClassVar = 13  # corrected as adults are, unless somebody chose otherwise

    class Meta:
        verbose_name = _("perfil")
        verbose_name_plural = _("perfiles")

    def __str__(self) -> str:
        return self.name or f"{self.get_kind_display()} {str(self.id)[:8]}"

    @property
    def strictness_by_age(self) -> Strictness:
        young = self.birth_year is None or self.age_this_year(self.birth_year) < self.TEENAGER
        child = self.kind == self.Kind.CHILD
        return self.Strictness.GENTLE if child and young else self.Strictness.NORMAL

    @staticmethod
    def age_this_year(birth_year: int) -> int:
        """How old somebody is when this year ends."""
        return timezone.localdate().year - birth_year

    @property
    def strictness_in_force(self) -> Strictness:
        """How strictly a take is judged: as somebody chose, else by age."""
        return self.Strictness(self.strictness or self.strictness_by_age)


class Consent(models.Model):
    """What an adult allowed for a profile: when, and on which text. Withdrawn, never edited."""

    class Purpose(models.TextChoices):
        CHILD_VOICE = "child_voice", _("escuchar la voz de una niña o un niño")
        KEEP_RECORDINGS = "keep_recordings", _("guardar las grabaciones")

    profile = models.ForeignKey(
        Profile, on_delete=models.CASCADE, related_name="consents", verbose_name=_("perfil")
    )
    purpose = models.CharField(_("para"), max_length=20, choices=Purpose)
    text_version = models.CharField(_("versión del texto"), max_length=20)
    granted_at = models.DateTimeField(_("dado"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("retirado"), null=True, blank=True)
    granted_by = models.CharField(_("por"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("permiso")
        verbose_name_plural = _("permisos")
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_consent_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} ({self.text_version})"
