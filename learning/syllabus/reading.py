"""A course read from its folder: `course.yaml`, and a file for every lesson and quiz."""

from __future__ import annotations

from pathlib import Path

from learning.syllabus import references
from learning.syllabus.content import NOTHING, Course, Lesson, Pool, Quiz, Unit
from learning.syllabus.exercises import exercise
from learning.syllabus.fields import TITLE, emoji, slug, spanish, unlike
from learning.syllabus.teaching import grammar_point, pair_set, word
from learning.yamlfile import Node, Refused, read

COURSE = "course.yaml"
KINDS = ("vocabulary", "grammar", "expression", "pronunciation")
GOAL, DESCRIPTION, INTRO = 160, 300, 900
LEAST_MINUTES, MOST_MINUTES = 5, 8
LEAST_EXERCISES, MOST_EXERCISES = 8, 16


def read_course(folder: Path, only: str = "") -> Course:
    """The course of a folder; raises Refused, with file and line, for the first thing amiss.

    `only` is the slug of a unit: the other units are then read for what they teach, and one that
    would be refused counts as not written. A file that is not there is in the unit's `unwritten`.
    """
    root = read(folder / COURSE).fields(("course", "units"))
    about = root["course"].fields(("slug", "title", "description"))
    ids = references.Ids()
    units = []
    for node in root["units"].items(1):
        outline = _outline(node)
        try:
            unit = _filled(outline, node, folder)
            ids.add_unit(unit)
        except Refused:
            if only in ("", outline.slug):
                raise
            unit = outline
        units.append(unit)
    course = Course(
        slug=slug(about["slug"]),
        title=spanish(about["title"], TITLE),
        description=spanish(about["description"], DESCRIPTION),
        units=tuple(units),
    )
    if only and only not in [unit.slug for unit in units]:
        raise Refused(root["units"].place, f"there is no unit {only!r}")
    return references.resolved(course, ids, only)


def _outline(node: Node) -> Unit:
    """A unit without its lessons."""
    keys = node.fields(("slug", "folder", "title", "emoji", "goal", "lessons", "quiz"), ("after",))
    after = [each.text() for each in keys["after"].items()] if "after" in keys else []
    files = [each.text() for each in [*keys["lessons"].items(1), keys["quiz"]]]
    name = keys["folder"].text()
    return Unit(
        slug=slug(keys["slug"]),
        folder=name,
        title=spanish(keys["title"], TITLE),
        emoji=emoji(keys["emoji"]),
        goal=spanish(keys["goal"], GOAL),
        after=unlike(node, after),
        lessons=(),
        quiz=None,
        unwritten=tuple(f"{name}/{file}" for file in unlike(keys["lessons"], files)),
        place=node.place,
    )


def _filled(unit: Unit, node: Node, folder: Path) -> Unit:
    """The unit with the lessons and the quiz that are there."""
    *lessons, quiz = unit.unwritten
    there = [name for name in unit.unwritten if (folder / name).is_file()]
    return Unit(
        **{
            **vars(unit),
            "lessons": tuple(_lesson(read(folder / n, n)) for n in lessons if n in there),
            "quiz": _quiz(read(folder / quiz, quiz)) if quiz in there else None,
            "unwritten": tuple(name for name in unit.unwritten if name not in there),
        }
    )


def read_part(node: Node) -> Lesson | Quiz:
    """One lesson or quiz; what it says of the rest of the course is not looked at."""
    return _quiz(node) if "pass_mark" in node.mapping() else _lesson(node)


def _lesson(node: Node) -> Lesson:
    keys = node.fields(
        ("slug", "title", "kind", "emoji", "minutes", "intro", "exercises"),
        ("words", "grammar", "pairs"),
    )
    taught = {
        key: keys[key].items() if key in keys else [] for key in ("words", "grammar", "pairs")
    }
    return Lesson(
        slug=slug(keys["slug"]),
        title=spanish(keys["title"], TITLE),
        kind=keys["kind"].one_of(KINDS),
        emoji=emoji(keys["emoji"]),
        minutes=keys["minutes"].number(LEAST_MINUTES, MOST_MINUTES),
        intro=spanish(keys["intro"], INTRO, paragraphs=True),
        words=tuple(word(each) for each in taught["words"]),
        grammar=tuple(grammar_point(each) for each in taught["grammar"]),
        pairs=tuple(pair_set(each) for each in taught["pairs"]),
        exercises=tuple(
            exercise(each) for each in keys["exercises"].items(LEAST_EXERCISES, MOST_EXERCISES)
        ),
        place=node.place,
    )


def _quiz(node: Node) -> Quiz:
    keys = node.fields(
        ("slug", "title", "emoji", "minutes", "pass_mark", "pools", "exercises"), ("intro",)
    )
    return Quiz(
        slug=slug(keys["slug"]),
        title=spanish(keys["title"], TITLE),
        emoji=emoji(keys["emoji"]),
        minutes=keys["minutes"].number(LEAST_MINUTES, MOST_MINUTES),
        intro=spanish(keys["intro"], INTRO, paragraphs=True) if "intro" in keys else NOTHING,
        pass_mark=keys["pass_mark"].number(1, 100),
        pools=tuple(_pool(each) for each in keys["pools"].items(1)),
        exercises=tuple(exercise(each) for each in keys["exercises"].items()),
        place=node.place,
    )


def _pool(node: Node) -> Pool:
    keys = node.fields(("title", "take", "exercises"))
    ids = unlike(keys["exercises"], [each.text() for each in keys["exercises"].items(1)])
    take = keys["take"].number(1)
    if len(ids) < 2 * take:
        raise Refused(
            keys["exercises"].place,
            f"{len(ids)} exercises, expected {2 * take} to take {take} anew",
        )
    return Pool(spanish(keys["title"], TITLE), take, ids, node.place)
