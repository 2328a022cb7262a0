"""Something to say, for tests."""

from learning.models import Course, Exercise, Lesson, Unit


def exercise(text: str = "we call it bear", published: bool = True) -> Exercise:
    course, _ = Course.objects.get_or_create(slug="prueba", defaults={"title": "Prueba"})
    unit, _ = Unit.objects.get_or_create(course=course, slug="uno", defaults={"title": "Uno"})
    lesson, _ = Lesson.objects.get_or_create(
        unit=unit, slug=f"prueba-{published}".lower(), defaults={"title": "Prueba"}
    )
    lesson.published = published
    lesson.save()
    number = lesson.exercises.count()
    return Exercise.objects.create(lesson=lesson, key=f"ejercicio-{number}", text=text)
