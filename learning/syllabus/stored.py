"""Parts of a course as JSON, written as in the course's files, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from learning.syllabus import exercises
from learning.syllabus.content import Exercise, Mistake, Phrase, Spanish
from learning.yamlfile import Node, Place, node

_COLUMNS = ("prompt", "text", "translation", "emoji", "explanation", "practises")
_PHRASES = ("options", "lines")
_SPANISH = ("answer_translation", "statement")
_LISTS = ("syllables", "answers", "words", "also", "distractors")
_DEFAULTS = {"options_in": "en", "statement_in": "es"}


def spanish_json(text: Spanish) -> str | dict[str, str]:
    return {"es": text.es, "es-mx": text.es_mx} if text.es_mx else text.es


def spanish(value: str | Mapping[str, str]) -> Spanish:
    if isinstance(value, str):
        return Spanish(value)
    return Spanish(value.get("es", ""), value.get("es-mx", ""))


def phrase_json(phrase: Phrase) -> str | dict[str, Any]:
    """An option of which only the text is known is that text."""
    if not phrase.translation:
        return phrase.text
    found = {"text": phrase.text, "translation": spanish_json(phrase.translation)}
    return found | {key: value for key in ("emoji", "who") if (value := getattr(phrase, key))}


def phrase(value: str | Mapping[str, Any]) -> Phrase:
    if isinstance(value, str):
        return Phrase(value)
    return Phrase(
        value["text"],
        spanish(value.get("translation", "")),
        value.get("emoji", ""),
        value.get("who", ""),
    )


def mistake_json(found: Mistake) -> dict[str, Any]:
    return {"wrong": found.wrong, "right": found.right, "why": spanish_json(found.why)}


def mistake(value: Mapping[str, Any]) -> Mistake:
    return Mistake(value["wrong"], value["right"], spanish(value["why"]))


def own(kind: str) -> list[str]:
    """The keys that are in the content of a type; none for what is only said."""
    needed, optional = exercises.TYPES.get(kind, ((), ()))
    return [name for name in (*needed, *optional) if name not in _COLUMNS]


def content_json(found: Exercise) -> dict[str, Any]:
    """What only its type has."""
    made: dict[str, Any] = {}
    for name in own(found.type):
        value = getattr(found, name)
        if not value or value == _DEFAULTS.get(name):
            continue
        if name in _PHRASES:
            made[name] = [phrase_json(each) for each in value]
        elif name in _SPANISH:
            made[name] = spanish_json(value)
        else:
            made[name] = list(value) if isinstance(value, tuple) else value
    return made


def exercise(
    key: str,
    kind: str,
    texts: Mapping[str, Spanish],
    text: str,
    emoji: str,
    content: Mapping[str, Any],
) -> Exercise:
    """An exercise of its columns and its content, believed as they are."""
    known = own(kind)
    values: dict[str, Any] = {**{k: v for k, v in content.items() if k in known}, **texts}
    for name in _PHRASES:
        values[name] = tuple(phrase(each) for each in content.get(name, ()))
    for name in _LISTS:
        values[name] = tuple(content.get(name, ()))
    for name in _SPANISH:
        values[name] = spanish(content.get(name, ""))
    return Exercise(
        id=key, type=kind, practises=(), place=NOWHERE, text=text, emoji=emoji, **values
    )


NOWHERE = Place("", 0)


def check(found: Exercise) -> None:
    """Raises Refused for what the reader of the files would refuse; its place names the key."""
    values = {
        "id": found.id,
        "type": found.type,
        "text": found.text,
        "emoji": found.emoji,
        **{k: spanish_json(getattr(found, k)) for k in ("prompt", "translation", "explanation")},
        **content_json(found),
    }
    given = {key: value for key, value in values.items() if value not in ("", [], {})}
    keys = {key: node(Place(key, 0), value) for key, value in given.items()}
    exercises.exercise(Node(NOWHERE, {**keys, "practises": node(NOWHERE, ["any"])}))


def heard(found: Exercise) -> tuple[str, ...]:
    """The English of it that has a voice, the main one first: what is said, dictated or answered.

    After a dialogue's answer come its lines; then the other options of what is listened to.
    """
    texts = [found.text]
    if found.type == "gap":
        texts = [found.text.replace(exercises.GAP, found.answers[0])]
    elif found.type == "transform":
        texts = [found.answers[0], found.text]
    elif found.type in ("order", "listen_choose", "dialogue"):
        texts = [found.answer]
    elif found.type == "choose" and found.options_in == "en":
        texts = [found.answer, found.text]
    if found.type == "true_false" and found.statement_in == "en":
        texts.append(found.statement.es)
    texts += [line.text for line in found.lines]
    if found.type == "listen_choose":
        texts += [option.text for option in found.options if option.text != found.answer]
    return tuple(filter(None, texts))
