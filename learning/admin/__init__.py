"""Where authors write: courses, lessons, what they teach and their exercises; books."""

from learning.admin import course, exercise, items, learner, lesson, preference, shelf

__all__ = ["course", "exercise", "items", "learner", "lesson", "preference", "shelf"]
