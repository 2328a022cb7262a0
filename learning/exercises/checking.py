"""Whether an answer is right, for every type of exercise that is chosen or written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from learning.exercises.comparing import Comparison, compare
from learning.syllabus.content import Exercise
from learning.syllabus.exercises import GAP, plain

MOST_LETTERS = 300  # the longest right answer has 120
MOST_PIECES = 20
Given = str | list[str] | dict[str, str]
PLAIN = {
    "empty": _("Todavía no has contestado."),
    "too_long": _("Eso es demasiado largo para esta pregunta. Escribe solo la respuesta."),
    "not_said": _("Todavía no te hemos oído. Graba otra vez, o sáltalo."),
    "bad_answer": _("No hemos entendido tu respuesta. Recarga la página y prueba otra vez."),
}


class NotAnAnswer(Exception):
    """What cannot be right or wrong; `plain` says so to the learner."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.plain = PLAIN[code]
        super().__init__(code)


@dataclass(frozen=True)
class Checked:
    """An answer, whether it is right, and what is."""

    right: bool
    given: str
    answer: str = ""  # what is right, where it can be written
    comparison: Comparison | None = None  # of what was typed
    missed: tuple[str, ...] = ()  # ids of the words joined with a wrong picture


def check(exercise: Exercise, given: object) -> Checked:
    """`given` as a page sends it: a text; the pieces in order; of a match, word id -> picture's.

    Raises NotAnAnswer for too much, for nothing, and for the wrong kind of thing.
    """
    return _CHECKS[exercise.type](exercise, _bounded(given))


def _bounded(given: object) -> Given:
    texts: list[object]
    match given:
        case str():
            texts = [given]
        case list():
            texts = given
        case dict():
            texts = [*given.keys(), *given.values()]
        case _:
            raise NotAnAnswer("bad_answer")
    strings = [text for text in texts if isinstance(text, str)]
    if len(strings) != len(texts):
        raise NotAnAnswer("bad_answer")
    if len(strings) > MOST_PIECES or sum(map(len, strings)) > MOST_LETTERS:
        raise NotAnAnswer("too_long")
    if not any(text.strip() for text in strings):
        raise NotAnAnswer("empty")
    return given


def _chosen(exercise: Exercise, given: Given) -> Checked:
    offered = [option.text for option in exercise.options]
    if exercise.type == "true_false":
        offered = ["true", "false"]
    if given not in offered:
        raise NotAnAnswer("bad_answer")
    answer = exercise.answer or exercise.answers[0]
    return Checked(given == answer, str(given), answer)


def _typed(exercise: Exercise, given: Given) -> Checked:
    if not isinstance(given, str):
        raise NotAnAnswer("bad_answer")
    answers = exercise.answers or (exercise.text,)
    found = compare(given, answers)
    return Checked(found.right, " ".join(given.split()), found.answer, found)


def _gap(exercise: Exercise, given: Given) -> Checked:
    """The whole sentence counts too, for whoever writes it."""
    if exercise.options:
        return _chosen(exercise, given)
    found = _typed(exercise, given)
    if not found.right:
        whole = [exercise.text.replace(GAP, answer) for answer in exercise.answers]
        sentence = compare(found.given, whole)
        if sentence.right:
            return Checked(True, found.given, sentence.answer, sentence)
    return found


def _order(exercise: Exercise, given: Given) -> Checked:
    if not isinstance(given, list):
        raise NotAnAnswer("bad_answer")
    laid = " ".join(given)
    right = [exercise.answer, *exercise.also]
    same = next((answer for answer in right if plain(answer) == plain(laid)), None)
    comparison = None if same else compare(laid, right)
    return Checked(same is not None, laid, same or exercise.answer, comparison)


def _match(exercise: Exercise, given: Given) -> Checked:
    if not isinstance(given, dict) or {*given, *given.values()} - {*exercise.words}:
        raise NotAnAnswer("bad_answer")
    if len(given) < len(exercise.words):
        raise NotAnAnswer("empty")
    missed = tuple(word for word in exercise.words if given[word] != word)
    said = "; ".join(f"{word}: {given[word]}" for word in exercise.words)
    return Checked(not missed, said, missed=missed)


_CHECKS: dict[str, Callable[[Exercise, Given], Checked]] = {
    "listen_choose": _chosen,
    "picture_match": _match,
    "choose": _chosen,
    "order": _order,
    "gap": _gap,
    "transform": _typed,
    "dictation": _typed,
    "true_false": _chosen,
    "dialogue": _chosen,
}
CHECKED = frozenset(_CHECKS)  # the other types are said, and judged elsewhere
