"""Where authors write: courses, lessons, what they teach and their exercises."""

from learning.admin import course, exercise, items, learner, lesson

__all__ = ["course", "exercise", "items", "learner", "lesson"]
