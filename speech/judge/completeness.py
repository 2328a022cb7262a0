"""What a take has beyond its text: words said once more, and words that were added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

from torch import Tensor

from speech.alignment import align
from speech.findings import AddedWords, WordFinding
from speech.judge.evidence import Evidence, likelihoods, symbols
from speech.phones import is_vowel

Words = Sequence[Sequence[str]]

# Chosen on `dev`: python -m speech.recipes.phonetic_rnnt.suite_reading --part dev
REPEATED = 0.7  # nats a phone by which the take must be likelier with words said again ...
REPEATED_AT_LEAST = 3.0  # ... and in all
ADDED = 2.0  # nats a phone that phones gain which the text does not have
DROPPED = 5.0  # nats a take gains without a final s that was not said
LENGTH_COSTS = 1.0  # nats a phone by which a longer run must be likelier than a shorter one
LEAST_PHONES = 2
MOST_PHONES = 8
SHORT = 3  # phones of a word that a part of another is taken for
SLACK = 2  # phones by which an alignment may miss where a word ends
LONGEST_RUN = 4  # words that are said again together, unless from the beginning
MOST_ROUNDS = 4  # places where somebody may start again


class Beyond(NamedTuple):
    """What a take has more than its text."""

    order: list[int]  # of the words as they were said, repeated ones several times
    added: tuple[AddedWords, ...]


def beyond(log_probs: Tensor, heard: Sequence[str], words: Words) -> Beyond:
    """(T, V) log posteriors, T enough for the words' phones, and the freely decoded phones.

    A short word that was said again right beside added phones is but a piece of them: 'the
    beautiful garden' is not 'the' twice.
    """
    said = order(log_probs, words)
    found = added(log_probs, heard, words, said)
    pieces = {
        each.after
        for each in found
        if said.count(each.after) > 1 and len(words[each.after]) <= SHORT
    }
    if pieces:
        said = [at for place, at in enumerate(said) if at not in pieces or at not in said[:place]]
        found = added(log_probs, heard, words, said)
    return Beyond(said, found)


def order(log_probs: Tensor, words: Words) -> list[int]:
    """The words of the text in the order in which they were said, repeated ones several times.

    (T, V) log posteriors, T enough for the words' phones. Of all runs of words that could have
    been said once more right after themselves the one that makes the take likeliest is put in,
    and again until none gains enough.
    """
    said = list(range(len(words)))
    usual = _likelihoods(log_probs, words, [said])[0]
    for _ in range(MOST_ROUNDS):
        if len(log_probs) < 2 * sum(len(words[at]) for at in said):
            break
        runs = list(_runs(said))
        longer = [[*said[:end], *said[start:end], *said[end:]] for start, end in runs]
        scores = _likelihoods(log_probs, words, longer)
        gains = [
            (score - usual, place)
            for place, (score, (start, end)) in enumerate(zip(scores, runs, strict=True))
            if score - usual
            >= max(REPEATED_AT_LEAST, REPEATED * sum(len(words[at]) for at in said[start:end]))
        ]
        if not gains:
            break
        gain, place = max(gains)
        said, usual = longer[place], usual + gain
    return said


def added(
    log_probs: Tensor, heard: Sequence[str], words: Words, said: Sequence[int]
) -> tuple[AddedWords, ...]:
    """Runs of freely decoded phones between words that neither the text nor a repeat explains.

    `said` is `order`'s. Around where the alignment puts each end of a word, every run of heard
    phones is tried that has a vowel and LEAST_PHONES phones; the one that makes the take likeliest
    is put in, and again until none gains ADDED nats a phone.
    """
    spoken: list[tuple[int, Sequence[str]]] = [(at, words[at]) for at in said]  # -1: added
    for _ in range(MOST_ROUNDS):
        flat = [phone for _, phones in spoken for phone in phones]
        tried = [
            (place, run) for place, column in _ends(spoken, heard) for run in _around(heard, column)
        ]
        if not tried or len(log_probs) < len(flat) + 2 * MOST_PHONES:
            break
        ends = [sum(len(phones) for _, phones in spoken[:at]) for at in range(len(spoken) + 1)]
        sequences = [[*flat[: ends[at]], *run, *flat[ends[at] :]] for at, run in tried]
        own, *scores = likelihoods(log_probs, [symbols(s) for s in (flat, *sequences)]).tolist()
        score, number = max(
            (score - LENGTH_COSTS * len(run), number)
            for number, (score, (_, run)) in enumerate(zip(scores, tried, strict=True))
        )
        place, run = tried[number]
        if score - own < (ADDED - LENGTH_COSTS) * len(run):
            break
        spoken.insert(place, (-1, run))
    out = []
    after = -1
    for at, phones in spoken:
        if at >= 0:
            after = at
        else:
            out.append(AddedWords(after, tuple(phones)))
    return tuple(out)


def _ends(
    spoken: Sequence[tuple[int, Sequence[str]]], heard: Sequence[str]
) -> Iterator[tuple[int, int]]:
    """(place, heard phones up to it) of every end of a word that an extra phone is near to."""
    reference = [phone for _, phones in spoken for phone in phones]
    columns = {-1: 0}  # phone of the reference -> heard phones up to it
    extra: list[int] = []
    column = 0
    for pair in align(reference, heard):
        column += pair.heard is not None
        if pair.ref is None:
            extra.append(column)
        else:
            columns[pair.ref] = column
    ends = accumulate((len(phones) for _, phones in spoken), initial=0)
    for place, end in enumerate(ends):
        column = columns[end - 1]
        if any(abs(column - at) <= 2 * SLACK for at in extra):
            yield place, column


def _around(heard: Sequence[str], column: int) -> Iterator[tuple[str, ...]]:
    """Runs of heard phones that begin about a place, of two and more."""
    for start in range(max(0, column - SLACK), min(column + SLACK, len(heard)) + 1):
        for end in range(start + LEAST_PHONES, min(start + MOST_PHONES, len(heard)) + 1):
            if any(map(is_vowel, heard[start:end])):
                yield tuple(heard[start:end])


def dropped(evidence: Evidence, at: int) -> float:
    """Nats that the take gains without reference phone `at`; DROPPED for a final s left out."""
    return float(evidence.deleted[at] - evidence.total)


def with_repeats(words: Sequence[WordFinding], said: Sequence[int]) -> list[WordFinding]:
    """The findings, with how often each word was said once more."""
    return [replace(word, repeats=said.count(at) - 1) for at, word in enumerate(words)]


def _runs(said: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(start, end) of what may be said again: short runs, and any from the beginning."""
    for end in range(1, len(said) + 1):
        for start in {0, *range(max(0, end - LONGEST_RUN), end)}:
            yield start, end


def _likelihoods(log_probs: Tensor, words: Words, orders: Sequence[Sequence[int]]) -> list[float]:
    flat = [symbols([phone for at in said for phone in words[at]]) for said in orders]
    found: list[float] = likelihoods(log_probs, flat).tolist()
    return found
