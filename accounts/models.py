"""People who sign in, people who speak, and what they agreed to."""

import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone


class User(AbstractUser):
    """Somebody who signs in: a parent, a teacher, an author."""


class Profile(models.Model):
    """Somebody who speaks. Everything that is said and learnt belongs to a profile."""

    class Kind(models.TextChoices):
        ANONYMOUS = "anonymous", "sin decir"
        ADULT = "adult", "persona adulta"
        CHILD = "child", "niña o niño"

    class Strictness(models.TextChoices):
        GENTLE = "gentle", "suave"
        NORMAL = "normal", "normal"
        STRICT = "strict", "exigente"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="profiles",
        verbose_name="cuenta",
    )
    kind = models.CharField("quién habla", max_length=10, choices=Kind, default=Kind.ANONYMOUS)
    name = models.CharField("nombre", max_length=60, blank=True)
    picture = models.CharField("dibujo", max_length=16, default="🦜")
    strictness = models.CharField(
        "cómo se le corrige",
        max_length=10,
        choices=Strictness,
        blank=True,
        help_text="En blanco, según la edad: suave a niñas y niños, normal a los demás.",
    )
    created = models.DateTimeField("creado", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "perfil"
        verbose_name_plural = "perfiles"

    def __str__(self) -> str:
        return self.name or f"{self.get_kind_display()} {str(self.id)[:8]}"

    @property
    def strictness_by_age(self) -> Strictness:
        child = self.kind == self.Kind.CHILD
        return self.Strictness.GENTLE if child else self.Strictness.NORMAL

    @property
    def strictness_in_force(self) -> Strictness:
        """How strictly a take is judged: as somebody chose, else by age."""
        return self.Strictness(self.strictness or self.strictness_by_age)


class Consent(models.Model):
    """What an adult allowed for a profile: when, and on which text. Withdrawn, never edited."""

    class Purpose(models.TextChoices):
        CHILD_VOICE = "child_voice", "escuchar la voz de una niña o un niño"
        KEEP_RECORDINGS = "keep_recordings", "guardar las grabaciones"

    profile = models.ForeignKey(
        Profile, on_delete=models.CASCADE, related_name="consents", verbose_name="perfil"
    )
    purpose = models.CharField("para", max_length=20, choices=Purpose)
    text_version = models.CharField("versión del texto", max_length=20)
    granted_at = models.DateTimeField("dado", default=timezone.now)
    withdrawn_at = models.DateTimeField("retirado", null=True, blank=True)
    granted_by = models.CharField("por", max_length=150, blank=True)

    class Meta:
        verbose_name = "permiso"
        verbose_name_plural = "permisos"
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_consent_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} ({self.text_version})"
