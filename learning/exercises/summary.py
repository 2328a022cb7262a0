"""How a sitting went, and what to review."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning.exercises.playing import Play
from learning.exercises.sittings import first_tries
from learning.models import Item, Practice

MOST = 8  # things to review that are named
ICONS = {"word": "🔤", "grammar": "🧩", "pairs": "👂", "sound": "🗣️"}


@dataclass(frozen=True)
class ToReview:
    """Something that did not go well, and the lesson that teaches it."""

    item: Item
    misses: int

    @property
    def icon(self) -> str:
        word = getattr(self.item, "word", None)
        return (word.emoji if word else "") or ICONS[self.item.kind]

    @property
    def english(self) -> str:
        word = getattr(self.item, "word", None)
        return word.english if word else ""

    @property
    def title(self) -> str:
        """In Spanish; of a word, what it means."""
        for kind, field in (
            ("word", "translation"),
            ("grammarpoint", "title"),
            ("pairset", "title"),
        ):
            found = getattr(self.item, kind, None)
            if found is not None:
                return str(getattr(found.local, field))
        return _("El sonido %(sound)s") % {"sound": self.item.key}


class Summary:
    """Of a sitting that is over, or was left."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.tries = first_tries(play.turns)

    @property
    def total(self) -> int:
        return self.play.total

    @cached_property
    def right(self) -> int:
        return sum(self.tries.get(pk, False) for pk in self.play.exercises)

    @property
    def percent(self) -> int:
        return round(100 * self.right / max(1, self.total))

    @property
    def is_quiz(self) -> bool:
        return self.play.is_quiz

    @property
    def pass_mark(self) -> int:
        return (self.play.lesson.pass_mark if self.play.lesson else 0) or 0

    @property
    def passed(self) -> bool:
        return self.percent >= self.pass_mark

    @property
    def mood(self) -> str:
        well = self.passed if self.is_quiz else 2 * self.right >= self.total
        return "happy" if well else "encouraging"

    @property
    def praise(self) -> str:
        if self.is_quiz:
            return _("¡Cuestionario superado!") if self.passed else _("Casi lo tienes")
        if self.right == self.total:
            return _("¡Perfecto!")
        return _("¡Lección terminada!")

    @property
    def count(self) -> str:
        said = ngettext(
            "Has acertado %(right)s de %(total)s a la primera.",
            "Has acertado %(right)s de %(total)s a la primera.",
            self.total,
        ) % {"right": self.right, "total": self.total}
        if self.is_quiz and not self.passed:
            need = _("Se supera con un %(mark)s %%. Repasa y prueba otra vez: saldrán otras.")
            said = f"{said} {need % {'mark': self.pass_mark}}"
        return said

    @cached_property
    def review(self) -> list[ToReview]:
        """What the exercises that failed practise most, without what was only at their edge."""
        failed = [pk for pk, right in self.tries.items() if not right]
        rows = Practice.objects.filter(exercise__in=failed, item__retired=False)
        misses: Counter[int] = Counter()
        firsts: set[int] = set()
        for item, exercise, order in rows.values_list("item", "exercise", "order"):
            misses[item] += 1
            if order == 0 or self.play.exercises[exercise].kind == "picture_match":
                firsts.add(item)
        chosen = [pk for pk, _times in misses.most_common() if pk in firsts][:MOST]
        related = ("word", "grammarpoint", "pairset", "lesson")
        items = Item.objects.select_related(*related).in_bulk(chosen)
        return [ToReview(items[pk], misses[pk]) for pk in chosen]
