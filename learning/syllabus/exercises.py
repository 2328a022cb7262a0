"""The types of exercise: the keys of each, and what must hold between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from learning.syllabus.content import Exercise, Phrase
from learning.syllabus.fields import (
    EXPLANATION,
    OPTION,
    PASSAGE,
    PROMPT,
    SENTENCE,
    STATEMENT,
    TRANSLATION,
    emoji,
    phrase,
    pronounced,
    slug,
    spanish,
    unlike,
)
from learning.yamlfile import Node, Refused

GAP = "___"
LANGUAGES = ("en", "es")
_COMMON = ("prompt", "emoji", "explanation", "translation")
# Type -> the keys it must have and those it may have, besides id, type, practises and the common.
TYPES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "listen_say": (("text",), ()),
    "see_say": (("text",), ()),
    "say_slowly": (("text", "syllables"), ()),
    "listen_choose": (("options", "answer"), ()),
    "picture_match": (("words",), ()),
    "choose": (("options", "answer"), ("text", "options_in")),
    "order": (("words", "answer"), ("also", "distractors")),
    "gap": (("text", "answers"), ("options",)),
    "transform": (("prompt", "text", "answers"), ()),
    "dictation": (("text",), ()),
    "true_false": (("statement", "answer"), ("text", "statement_in")),
    "dialogue": (("lines", "options", "answer"), ("answer_translation",)),
}


def exercise(node: Node) -> Exercise:
    """Raises Refused for a key its type does not have, and for an answer that cannot be right."""
    raw = node.mapping()
    if "type" not in raw:
        raise Refused(node.place, "'type' is missing")
    kind = raw["type"].one_of(TYPES)
    needed, optional = TYPES[kind]
    if kind == "picture_match":
        optional = (*optional, "practises")
    else:
        needed = ("practises", *needed)
    keys = node.fields(("id", "type", *needed), (*_COMMON, *optional))
    if kind == "picture_match":
        keys = {"practises": keys["words"], **keys}
    values: dict[str, Any] = {
        key: _READ[key](value, kind) for key, value in keys.items() if key != "type"
    }
    places = {key: value.place for key, value in keys.items()}
    found = Exercise(type=kind, place=node.place, places=places, **values)
    if kind in _CHECKS:
        _CHECKS[kind](found)
    elsewhere = keys.get("text") or keys.get("options") or node  # a gap filled, an option
    said = {**values, "statement": found.statement.es}
    for text in found.correct():
        own = (keys[k] for k, v in said.items() if v == text or (type(v) is tuple and text in v))
        pronounced(next(own, elsewhere), text)
    return found


def _texts(node: Node, least: int = 1, most: int = 12) -> tuple[str, ...]:
    return unlike(node, [each.text(OPTION) for each in node.items(least, most)])


def _ids(node: Node) -> tuple[str, ...]:
    return unlike(node, [each.text() for each in node.items(1, 6)])


def _options(node: Node) -> tuple[Phrase, ...]:
    """Each a text, or {text, translation, emoji}."""
    found = [
        phrase(each, ("emoji",)) if isinstance(each.value, dict) else Phrase(each.text(OPTION))
        for each in node.items(2, 5)
    ]
    unlike(node, [option.text for option in found])
    return tuple(found)


def _words(node: Node, kind: str) -> tuple[str, ...]:
    """picture_match: ids of words; order: pieces of a sentence, one of which may come twice."""
    if kind == "picture_match":
        return unlike(node, [each.text() for each in node.items(3, 5)])
    return tuple(each.text(OPTION) for each in node.items(2, 12))


def _answer(node: Node, kind: str) -> str:
    if kind == "true_false":
        return "true" if node.flag() else "false"
    return node.text(SENTENCE if kind == "order" else OPTION)


_READ: dict[str, Callable[[Node, str], Any]] = {
    "id": lambda node, kind: slug(node),
    "practises": lambda node, kind: _ids(node),
    "prompt": lambda node, kind: spanish(node, PROMPT),
    "text": lambda node, kind: node.text(PASSAGE if kind == "true_false" else SENTENCE),
    "translation": lambda node, kind: spanish(
        node, PASSAGE if kind == "true_false" else TRANSLATION
    ),
    "emoji": lambda node, kind: emoji(node),
    "explanation": lambda node, kind: spanish(node, EXPLANATION),
    "syllables": lambda node, kind: tuple(each.text() for each in node.items(1)),
    "options": lambda node, kind: _options(node),
    "options_in": lambda node, kind: node.one_of(LANGUAGES),
    "answer": _answer,
    "answer_translation": lambda node, kind: spanish(node, TRANSLATION),
    "answers": lambda node, kind: _texts(node),
    "words": _words,
    "also": lambda node, kind: tuple(each.text(SENTENCE) for each in node.items()),
    "distractors": lambda node, kind: _texts(node, 0, 2),
    "statement": lambda node, kind: spanish(node, STATEMENT),
    "statement_in": lambda node, kind: node.one_of(LANGUAGES),
    "lines": lambda node, kind: tuple(phrase(each, ("who",)) for each in node.items(1, 4)),
}


def _among_options(found: Exercise) -> None:
    if found.answer not in [option.text for option in found.options]:
        raise Refused(found.at("answer"), f"{found.answer!r} is not among the options")


def _choose(found: Exercise) -> None:
    if not found.prompt and not found.text:
        raise Refused(found.place, "neither 'prompt' nor 'text' says what to choose")
    _among_options(found)


def _gap(found: Exercise) -> None:
    if found.text.count(GAP) != 1 or "_" in found.text.replace(GAP, ""):
        raise Refused(found.at("text"), f"expected one {GAP} in {found.text!r}")
    if not found.options:
        return
    if len(found.answers) != 1:
        raise Refused(found.at("answers"), "with options there is one answer")
    if found.answers[0] not in [option.text for option in found.options]:
        raise Refused(found.at("answers"), f"{found.answers[0]!r} is not among the options")


def _order(found: Exercise) -> None:
    pieces = [plain(piece) for piece in found.words]
    for key, answers in (("answer", (found.answer,)), ("also", found.also)):
        for answer in answers:
            if not _made_of(plain(answer), pieces):
                raise Refused(found.at(key), f"{answer!r} is not made of the words, all and once")
    for piece in found.distractors:
        if plain(piece) in pieces:
            raise Refused(found.at("distractors"), f"{piece!r} is one of the words")


def plain(text: str) -> list[str]:
    """The words of a text in small letters, without the signs around them."""
    words = (word.strip('.,;:!?…«»"—–-') for word in text.replace("’", "'").casefold().split())
    return [word for word in words if word]


def _made_of(words: Sequence[str], pieces: Sequence[Sequence[str]]) -> bool:
    """Whether the pieces, each used once, can be laid one after another to give the words."""
    if not pieces:
        return not words
    return any(
        list(words[: len(piece)]) == list(piece)
        and _made_of(words[len(piece) :], [*pieces[:at], *pieces[at + 1 :]])
        for at, piece in enumerate(pieces)
    )


def _syllables(found: Exercise) -> None:
    letters = "".join("".join(plain(part)) for part in found.syllables)
    if letters != "".join(plain(found.text)):
        raise Refused(found.at("syllables"), f"the syllables do not give {found.text!r}")


def _true_false(found: Exercise) -> None:
    if found.statement_in == "en" and found.statement.es_mx:
        raise Refused(found.at("statement"), "English has no 'es-mx' form")


_CHECKS: dict[str, Callable[[Exercise], None]] = {
    "say_slowly": _syllables,
    "listen_choose": _among_options,
    "choose": _choose,
    "order": _order,
    "gap": _gap,
    "true_false": _true_false,
    "dialogue": _among_options,
}
