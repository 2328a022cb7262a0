"""The narrator's text front end: a text to sentences, their words and the phones of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from speech.errors import SpeechError
from speech.narrator import heteronyms, reading, spanish_in_english
from speech.narrator.clauses import Marks, marks
from speech.narrator.clean import Cleaned, clean
from speech.narrator.spoken import MAX_CHARS
from speech.narrator.tokens import Token, tokens
from speech.phones import is_vowel
from speech.pronunciation import Pronunciation

LONGEST = 40  # words said in one sentence; a longer one is broken
_SOON = 20  # where a long sentence is best broken, so that the first audio comes quickly
_CONJUNCTIONS = frozenset(
    "and but because so or while when which who if then until although though after before where"
    " y pero porque cuando".split()
)
_WH = frozenset(
    "what who whom whose where when why how which what's who's where's how's qué quién quiénes"
    " dónde cuándo cómo cuál cuáles cuánto cuánta cuántos cuántas".split()
)
_LEAD_IN = frozenset("and but so well oh then or now yes no y pero por en de a con".split())
PAUSES = {".": 0.45, "?": 0.5, "!": 0.5, "...": 0.6, ",": 0.2, "": 0.1}  # seconds
PARAGRAPH_S = 0.9
BEFORE_SPEECH_S = 0.1  # more


@dataclass(frozen=True)
class Word:
    """A word as written, and the phones that are said for it."""

    text: str  # text[at:to] of the whole input
    at: int
    to: int
    phones: tuple[str, ...]  # of INVENTORY; several spoken words of one token joined
    stress: tuple[int, ...]  # for each phone: 0 consonant or unstressed vowel, 1 primary, 2 second
    starts: tuple[int, ...]  # places in phones where a spoken word begins
    spanish: bool
    quoted: bool  # direct speech
    after: str  # "" | "," (a short pause) | "." | "?" | "!" | "..."


@dataclass(frozen=True)
class Sentence:
    """What is said in one breath group, and the silence that belongs after it."""

    words: tuple[Word, ...]
    kind: str  # "statement" | "question" (wh) | "yes_no" | "exclamation"
    pause_s: float


class _Item(NamedTuple):
    token: Token
    marks: Marks
    at: int  # in the text as given
    to: int
    opened: bool  # between ¿ or ¡ and their end


def sentences(text: str) -> list[Sentence]:
    """A text of up to 50,000 characters -> its sentences with phones of `speech.phones.INVENTORY`.

    English with Spanish words in it, or Spanish. Numbers, dates, abbreviations, units, addresses
    and emoji are said in words; HTML tags are not; letters of other scripts are announced ("greek
    word"); every letter and digit outside of tags belongs to some word. Raises
    SpeechError("nothing_to_say") where nothing can be said, ("text_too_long") above the limit.
    """
    return list(one_by_one(text))


def one_by_one(text: str) -> Iterator[Sentence]:
    """As `sentences`, each read when it is asked for. Raises at once."""
    if len(text) > MAX_CHARS:
        raise SpeechError("text_too_long", f"{len(text)} characters")
    cleaned = clean(text)
    items = _items(cleaned)
    first = next(items, None)
    if first is None:
        raise SpeechError("nothing_to_say")
    return _sentences(text, cleaned.text, first, items)


def _sentences(text: str, cleaned: str, first: _Item, rest: Iterator[_Item]) -> Iterator[Sentence]:
    items = [first]
    for following in rest:
        if items[-1].marks.ends:
            yield from _broken(_read(text, cleaned, items), _pause(items[-1].marks, following))
            items = []
        items.append(following)
    yield from _broken(_read(text, cleaned, items), _pause(items[-1].marks, None))


def _items(cleaned: Cleaned) -> Iterator[_Item]:
    last: _Item | None = None
    opened = False
    done = 0
    for token, mark in marks(cleaned.text, tokens(cleaned.text)):
        gap = cleaned.text[done : token.start]
        opened = (opened or "¿" in gap or "¡" in gap) and not (last and _closes(last, gap))
        done = token.end
        at, to = cleaned.at[token.start], cleaned.to[token.end - 1]
        if last and at < last.to:  # one character that stands for two words
            said = replace(last.token, said=last.token.said + token.said)
            last = last._replace(token=said, marks=mark, to=max(to, last.to))
            continue
        if last:
            yield last
        last = _Item(token, mark, at, to, opened)
    if last:
        yield last


def _closes(item: _Item, gap: str) -> bool:
    return item.marks.after in ("?", "!", ".") and "¿" not in gap and "¡" not in gap


def _pause(last: Marks, following: _Item | None) -> float:
    if last.paragraph:
        return PARAGRAPH_S
    speech = following is not None and following.marks.quoted and not last.quoted
    return round(PAUSES[last.after] + (BEFORE_SPEECH_S if speech else 0.0), 2)


def _read(text: str, cleaned: str, items: Sequence[_Item]) -> list[Word]:
    """The words of one sentence, made from the last: 'the' depends on the sound that follows."""
    lower = [cleaned[item.token.start : item.token.end].lower() for item in items]
    spanish = spanish_in_english.spanish_places(
        [_spelling(item.token, word) for item, word in zip(items, lower, strict=True)],
        [item.opened for item in items],
    )
    found: list[Word] = []
    for place in range(len(items) - 1, -1, -1):
        said: list[Pronunciation] = []
        if spanish[place]:
            linked = place > 0 and not items[place - 1].marks.after
            linked = linked and spanish[place - 1] and lower[place - 1][-1] in "aeiouáéíóú"
            said = _in_spanish(_spelling(items[place].token, lower[place]), linked)
        in_spanish = bool(said)
        if not said:
            follows = found[-1].phones[0] if found else ""
            begins = place == 0 or items[place - 1].marks.after != ""
            said = _in_english(items[place], heteronyms.Context(lower, place), begins, follows)
        found.append(_word(text, items[place], said, in_spanish))
    return found[::-1]


def _spelling(token: Token, written: str) -> str:
    """What may be Spanish of a token: a word, a number in figures; '' for all else."""
    if token.kind in ("word", "abbreviation") and len(token.said) == 1:
        return token.said[0]
    return written if written.isdecimal() else ""


def _in_spanish(word: str, linked: bool) -> list[Pronunciation]:
    try:
        return [spanish_in_english.pronunciation(word, linked)]
    except SpeechError:
        return []


def _in_english(
    item: _Item, context: heteronyms.Context, begins: bool, follows: str
) -> list[Pronunciation]:
    """What is said for a token; whether it `begins` a phrase, and the phone that `follows`."""
    if item.token.kind == "word" and (written := heteronyms.reading(context)):
        return [reading.written(written)]
    words = item.token.said
    found: list[Pronunciation] = []
    for at in range(len(words) - 1, -1, -1):
        word, last = words[at], at + 1 == len(words)
        before = words[at - 1] if at else "" if begins else context.word(-1)
        clearly = item.token.kind in ("address", "initials")
        phrase_end = last and (item.marks.after != "" or not context.word(1))
        said: Pronunciation | None = None
        if not (phrase_end or clearly):
            following = context.word(1) if last else words[at + 1]
            phone = follows if last else found[-1].phones[0]
            said = reading.connected(word, before, following, bool(phone) and is_vowel(phone))
        elif phrase_end and word.lower() in reading.PRONOUNS and context.word(-1):
            said = reading.unstressed(word.lower())
        found.append(said or reading.usual_of(word))
    return found[::-1]


def _word(text: str, item: _Item, said: Sequence[Pronunciation], spanish: bool) -> Word:
    phones: tuple[str, ...] = ()
    stress: tuple[int, ...] = ()
    starts: list[int] = []
    for each in said:
        starts.append(len(phones))
        phones += each.phones
        stress += reading.digits(each)
    return Word(
        text=text[item.at : item.to],
        at=item.at,
        to=item.to,
        phones=phones,
        stress=stress,
        starts=tuple(starts),
        spanish=spanish,
        quoted=item.marks.quoted,
        after=item.marks.after,
    )


def _kind(words: Sequence[Word]) -> str:
    """By the last mark, and for questions by the question word at the start."""
    if words[-1].after == "!":
        return "exclamation"
    if words[-1].after != "?":
        return "statement"
    begins = True
    for word in words:
        lower = word.text.lower().replace("’", "'")
        if begins and lower in _WH:
            return "question"
        begins = word.after != "" or (begins and lower in _LEAD_IN)
    return "yes_no"


def _broken(words: list[Word], pause_s: float) -> Iterator[Sentence]:
    """The sentence; in parts of at most LONGEST spoken words where it is longer."""
    left = sum(len(word.starts) for word in words)
    start = 0
    while left > LONGEST and len(words) - start > 1:
        part = words[start : start + _cut(words[start : start + LONGEST + 1])]
        yield Sentence(tuple(part), "statement", PAUSES[part[-1].after])
        left -= sum(len(word.starts) for word in part)
        start += len(part)
    yield Sentence(tuple(words[start:]), _kind(words), pause_s)


def _cut(words: Sequence[Word]) -> int:
    """Where to break: after a mark, else before a conjunction, near _SOON; else at LONGEST."""
    best, cost = 1, float("inf")
    said = 0
    for at, word in enumerate(words[:-1], 1):
        said += len(word.starts)
        if said > LONGEST:
            break
        if word.after:
            price = abs(said - _SOON)
        elif words[at].text.lower() in _CONJUNCTIONS:
            price = abs(said - _SOON) + 8
        else:
            price = 100 - said
        if price < cost and (said >= 5 or price >= 60):
            best, cost = at, price
    return best
