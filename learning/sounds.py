"""'Mis sonidos': how each sound of English goes for a learner, and what to practise it with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from operator import itemgetter

from django.db.models import Case, Max, Min, Q, QuerySet, Sum, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Profile
from learning.models import SoundCount
from learning.practising import Practice, practices
from speech import lexicon
from speech.graphemes import letters_of
from speech.phones import PHONES

LEAST = 5  # judged times before a sound is judged
RECENT = 20  # the last judged times, which count for how it goes now
FAILING = 0.14  # of the recent times, shrunk: from here on a sound is to be practised
CHANGE = 0.05  # by which the share must have moved to be called a change
DAYS = 7  # days in the picture
LATE_DAYS = 3 * DAYS  # the last ones, which hold all that for most sounds
WORDS = 3  # exercises named with a sound
_PULL = 3  # times by which a day's share is pulled to that of all days


class Group(StrEnum):
    PRACTISE = "practise"
    IMPROVING = "improving"
    GOOD = "good"


class Trend(StrEnum):
    UP = "up"
    SAME = "same"
    DOWN = "down"
    NEW = "new"


@dataclass(frozen=True)
class Tally:
    """How often a sound went well and wrong; what nobody was sure of is neither."""

    right: int = 0
    wrong: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.wrong + other.wrong)

    @property
    def judged(self) -> int:
        return self.right + self.wrong

    @property
    def failing(self) -> float:
        """The share that went wrong, small numbers pulled to one in ten."""
        return (self.wrong + 1) / (self.judged + 10)


@dataclass(frozen=True)
class Feather:
    """One day in the picture, drawn from (x, y) down to the ground."""

    x: int
    height: int

    @property
    def y(self) -> int:
        return Picture.HEIGHT - self.height

    @property
    def path(self) -> str:
        """Round at the tip, narrow at the quill."""
        x, y, tip = self.x, self.y, Picture.HEIGHT - 3
        side = f"C{x + 10} {y} {x + 10} {tip - 2} {x + 5} {tip}"
        return f"M{x + 5} {y}{side}C{x} {tip - 2} {x} {y} {x + 5} {y}Z"

    @property
    def quill(self) -> str:
        return f"M{self.x + 5} {self.y + 5}V{Picture.HEIGHT}"


class Picture:
    """Feathers side by side, one a day: the better the day, the taller."""

    HEIGHT, LEAST, STEP = 44, 12, 13

    def __init__(self, shares: Sequence[float]) -> None:
        room = self.HEIGHT - self.LEAST - 1
        self.feathers = tuple(
            Feather(at * self.STEP + 1, self.LEAST + round(room * share))
            for at, share in enumerate(shares)
        )

    @property
    def width(self) -> int:
        return self.STEP * DAYS

    @property
    def path(self) -> str:
        """All feathers."""
        return "".join(feather.path for feather in self.feathers)

    @property
    def quills(self) -> str:
        return "".join(feather.quill for feather in self.feathers)


@dataclass(frozen=True)
class Example:
    """A word with the letters of a sound apart: ('sh', 'i', 'p')."""

    before: str
    letters: str
    after: str
    emoji: str = ""


@dataclass(frozen=True)
class Sound:
    """A sound as its learner sees it; `days` from the first to the last."""

    phone: str
    days: tuple[tuple[date, Tally], ...]
    practice: tuple[Practice, ...] = ()  # everything that holds it, the best to say first

    @property
    def words(self) -> tuple[Practice, ...]:
        return self.practice[:WORDS]

    @cached_property
    def now(self) -> Tally:
        """The last days, until RECENT times are together."""
        return self._parts[0]

    @cached_property
    def before(self) -> Tally:
        return self._parts[1]

    @cached_property
    def _parts(self) -> tuple[Tally, Tally]:
        now, before = Tally(), Tally()
        for _day, tally in reversed(self.days):
            if now.judged < RECENT:
                now += tally
            else:
                before += tally
        return now, before

    @property
    def known(self) -> bool:
        return self.now.judged >= LEAST

    @cached_property
    def trend(self) -> Trend:
        if self.before.judged < LEAST:
            return Trend.NEW
        change = self.before.failing - self.now.failing
        if abs(change) < CHANGE:
            return Trend.SAME
        return Trend.UP if change > 0 else Trend.DOWN

    @cached_property
    def group(self) -> Group:
        if self.now.failing < FAILING:
            return Group.GOOD
        return Group.IMPROVING if self.trend is Trend.UP else Group.PRACTISE

    @cached_property
    def picture(self) -> Picture:
        all_days = sum((tally for _, tally in self.days), Tally())
        share = all_days.right / all_days.judged
        return Picture(
            [
                (tally.right + _PULL * share) / (tally.judged + _PULL)
                for _, tally in self.days[-DAYS:]
            ]
        )

    @property
    def says(self) -> str:
        """The picture in words."""
        counts = {"right": self.now.right, "judged": self.now.judged}
        if self.trend is Trend.NEW:
            return _("Bien %(right)d de %(judged)d veces.") % counts
        counts |= {"right_before": self.before.right, "judged_before": self.before.judged}
        says = _(
            "Bien %(right)d de %(judged)d veces; antes, %(right_before)d de %(judged_before)d."
        )
        return f"{says % counts} {_(TRENDS[self.trend])}"

    @property
    def name(self) -> str:
        return PHONES[self.phone].name

    @property
    def ipa(self) -> str:
        return PHONES[self.phone].ipa

    @cached_property
    def example(self) -> Example:
        """A word of the lessons with a picture, its letters as few as can be; else its own."""
        own = _example(PHONES[self.phone].english, self.phone)
        pictured = (
            _example(each.words[0], self.phone, each.emoji)
            for each in self.practice
            if each.single and each.emoji
        )
        return min(pictured, key=lambda each: len(each.letters), default=own)


TRENDS = {
    Trend.UP: gettext_noop("¡Vas mejorando!"),
    Trend.SAME: gettext_noop("Sigue igual."),
    Trend.DOWN: gettext_noop("Últimamente te cuesta un poco más."),
}


@dataclass(frozen=True)
class Shelf:
    """The sounds of one group, the one to look at first in front."""

    title: str
    emoji: str
    says: str
    sounds: tuple[Sound, ...]


@dataclass(frozen=True)
class MySounds:
    """All of a learner's sounds."""

    sounds: tuple[Sound, ...]  # judged often enough
    few: tuple[Sound, ...]  # not yet

    @property
    def shelves(self) -> tuple[Shelf, ...]:
        made = []
        for group in Group:
            title, emoji, says = SHELVES[group]
            made.append(Shelf(_(title), emoji, _(says), self.of(group)))
        return tuple(shelf for shelf in made if shelf.sounds)

    def of(self, group: Group) -> tuple[Sound, ...]:
        chosen = [sound for sound in self.sounds if sound.group is group]
        return tuple(sorted(chosen, key=lambda sound: (-sound.now.failing, sound.phone)))


