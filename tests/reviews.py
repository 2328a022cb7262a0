"""A small course to review, for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from accounts.models import Profile
from learning import progress
from learning.models import Course, Exercise, Item, Lesson, Practice, Review, Unit, Word

NOON = datetime(2030, 1, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def lesson(slug: str = "animales", kind: str = Lesson.Kind.VOCABULARY, order: int = 0) -> Lesson:
    course, _ = Course.objects.get_or_create(slug="prueba", defaults={"title": "Prueba"})
    unit, _ = Unit.objects.get_or_create(course=course, slug="uno", defaults={"title": "Uno"})
    found, _ = Lesson.objects.get_or_create(
        slug=slug,
        defaults={
            "unit": unit,
            "title": slug.title(),
            "kind": kind,
            "order": order,
            "published": True,
        },
    )
    return found


def word(english: str, where: Lesson | None = None) -> Word:
    where = where or lesson()
    return Word.objects.create(
        course=where.unit.course, lesson=where, key=english, english=english, emoji="🐾"
    )


def sound(phone: str) -> Item:
    course = lesson().unit.course
    return Item.objects.create(course=course, key=phone, kind=Item.Kind.SOUND)


def exercise(
    *items: Item, kind: str = Exercise.Kind.CHOOSE, where: Lesson | None = None, text: str = ""
) -> Exercise:
    """One that practises these items, the first above all."""
    where = where or lesson()
    number = where.exercises.count()
    made = Exercise.objects.create(
        lesson=where, key=f"{where.slug}-{number}", kind=kind, text=text, order=number
    )
    Practice.objects.bulk_create(
        Practice(exercise=made, item_id=item.pk, order=at) for at, item in enumerate(items)
    )
    return made


def answer(profile: Profile, done: Exercise, right: bool = True, at: datetime = NOON) -> None:
    progress.record(profile, done, float(right), at)


def review(profile: Profile, item: Item) -> Review:
    return Review.objects.get(profile=profile, item_id=item.pk)
