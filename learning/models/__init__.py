"""What is taught, and how far each learner has come."""

from learning.models.course import Course, Lesson, Unit
from learning.models.exercise import Exercise, Practice
from learning.models.items import GrammarPoint, Item, PairSet, Word
from learning.models.learner import Answer, Day, Progress, Review, Sitting, SoundCount
from learning.models.loaded import LoadedContent
from learning.models.preference import Participant, Trial
from learning.models.shelf import Book, Page, Reading

__all__ = [
    "Answer",
    "Book",
    "Course",
    "Day",
    "Exercise",
    "GrammarPoint",
    "Item",
    "Lesson",
    "LoadedContent",
    "Page",
    "PairSet",
    "Participant",
    "Practice",
    "Progress",
    "Reading",
    "Review",
    "Sitting",
    "SoundCount",
    "Trial",
    "Unit",
    "Word",
]
