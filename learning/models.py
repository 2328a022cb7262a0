"""What is taught, and how far each learner has come."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from accounts.models import Profile
from learning import accepted
from speech.criterion import MAX_CHARS, Criterion, build
from speech.errors import SpeechError


class Course(models.Model):
    """Everything somebody sets out to learn, in units."""

    slug = models.SlugField("nombre en la dirección", unique=True)
    title = models.CharField("título", max_length=120)
    order = models.PositiveIntegerField("orden", default=0)

    class Meta:
        verbose_name = "curso"
        verbose_name_plural = "cursos"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


class Unit(models.Model):
    """A few lessons on one subject."""

    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="units", verbose_name="curso"
    )
    slug = models.SlugField("nombre en la dirección")
    title = models.CharField("título", max_length=120)
    order = models.PositiveIntegerField("orden", default=0)

    class Meta:
        verbose_name = "unidad"
        verbose_name_plural = "unidades"
        ordering = ["course__order", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["course", "slug"], name="one_unit_a_slug")]

    def __str__(self) -> str:
        return f"{self.course} · {self.title}"


class Lesson(models.Model):
    """What is practised in one sitting: an explanation and its exercises."""

    class Kind(models.TextChoices):
        PRONUNCIATION = "pronunciation", "pronunciación"

    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, related_name="lessons", verbose_name="unidad"
    )
    slug = models.SlugField("nombre en la dirección", unique=True)
    title = models.CharField("título", max_length=120)
    kind = models.CharField("tipo", max_length=20, choices=Kind, default=Kind.PRONUNCIATION)
    emoji = models.CharField("dibujo", max_length=16, blank=True, help_text="Un emoji.")
    intro = models.TextField(
        "explicación",
        blank=True,
        help_text="Lo que se lee antes de empezar. Una línea en blanco separa los párrafos.",
    )
    order = models.PositiveIntegerField("orden", default=0)
    published = models.BooleanField("publicada", default=False)

    class Meta:
        verbose_name = "lección"
        verbose_name_plural = "lecciones"
        ordering = ["unit__course__order", "unit__order", "order", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("learning:lesson", args=[self.slug])

    @property
    def paragraphs(self) -> list[str]:
        """The explanation, a string a paragraph; plain text."""
        parts = self.intro.replace("\r\n", "\n").split("\n\n")
        return [" ".join(part.split()) for part in parts if part.strip()]

    @property
    def shown_exercises(self) -> "models.QuerySet[Exercise]":
        """The exercises that learners see, in order."""
        return self.exercises.filter(retired=False)

    def problems(self) -> list[str]:
        """What keeps the lesson from being published, in sentences."""
        found = []
        exercises = list(self.shown_exercises)
        for exercise in exercises:
            try:
                exercise.clean()
            except ValidationError as error:
                found += [f"«{exercise.text}»: {message}" for message in error.messages]
        return found if exercises else ["Todavía no tiene ejercicios."]


class Exercise(models.Model):
    """One thing to say aloud."""

    class Kind(models.TextChoices):
        SAY_WORD = "say_word", "decir una palabra"
        SAY_SENTENCE = "say_sentence", "decir una frase"

    lesson = models.ForeignKey(
        Lesson, on_delete=models.CASCADE, related_name="exercises", verbose_name="lección"
    )
    key = models.SlugField("clave", help_text="Distinta de las demás de la lección.")
    kind = models.CharField("tipo", max_length=20, choices=Kind, default=Kind.SAY_WORD)
    text = models.CharField("texto en inglés", max_length=MAX_CHARS)
    translation = models.CharField("traducción", max_length=300, blank=True)
    emoji = models.CharField("dibujo", max_length=16, blank=True, help_text="Un emoji.")
    note = models.CharField("nota", max_length=300, blank=True, help_text="En qué fijarse.")
    accepted = models.TextField(
        "otras pronunciaciones que valen",
        blank=True,
        help_text="Una por línea, con los sonidos de ARPAbet: «rabbit: R AE B IH T».",
    )
    order = models.PositiveIntegerField("orden", default=0)
    retired = models.BooleanField(
        "retirado", default=False, help_text="No se enseña, pero lo aprendido con él se conserva."
    )

    class Meta:
        verbose_name = "ejercicio"
        verbose_name_plural = "ejercicios"
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["lesson", "key"], name="one_exercise_a_key")]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Refuse a text that cannot be pronounced, and say which word it is."""
        extra: Mapping[str, list[str]] = {}
        try:
            extra = accepted.parse(self.accepted, self.text)
        except accepted.NotAccepted as error:
            raise ValidationError({"accepted": str(error)}) from error
        try:
            build(self.text, accepted=extra)
        except SpeechError as error:
            detail = f" ({error.detail})" if error.detail else ""
            raise ValidationError({"text": f"{error.plain}{detail}"}) from error

    def criterion(self, strictness: str = "normal", model: str = "") -> Criterion:
        """What a take of this exercise is held against. Raises SpeechError."""
        extra = accepted.parse(self.accepted, self.text)
        return build(self.text, accepted=extra, strictness=strictness, model=model)


class Progress(models.Model):
    """How well a learner does one exercise."""

    profile = models.ForeignKey(
        Profile, on_delete=models.CASCADE, related_name="progress", verbose_name="perfil"
    )
    exercise = models.ForeignKey(
        Exercise, on_delete=models.CASCADE, related_name="progress", verbose_name="ejercicio"
    )
    attempts = models.PositiveIntegerField("intentos", default=0)
    best = models.FloatField(
        "lo mejor", default=0.0, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)]
    )
    last = models.FloatField(
        "lo último", default=0.0, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)]
    )
    last_at = models.DateTimeField("cuándo")

    class Meta:
        verbose_name = "progreso"
        verbose_name_plural = "progresos"
        constraints = [
            models.UniqueConstraint(fields=["profile", "exercise"], name="one_progress_each")
        ]

    def __str__(self) -> str:
        return f"{self.profile} · {self.exercise}: {self.best:.0%}"


class SoundCount(models.Model):
    """How one sound of English went for a learner on one day."""

    profile = models.ForeignKey(
        Profile, on_delete=models.CASCADE, related_name="sounds", verbose_name="perfil"
    )
    phone = models.CharField("sonido", max_length=4, help_text="En ARPAbet, como IH.")
    day = models.DateField("día")
    right = models.PositiveIntegerField("bien", default=0)
    unsure = models.PositiveIntegerField("sin estar seguros", default=0)
    wrong = models.PositiveIntegerField("por mejorar", default=0)

    class Meta:
        verbose_name = "cuenta de un sonido"
        verbose_name_plural = "cuentas de sonidos"
        constraints = [
            models.UniqueConstraint(fields=["profile", "phone", "day"], name="one_count_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.profile} · {self.phone} · {self.day}: {self.right}/{self.wrong}"


class LoadedContent(models.Model):
    """What `load_course` last wrote for one row, so that it sees what an author changed since."""

    path = models.CharField(max_length=250, unique=True)  # course/unit/lesson/exercise
    digest = models.CharField(max_length=64)
    order = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.path
