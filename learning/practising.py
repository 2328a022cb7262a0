"""Exercises to practise a sound with, of every course."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.urls import reverse

from accounts.models import Profile
from learning.models import Exercise, Lesson, Progress
from learning.overview import published, recorded
from learning.progress import GOOD
from speech import lexicon
from speech.errors import SpeechError

# What is said and nothing else.
KINDS = (
    *Exercise.PLAIN, Exercise.Kind.LISTEN_SAY, Exercise.Kind.SEE_SAY, Exercise.Kind.SAY_SLOWLY,
)  # fmt: skip


@dataclass(frozen=True)
class Practice:
    """Something to say, and where; `good` is that it goes well, `open` that its lesson is known."""

    text: str
    emoji: str
    lesson: str
    page: str  # the one of the lesson on which it is said
    place: int  # on that page
    good: bool
    open: bool

    @property
    def url(self) -> str:
        return f"{_address(self.page, self.lesson)}#ejercicio-{self.place}"

    @property
    def words(self) -> tuple[str, ...]:
        return _words(self.text)

    @cached_property
    def single(self) -> bool:
        return len(self.words) == 1


def practices(profile: Profile, phones: Collection[str]) -> dict[str, list[Practice]]:
    """Phone -> what holds it, the best to say first. In three queries, whatever there is."""
    found: defaultdict[str, list[Practice]] = defaultdict(list)
    wanted = set(phones)
    for each in _all(profile):
        for phone in _phones(each.text) & wanted:
            found[phone].append(each)
    return {phone: _sorted(each) for phone, each in found.items()}


def _sorted(found: list[Practice]) -> list[Practice]:
    """By turns of each lesson: words before sentences, what goes well last."""
    turns: Counter[str] = Counter()
    ranked = []
    for each in sorted(found, key=lambda each: (not each.single, each.good)):
        ranked.append(((not each.open, turns[each.lesson], not each.single, each.good), each))
        turns[each.lesson] += 1
    return [each for _, each in sorted(ranked, key=lambda ranked: ranked[0])]


def _all(profile: Profile) -> Iterator[Practice]:
    """In the order of the courses. Lessons that are only read aloud are open to everybody."""
    read_aloud = set(recorded(published()).values_list("slug", flat=True))
    tried = Progress.objects.filter(profile=profile, exercise__lesson__published=True)
    begun, good = set(), set()
    for pk, lesson, best in tried.values_list("exercise", "exercise__lesson__slug", "best"):
        begun.add(lesson)
        if best >= GOOD:
            good.add(pk)
    rows = Exercise.objects.filter(kind__in=KINDS, retired=False, lesson__published=True)
    rows = rows.exclude(lesson__kind=Lesson.Kind.QUIZ).order_by("lesson", "order", "pk")
    numbers: Counter[str] = Counter()
    for pk, text, emoji, lesson in rows.values_list("pk", "text", "emoji", "lesson__slug"):
        numbers[lesson] += 1
        alone = lesson in read_aloud
        page, place = ("lesson", numbers[lesson]) if alone else ("play", pk)
        yield Practice(text, emoji, lesson, page, place, pk in good, alone or lesson in begun)


@lru_cache(maxsize=4096)
def _address(page: str, lesson: str) -> str:
    return reverse(f"learning:{page}", args=[lesson])


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    return lexicon.words(text)


@lru_cache(maxsize=4096)
def _phones(text: str) -> frozenset[str]:
    """The sounds of a text as it is usually said."""
    try:
        usual = [lexicon.pronunciations(word)[0].phones for word in _words(text)]
    except SpeechError:  # only its author can say it
        return frozenset()
    return frozenset(phone for phones in usual for phone in phones)
