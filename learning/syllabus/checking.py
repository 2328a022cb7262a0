"""What a course that could be read still lacks, and how much of it there is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from learning.syllabus.content import Course, Exercise, Lesson, Quiz, Unit, Word
from learning.syllabus.exercises import GAP, plain
from learning.yamlfile import Place
from speech import lexicon
from speech.errors import SpeechError
from speech.phones import ENGLISH

NEAR = 0.8  # of the words two exercises have, those they share
_EXPLAINED = "listen_choose choose order gap transform dictation true_false dialogue".split()
_TRANSLATED = "listen_say see_say say_slowly gap transform dictation order".split()


@dataclass(frozen=True)
class Problem:
    """What keeps something from being published."""

    place: Place
    id: str  # of a word, grammar point or exercise
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.id}: {self.what}"


def figures(course: Course, only: str = "") -> dict[str, int]:
    """How much there is, in one unit or all. The quizzes' own exercises are not counted."""
    units = _units(course, only)
    lessons = [lesson for unit in units for lesson in unit.lessons]
    near = near_duplicates(course.exercises())
    return {
        "units": sum(bool(unit.lessons) for unit in units),
        "lessons": len(lessons),
        "exercises": sum(len(lesson.exercises) for lesson in lessons),
        "words": sum(len(lesson.words) for lesson in lessons),
        "grammar_points": sum(len(lesson.grammar) for lesson in lessons),
        "quizzes": sum(unit.quiz is not None for unit in units),
        "minimal_pair_sets": sum(len(lesson.pairs) for lesson in lessons),
        "near_duplicates": sum(e.id in near for unit in units for e in unit.exercises()),
    }


def problems(course: Course, only: str = "") -> list[str]:
    """What keeps the course from being published, each with file and line."""
    return [problem for unit in _units(course, only) for problem in _unit(unit)]


def _units(course: Course, only: str) -> list[Unit]:
    return [unit for unit in course.units if only in ("", unit.slug)]


def _unit(unit: Unit) -> Iterator[str]:
    for name in unit.unwritten:
        yield f"{name}: not written yet"
    for lesson in unit.lessons:
        yield from unready(lesson)
    if unit.quiz:
        yield from unready(unit.quiz)


def unready(part: Lesson | Quiz) -> list[str]:
    """What keeps a lesson or a quiz from being published, each with file and line."""
    return list(map(str, lacking(part)))


def lacking(part: Lesson | Quiz) -> Iterator[Problem]:
    """What keeps a lesson or a quiz from being published."""
    if isinstance(part, Lesson):
        for word in part.words:
            yield from (Problem(word.place, word.id, each) for each in _word(word))
        for point in part.grammar:
            for text in (*(e.text for e in point.examples), *(m.right for m in point.mistakes)):
                yield from (Problem(point.place, point.id, each) for each in unknown(text))
    for exercise in part.exercises:
        yield from (Problem(exercise.place, exercise.id, each) for each in _exercise(exercise))


def _word(word: Word) -> Iterator[str]:
    if not word.emoji and not word.no_picture:
        yield "no picture, and no reason in 'no_picture'"
    texts = [word.example.text] if word.accepted else [word.english, word.example.text]
    for text in texts:
        yield from unknown(text)


def _exercise(exercise: Exercise) -> Iterator[str]:
    english = exercise.type in _TRANSLATED or exercise.text or exercise.statement_in == "en"
    if english and not exercise.translation:
        yield "no translation"
    if exercise.type == "dialogue" and not exercise.answer_translation:
        yield "no answer_translation"
    if exercise.type == "listen_choose":
        for option in exercise.options:
            if not option.translation:
                yield f"no translation of {option.text!r}"
    if exercise.type in _EXPLAINED and not exercise.explanation:
        yield "no explanation"
    for text in exercise.correct():
        yield from unknown(text)


def unknown(text: str) -> Iterator[str]:
    """The words of a text that no dictionary has: their pronunciation is espeak's guess."""
    for word in lexicon.words(text):
        try:
            known = lexicon.pronunciations(word)[0].source != "espeak"
        except SpeechError:
            known = False
        if not known:
            yield f"unknown word {word!r}"


