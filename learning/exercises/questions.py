"""An exercise as the player shows it: what is asked, what there is to choose, what is heard."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from learning.exercises.checking import CHECKED, Checked
from learning.models import Exercise, Word
from learning.overview import Step
from learning.syllabus import content
from learning.syllabus.exercises import GAP

T = TypeVar("T")
ASKS = {
    "say_word": _("Lee en voz alta"),
    "say_sentence": _("Lee en voz alta"),
    "listen_say": _("Escucha y repite"),
    "see_say": _("Dilo en inglés"),
    "say_slowly": _("Dilo despacio, sílaba a sílaba"),
    "listen_choose": _("¿Qué oyes?"),
    "picture_match": _("Une cada palabra con su dibujo"),
    "choose": _("Elige la respuesta"),
    "order": _("Ordena la frase"),
    "gap": _("Completa la frase"),
    "transform": _("Cambia la frase"),
    "dictation": _("Escribe lo que oyes"),
    "true_false": _("¿Verdadero o falso?"),
    "dialogue": _("¿Qué contestas?"),
}
# Kind -> template; the others are said.
TEMPLATES = {
    "picture_match": "match",
    "order": "order",
    "gap": "typed",
    "transform": "typed",
    "dictation": "typed",
}
HEARD_FIRST = (
    "say_word", "say_sentence", "listen_say", "say_slowly", "listen_choose", "dictation",
)  # fmt: skip
# What the translation gives away until it is answered.
MEANS_AT_ONCE = ("say_word", "say_sentence", "listen_say", "see_say", "say_slowly", "order", "gap")


@dataclass(frozen=True)
class Choice:
    value: str
    text: object
    lang: str
    translation: content.Spanish = content.NOTHING
    emoji: str = ""


@dataclass(frozen=True)
class Tile:
    """A word or a picture to join; both of a pair have one id."""

    id: str
    text: str
    alt: str = ""


@dataclass(frozen=True)
class Voice:
    """A text that can be heard: where, and where slowly."""

    text: str
    url: str
    slow: str


class Question:
    """One exercise; `words` are those of the course that its pictures show, by id."""

    def __init__(self, exercise: Exercise, words: Mapping[str, Word]) -> None:
        self.exercise = exercise
        self._words = words
        self.pk: int = exercise.pk
        self.kind: str = exercise.kind

    @cached_property
    def read(self) -> content.Exercise:
        return self.exercise.as_read()

    @property
    def template(self) -> str:
        name = "choose" if self.kind in CHECKED else "say"
        if not (self.kind == "gap" and self.read.options):
            name = TEMPLATES.get(self.kind, name)
        return f"learning/player/{name}.html"

    @property
    def is_said(self) -> bool:
        return self.kind not in CHECKED

    @property
    def asks(self) -> object:
        if self.kind == "choose" and self.read.options_in == "es":
            return self.exercise.local.prompt or _("¿Qué significa?")
        return self.exercise.local.prompt or ASKS[self.kind]

    @property
    def translation(self) -> str:
        """What the text means, where that does not give the answer away."""
        at_once = self.kind in MEANS_AT_ONCE and not self.read.options
        return self.exercise.local.translation if at_once else ""

    @property
    def text(self) -> str:
        """The English that is shown before an answer."""
        return "" if self.kind in ("dictation", "listen_choose", "gap") else self.read.text

    @property
    def around_gap(self) -> tuple[str, str]:
        before, _, after = self.read.text.partition(GAP)
        return before, after

    @property
    def words(self) -> list[tuple[str, int]]:
        """The text in pieces, each with how many words have been said when it ends."""
        return Step(0, self.exercise, None).words

    @property
    def syllables(self) -> list[Voice]:
        """Of what is said slowly; each is heard slowly."""
        return [
            Voice(text, *self._urls("syllable_voice", at))
            for at, text in enumerate(self.read.syllables)
        ]

    @property
    def choices(self) -> list[Choice]:
        if self.kind == "true_false":
            named = (("true", _("Verdadero")), ("false", _("Falso")))
            return [Choice(value, text, "es") for value, text in named]
        found = [
            Choice(each.text, each.text, self.read.options_in, each.translation, each.emoji)
            for each in self.read.options
        ]
        return _shuffled(found, self.pk)

    @property
    def pieces(self) -> list[str]:
        """Never in the right order already."""
        words = [*self.read.words, *self.read.distractors]
        for seed in range(self.pk, self.pk + 9):
            mixed = _shuffled(words, seed)
            if mixed[: len(self.read.words)] != list(self.read.words):
                break
        return mixed

    @property
    def tiles(self) -> list[Tile]:
        words = [self._words[key] for key in self.read.words if key in self._words]
        return _shuffled([Tile(each.key, each.english) for each in words], self.pk)

    @property
    def pictures(self) -> list[Tile]:
        words = [self._words[key] for key in self.read.words if key in self._words]
        named = [Tile(each.key, each.emoji, each.local.translation) for each in words]
        return _shuffled(named, self.pk + 1)

    @property
    def lines(self) -> list[tuple[content.Phrase, Voice | None]]:
        """What is said before, each with its voice."""
        return [(line, self.voice(line.text)) for line in self.read.lines]

    @property
    def question_voice(self) -> Voice | None:
        """What is heard before an answer."""
        if self.kind in HEARD_FIRST:
            return self.voice(self.exercise.heard[0])
        return self.voice(self.text) if self.kind in ("choose", "transform", "true_false") else None

    @property
    def plays_at_once(self) -> bool:
        """Whether nothing can be done before it was heard."""
        return self.kind in ("listen_say", "listen_choose", "dictation")

    @property
    def said(self) -> str:
        return self.exercise.said

    def voice(self, text: str) -> Voice | None:
        """None for a text that has no voice."""
        heard = self.exercise.heard
        if text not in heard:
            return None
        return Voice(text, *self._urls("exercise_voice", heard.index(text)))

    def _urls(self, name: str, part: int) -> Iterator[str]:
        """Of a sound, and of the same slowly."""
        for speed in ("normal", "lenta"):
            yield reverse(f"learning:{name}", args=[self.pk, part, speed, "ogg"])

    def solution(self, checked: Checked) -> Solution:
        return Solution(self, checked)


class Solution:
    """What is shown once a question is answered."""

    def __init__(self, question: Question, checked: Checked) -> None:
        self.question = question
        self.checked = checked

    @property
    def right(self) -> bool:
        return self.checked.right

    @property
    def forgiven(self) -> bool:
        found = self.checked.comparison
        return found is not None and found.forgiven

    @property
    def difference(self) -> bool:
        """Whether it is worth showing what was written beside what is right."""
        found = self.checked.comparison
        return found is not None and bool(found.differences)

    @property
    def answer(self) -> str:
        """What is right, whole: a gap in its sentence."""
        read, answer = self.question.read, self.checked.answer
        if self.question.kind == "true_false" or not answer:
            return ""
        if self.question.kind == "gap" and not self.difference:
            return read.text.replace(GAP, answer) if len(answer) < len(read.text) else answer
        return answer

    @property
    def truth(self) -> object:
        is_true = self.checked.answer == "true"
        if self.question.kind != "true_false":
            return ""
        return _("Es verdadero.") if is_true else _("Es falso.")

    @property
    def lang(self) -> str:
        return self.question.read.options_in

    @property
    def translation(self) -> object:
        if self.question.kind == "dialogue":
            return self.question.read.answer_translation
        if self.question.kind == "listen_choose":
            return next(o.translation for o in self.question.choices if o.value == self.answer)
        shown = self.question.translation or self.question.kind == "picture_match"
        return "" if shown else self.question.exercise.local.translation

    @property
    def explanation(self) -> str:
        return self.question.exercise.local.explanation

    @property
    def voices(self) -> list[Voice]:
        """What can now be heard: the right answer, or all that sounded alike."""
        question = self.question
        texts = [self.answer]
        if question.kind == "listen_choose":
            texts = [choice.value for choice in question.choices]
        elif question.kind in ("gap", "transform", "order"):
            texts = [question.exercise.heard[0]]
        return [voice for text in texts if (voice := question.voice(text))]

    @property
    def pairs(self) -> list[tuple[Tile, Tile, bool]]:
        """Of a match: picture and word, and whether they had been joined."""
        if self.question.kind != "picture_match":
            return []
        words = {tile.id: tile for tile in self.question.tiles}
        pictures = {tile.id: tile for tile in self.question.pictures}
        return [
            (pictures[key], words[key], key not in self.checked.missed)
            for key in self.question.read.words
            if key in words
        ]


def questions(exercises: Iterable[Exercise]) -> list[Question]:
    """In at most one query, however many there are."""
    found = list(exercises)
    keys = {key for each in found if each.kind == "picture_match" for key in each.content["words"]}
    courses = {each.lesson.unit.course_id for each in found} if keys else set()
    words: dict[tuple[int, str], Word] = {}
    if keys:
        rows = Word.objects.filter(key__in=keys, course__in=courses)
        words = {(row.course_id, row.key): row for row in rows}
    made = []
    for each in found:
        course = each.lesson.unit.course_id if keys else 0
        made.append(Question(each, {k: row for (of, k), row in words.items() if of == course}))
    return made


def _shuffled(values: Sequence[T], seed: int) -> list[T]:
    """Always the same for one exercise: a page that is loaded again looks as before."""
    mixed = list(values)
    random.Random(seed).shuffle(mixed)
    return mixed