SHELVES = {
    Group.PRACTISE: (
        gettext_noop("Para practicar"),
        "🎯",
        gettext_noop("Los que más se te resisten. Empieza por el primero."),
    ),
    Group.IMPROVING: (
        gettext_noop("Vas mejorando"),
        "🌱",
        gettext_noop("Cada vez te salen mejor. ¡Sigue así!"),
    ),
    Group.GOOD: (gettext_noop("Ya te salen"), "🌟", gettext_noop("Estos ya los dices muy bien.")),
}


def my_sounds(profile: Profile | None, practice: bool = True) -> MySounds:
    """What was counted for a learner; with `practice`, exercises of the published courses too."""
    days = _days(profile) if profile else {}
    holding = practices(profile, days) if profile and days and practice else {}
    sounds = [
        Sound(phone, tuple(found), tuple(holding.get(phone, ())))
        for phone, found in sorted(days.items())
    ]
    return MySounds(
        tuple(sound for sound in sounds if sound.known),
        tuple(sound for sound in sounds if not sound.known),
    )


def _days(profile: Profile) -> dict[str, list[tuple[date, Tally]]]:
    """By sound the days on which it was judged; long ago is one day, as far as it matters."""
    judged = SoundCount.objects.filter(Q(right__gt=0) | Q(wrong__gt=0), profile=profile)
    last = judged.aggregate(Max("day"))["day__max"]
    if last is None:
        return {}
    days = _since(judged, last - timedelta(days=LATE_DAYS))
    rare = [phone for phone, found in days.items() if not _enough(found[1:])]
    return days | _since(judged.filter(phone__in=rare), date.min)


def _since(judged: QuerySet[SoundCount], since: date) -> dict[str, list[tuple[date, Tally]]]:
    """By sound its days, those before `since` as one."""
    late = Case(When(day__gte=since, then="day"), default=None)
    rows = judged.annotate(late=late).values_list("phone", "late")
    # Sorted here: PostgreSQL takes longer to sort rows by their text than over all the rest.
    sums = rows.annotate(Sum("right"), Sum("wrong"), Min("day")).order_by()
    days: dict[str, list[tuple[date, Tally]]] = {}
    for phone, _late, right, wrong, day in sums:
        days.setdefault(phone, []).append((day, Tally(right, wrong)))
    for found in days.values():
        found.sort(key=itemgetter(0))
    return days


def _enough(days: Sequence[tuple[date, Tally]]) -> bool:
    """Whether nothing of what came before has to be known day by day."""
    return len(days) >= DAYS and sum(tally.judged for _, tally in days) >= RECENT


def _example(word: str, phone: str, emoji: str = "") -> Example:
    """`word` holds the sound as it is usually said."""
    phones = lexicon.pronunciations(word)[0].phones
    start, end = letters_of(word, phones)[phones.index(phone)]
    return Example(word[:start], word[start:end], word[end:], emoji)
