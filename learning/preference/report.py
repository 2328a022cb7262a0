"""What the votes say, and what they do not say yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from django.db.models import QuerySet

from learning.models import Trial
from learning.preference.design import CONDITIONS
from learning.preference.statistics import Interval, bootstrap, sign_test, wilson

# Below, no conclusion is drawn.
ENOUGH_PERSONS, ENOUGH_VOTES = 20, 200
COLUMNS = ("voice", "person", "position", "passage", "first", "second", "choice", "preferred")


@dataclass(frozen=True)
class Pair:
    """The votes on two conditions, in either order; `persons` has (wins, losses) of each."""

    left: Trial.Condition
    right: Trial.Condition
    same: int
    skipped: int
    persons: tuple[tuple[int, int], ...]

    @cached_property
    def wins(self) -> int:
        return sum(wins for wins, _ in self.persons)

    @cached_property
    def losses(self) -> int:
        return sum(losses for _, losses in self.persons)

    @property
    def decided(self) -> int:
        return self.wins + self.losses

    @property
    def answered(self) -> int:
        return self.decided + self.same

    @property
    def share(self) -> float:
        """Of the decided votes, those for the left one."""
        return self.wins / self.decided if self.decided else 0.5

    @property
    def shares(self) -> tuple[float, float, float]:
        """Of the answers: for the left one, no difference, for the right one."""
        return tuple(n / (self.answered or 1) for n in (self.wins, self.same, self.losses))  # type: ignore[return-value]

    @property
    def wilson(self) -> Interval:
        return wilson(self.wins, self.decided)

    @cached_property
    def bootstrap(self) -> Interval | None:
        return bootstrap(self.persons)

    @property
    def p_votes(self) -> float:
        return sign_test(self.wins, self.losses)

    @property
    def p_persons(self) -> float:
        """The same with every person counted once, for what they chose more often."""
        more = Counter((wins > losses) - (wins < losses) for wins, losses in self.persons)
        return sign_test(more[1], more[-1])

    @property
    def preferred(self) -> Trial.Condition | None:
        """What is preferred, if the interval over persons leaves out the middle."""
        found = self.bootstrap
        if found is None or found.low <= 0.5 <= found.high:
            return None
        return self.left if found.low > 0.5 else self.right


@dataclass(frozen=True)
class Report:
    pairs: tuple[Pair, ...]
    persons: int  # who answered anything
    votes: int  # decided or 'no difference'
    skipped: int
    first: int  # decided for what was heard first
    decided: int

    @property
    def is_enough(self) -> bool:
        return self.persons >= ENOUGH_PERSONS and self.votes >= ENOUGH_VOTES

    @property
    def first_share(self) -> float:
        return self.first / self.decided if self.decided else 0.5

    @property
    def first_wilson(self) -> Interval:
        return wilson(self.first, self.decided)


def voted(voice: str) -> QuerySet[Trial]:
    """Every vote on a version of the voice, by person and as they came."""
    votes = Trial.objects.filter(participant__voice=voice).exclude(choice="")
    return votes.select_related("participant").order_by("participant__number", "position")


def report(votes: Sequence[Trial]) -> Report:
    answered = [each for each in votes if each.choice != Trial.Choice.SKIPPED]
    decided = [each for each in answered if each.preferred]
    return Report(
        pairs=tuple(_pair(left, right, votes) for left, right in combinations(CONDITIONS, 2)),
        persons=len({each.participant_id for each in answered}),
        votes=len(answered),
        skipped=len(votes) - len(answered),
        first=sum(each.choice == Trial.Choice.FIRST for each in decided),
        decided=len(decided),
    )


def _pair(left: Trial.Condition, right: Trial.Condition, votes: Sequence[Trial]) -> Pair:
    of_pair = [each for each in votes if {each.first, each.second} == {left, right}]
    choices = Counter(each.choice for each in of_pair)
    persons: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for each in of_pair:
        if each.preferred:
            persons[each.participant_id][each.preferred == right] += 1
    return Pair(
        left,
        right,
        same=choices[Trial.Choice.SAME],
        skipped=choices[Trial.Choice.SKIPPED],
        persons=tuple((wins, losses) for wins, losses in persons.values()),
    )


def rows(votes: Sequence[Trial]) -> Iterator[list[object]]:
    """The votes as a table, headings first: no account, no time finer than a day."""
    yield [*COLUMNS, "seconds", "day"]
    for each in votes:
        person = each.participant
        about = [person.voice, person.number + 1, each.position + 1, each.passage]
        chosen = [each.first, each.second, each.choice, each.preferred]
        seconds = "" if each.seconds is None else round(each.seconds, 1)
        yield [*about, *chosen, seconds, f"{each.voted_at:%Y-%m-%d}" if each.voted_at else ""]