def near_duplicates(
    exercises: Iterable[Exercise], of: Container[str] | None = None
) -> dict[str, str]:
    """Id of an exercise -> id of another of its type with which it shares over 80 % of its words.

    Both count. The words are the English ones, and the Spanish of prompt and statement, as a bag;
    shared is twice what is common over the sum of both (Dice 1945). `of`: only these and theirs.
    """
    of_type: dict[str, list[tuple[str, frozenset[tuple[str, int]]]]] = defaultdict(list)
    for exercise in exercises:
        of_type[exercise.type].append((exercise.id, _numbered(_bag(exercise))))
    found: dict[str, str] = {}
    for same in of_type.values():
        for (a, first), (b, second) in combinations(same, 2):
            if of is not None and a not in of and b not in of:
                continue
            least = NEAR * (len(first) + len(second)) / 2
            if len(first) > least < len(second) and len(first & second) > least:
                found[a], found[b] = found.get(a, b), found.get(b, a)
    return found


def _numbered(words: Iterable[str]) -> frozenset[tuple[str, int]]:
    """A bag as a set, which is compared much faster: the second 'the' is another than the first."""
    times: Counter[str] = Counter()
    numbered = []
    for word in words:
        times[word] += 1
        numbered.append((word, times[word]))
    return frozenset(numbered)


def _bag(exercise: Exercise) -> list[str]:
    texts = [exercise.text.replace(GAP, ""), exercise.prompt.es, exercise.statement.es]
    if exercise.type == "gap":
        texts.append(exercise.answers[0])
    if exercise.type == "order":
        texts.append(exercise.answer)
    if exercise.type == "picture_match":
        texts += exercise.words
    texts += [phrase.text for phrase in (*exercise.options, *exercise.lines)]
    return [word for text in texts for word in plain(text)]


def early(course: Course, allowed: Iterable[str], only: str = "") -> list[str]:
    """What examples and exercises use before the course has taught it, with file and line."""
    known, taught = set(allowed), set(ENGLISH)
    found: list[str] = []
    for unit in course.units:
        before = len(found)
        for lesson in unit.lessons:
            taught |= {each.id for each in lesson.teaches()}
            known |= _words_of(lesson)
            for word in lesson.words:
                found += _new(word.place, (word.example.text,), known)
            for exercise in lesson.exercises:
                found += _new(exercise.place, exercise.correct(), known)
                later = [name for name in exercise.practises if name not in taught]
                found += [f"{exercise.place}: {name!r} is taught later" for name in later]
        for exercise in unit.quiz.exercises if unit.quiz else ():
            found += _new(exercise.place, exercise.correct(), known)
        if only not in ("", unit.slug):
            del found[before:]
    return found


def _words_of(lesson: Lesson) -> set[str]:
    """The English that a lesson teaches."""
    texts = [word.english for word in lesson.words]
    texts += [example.text for point in lesson.grammar for example in point.examples]
    texts += [side.text for pairs in lesson.pairs for pair in pairs.pairs for side in pair]
    return {word for text in texts for word in plain(text)}


def _new(place: Place, texts: Iterable[str], known: set[str]) -> list[str]:
    words = dict.fromkeys(word for text in texts for word in plain(text))
    new = [word for word in words if word[1:] and not known.intersection(_bases(word))]
    return [f"{place}: not taught yet: {', '.join(new)}"] if new else []


@cache
def _bases(word: str) -> frozenset[str]:
    """The word, and what it may be a form of: plays, played, playing, Ana's, studies, bigger."""
    found = {word, word.partition("'")[0]}
    for ending, instead in (
        ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ied", "y"), ("ing", ""),
        ("ing", "e"), ("er", ""), ("er", "e"), ("ier", "y"), ("ly", ""), ("n't", ""),
    ):  # fmt: skip
        if word.endswith(ending) and len(word) > len(ending) + 1:
            base = word.removesuffix(ending)
            found.add(base + instead)
            if base[-2:-1] == base[-1:]:
                found.add(base[:-1])
    return frozenset(found)
