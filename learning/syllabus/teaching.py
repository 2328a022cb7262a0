"""What a lesson teaches, read from its file: words, grammar points, minimal pairs."""

from __future__ import annotations

from learning.syllabus.content import GrammarPoint, Mistake, PairSet, Phrase, Word
from learning.syllabus.fields import (
    NOTE,
    TITLE,
    TRANSLATION,
    WORD,
    emoji,
    english,
    phrase,
    pronounced,
    pronunciations,
    slug,
    spanish,
)
from learning.yamlfile import Node, Refused
from speech import lexicon
from speech.errors import SpeechError
from speech.phones import ENGLISH, parse

PARTS_OF_SPEECH = (
    "noun verb adjective adverb pronoun preposition number interjection phrase other".split()
)
GRAMMAR_EXPLANATION, PAIRS_EXPLANATION = 1200, 700
NONE = "none"  # a pair may differ by a sound that one of the two lacks


def word(node: Node) -> Word:
    needed = ("id", "english", "pos", "translation", "example", "example_translation")
    found = node.fields(needed, ("emoji", "no_picture", "note", "false_friend", "accepted"))
    text = found["english"].text(WORD)
    extra = pronunciations(found["accepted"], text) if "accepted" in found else ()
    if not extra:
        pronounced(found["english"], text)
    example = Phrase(
        text=english(found["example"]),
        translation=spanish(found["example_translation"], TRANSLATION),
    )
    notes = {key: spanish(found[key], NOTE) for key in ("note", "false_friend") if key in found}
    return Word(
        id=slug(found["id"]),
        english=text,
        pos=found["pos"].one_of(PARTS_OF_SPEECH),
        translation=spanish(found["translation"], TRANSLATION),
        example=example,
        place=node.place,
        emoji=emoji(found["emoji"]) if "emoji" in found else "",
        no_picture=found["no_picture"].text(NOTE) if "no_picture" in found else "",
        accepted=extra,
        **notes,
    )


def grammar_point(node: Node) -> GrammarPoint:
    found = node.fields(("id", "title", "explanation", "examples", "mistakes"))
    return GrammarPoint(
        id=slug(found["id"], "g-"),
        title=spanish(found["title"], TITLE),
        explanation=spanish(found["explanation"], GRAMMAR_EXPLANATION, paragraphs=True),
        examples=tuple(phrase(each) for each in found["examples"].items(3)),
        mistakes=tuple(_mistake(each) for each in found["mistakes"].items(1)),
        place=node.place,
    )


def _mistake(node: Node) -> Mistake:
    found = node.fields(("wrong", "right", "why"))
    return Mistake(
        wrong=found["wrong"].text(TRANSLATION),
        right=english(found["right"]),
        why=spanish(found["why"], NOTE),
    )


def pair_set(node: Node) -> PairSet:
    found = node.fields(("id", "sounds", "title", "explanation", "pairs"))
    first, second = (_sound(each) for each in found["sounds"].items(2, 2))
    pairs = []
    for each in found["pairs"].items(4):
        sides = each.fields(("a", "b"))
        a, b = (phrase(sides[side], ("emoji",)) for side in ("a", "b"))
        if not differ(a.text, b.text, first, second):
            sounds = " and ".join(" ".join(sound) or NONE for sound in (first, second))
            raise Refused(each.place, f"{a.text!r} and {b.text!r} do not differ in {sounds}")
        pairs.append((a, b))
    return PairSet(
        id=slug(found["id"], "p-"),
        sounds=(first, second),
        title=spanish(found["title"], TITLE),
        explanation=spanish(found["explanation"], PAIRS_EXPLANATION, paragraphs=True),
        pairs=tuple(pairs),
        place=node.place,
    )


def _sound(node: Node) -> tuple[str, ...]:
    """English phones, or () for 'none'."""
    text = node.text()
    if text == NONE:
        return ()
    try:
        phones = parse(text)
    except SpeechError as error:
        raise Refused(node.place, f"{text!r} is no sound") from error
    if any(phone not in ENGLISH for phone in phones):
        raise Refused(node.place, f"{text!r} is no sound of English")
    return phones


def differ(a: str, b: str, first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Whether some pronunciation of `a` becomes one of `b` when `first` gives way to `second`."""
    wanted = {each.phones for each in lexicon.pronunciations(b)}
    for said in (each.phones for each in lexicon.pronunciations(a)):
        for at in range(len(said) - len(first) + 1):
            end = at + len(first)
            if said[at:end] == first and (*said[:at], *second, *said[end:]) in wanted:
                return True
    return False
