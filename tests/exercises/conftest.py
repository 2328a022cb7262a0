"""A small course in the database, with an exercise of every type."""

from pathlib import Path

import pytest

from learning import course_folder, loading
from learning.models import Exercise, Lesson
from tests.syllabus import write


@pytest.fixture
def lesson(db: None, tmp_path: Path) -> Lesson:
    """Its lesson, published, as is its quiz."""
    course, _ = course_folder.read_course(write(tmp_path))
    loading.load(course)
    Lesson.objects.update(published=True)
    return Lesson.objects.get(slug="leccion")


@pytest.fixture
def by_kind(lesson: Lesson) -> dict[str, Exercise]:
    return {exercise.kind: exercise for exercise in lesson.shown_exercises}
