"""What is taught, and how far each learner has come."""

from learning.models.course import Course, Lesson, Unit
from learning.models.exercise import Exercise, Practice
from learning.models.items import GrammarPoint, Item, PairSet, Word
from learning.models.learner import Answer, Day, Progress, Review, Sitting, SoundCount
from learning.models.loaded import LoadedContent

__all__ = [
    "Answer",
    "Course",
    "Day",
    "Exercise",
    "GrammarPoint",
    "Item",
    "Lesson",
    "LoadedContent",
    "PairSet",
    "Practice",
    "Progress",
    "Review",
    "Sitting",
    "SoundCount",
    "Unit",
    "Word",
]
