"""From what the engine found to what a learner is told: pure functions, no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessment import insertions, stress
from assessment.tips import Hint, Pair, Tip, named, tips
from learning import progress
from speech.findings import (
    AddedWords,
    Fluency,
    Pause,
    PhoneFinding,
    StressFinding,
    SyllableFinding,
    TakeFinding,
    Verdict,
    WordFinding,
)

MOST = 3  # tips for one take
GOOD = 0.75  # score from which a right sound may be praised
LOST = 0.5  # share of words not heard from which the take is not what was asked
# What Spanish speakers find hard and makes most difference, first: worth praise, and worth a tip.
HARD = tuple("IH IY R TH V Z HH DH AE AH ER SH JH Y W NG UH UW D T CH B P K G".split())
_SPANISH_LETTERS = {"TH": "z", "NG": "n", "W": "u", "Y": "i"}
_FAMILIAR = 0.85  # weight of sounds that are not hard
_NEAR = 0.5
_REPEATED = 0.15  # more for each further time


class Outcome(StrEnum):
    """How the take went as a whole."""

    ALL_RIGHT = "all_right"
    ALMOST = "almost"  # nothing wrong, something unsure
    ONE_WRONG = "one_wrong"
    SOME_WRONG = "some_wrong"
    MANY_WRONG = "many_wrong"
    LANGUAGE_SWITCH = "language_switch"  # Spanish from some word on
    OTHER_TEXT = "other_text"
    OTHER_LANGUAGE = "other_language"
    NOT_SPEECH = "not_speech"  # music, laughter, noise

    @property
    def untold(self) -> bool:
        """Whether nothing can be told of the sounds of the text."""
        return self in (Outcome.OTHER_TEXT, Outcome.OTHER_LANGUAGE, Outcome.NOT_SPEECH)


SAYS = {
    Outcome.ALL_RIGHT: gettext_noop("¡Perfecto! Todos los sonidos salieron bien."),
    Outcome.ALMOST: gettext_noop("¡Muy bien! No encontramos nada que corregir."),
    Outcome.ONE_WRONG: gettext_noop("¡Casi! Solo hay un sonido que corregir."),
    Outcome.SOME_WRONG: gettext_noop("Buen intento. Hay {red} sonidos que corregir."),
    Outcome.MANY_WRONG: gettext_noop(
        "Vamos por partes. Escucha cómo suena despacio y empieza por esto."
    ),
    Outcome.LANGUAGE_SWITCH: gettext_noop(
        "Una parte sonó en español. Lee todo el texto en inglés."
    ),
    Outcome.OTHER_TEXT: gettext_noop(
        "Parece que leíste otra cosa. Lee el texto que ves en pantalla."
    ),
    Outcome.OTHER_LANGUAGE: gettext_noop(
        "Parece que hablaste en español. Lee en inglés el texto que ves."
    ),
    Outcome.NOT_SPEECH: gettext_noop(
        "No hemos oído a nadie leer, solo música, risas o ruido. Prueba otra vez."
    ),
}
# Told by the engine, in its notes; the others are counted from the verdicts.
NOTED = (
    Outcome.NOT_SPEECH,
    Outcome.OTHER_LANGUAGE,
    Outcome.OTHER_TEXT,
    Outcome.LANGUAGE_SWITCH,
)
WORD_LEFT_OUT = {
    Outcome.ONE_WRONG: gettext_noop("¡Casi! Solo faltó una palabra."),
    Outcome.SOME_WRONG: gettext_noop("Buen intento. Hay {red} cosas que corregir."),
}
STRESS_ASIDE = {
    Outcome.ONE_WRONG: gettext_noop(
        "¡Casi! Los sonidos están bien; solo falta poner la fuerza en su sitio."
    ),
    Outcome.SOME_WRONG: WORD_LEFT_OUT[Outcome.SOME_WRONG],
}


@dataclass(frozen=True)
class Place:
    """Where in the take: the word, and which of its sounds (None for the whole word)."""

    word: int
    text: str
    sound: int | None = None
    letters: str = ""


@dataclass(frozen=True)
class Advice:
    """One thing to tell: what was heard, and what to do about it."""

    verdict: Verdict
    phone: str | None  # None for a sound that was added, and for a whole word
    said: str | None
    severity: float  # 0..1 and a little more for what comes again
    heard: str
    fix: str
    places: tuple[Place, ...]
    tip: Tip | None = None
    pair: Pair | None = None

    @property
    def place(self) -> Place:
        return self.places[0]

    @property
    def also(self) -> tuple[str, ...]:
        """The other words with the same thing."""
        others = dict.fromkeys(place.text for place in self.places)
        return tuple(text for text in others if text != self.place.text)

    @property
    def how(self) -> tuple[str, ...]:
        """What to do with the mouth, unless `fix` already says it all."""
        how = self.tip.how if self.tip else ()
        return () if " ".join(how) == self.fix else how

    @property
    def taught(self) -> bool:
        """Whether its words are those of the tips: in Spanish, whatever the page speaks."""
        return self.tip is not None or self.said is not None

    @property
    def soft(self) -> bool:
        return self.verdict is Verdict.UNSURE


@dataclass(frozen=True)
class Diagnosis:
    """Everything to tell about one take."""

    outcome: Outcome
    says: str
    praise: str
    advice: tuple[Advice, ...]


def take_of(findings: Mapping[str, Any]) -> TakeFinding:
    """The typed finding of its JSON form; keys of another version are left out."""
    words = tuple(_word_of(word) for word in findings["words"])
    rest = _known(TakeFinding, findings) | {"words": words}
    for name in ("heard", "notes"):
        rest[name] = tuple(rest.get(name, ()))
    rest["added"] = tuple(
        AddedWords(each["after"], tuple(each["phones"])) for each in rest.get("added", ())
    )
    if rest.get("fluency"):
        rest["fluency"] = _fluency_of(rest["fluency"])
    return TakeFinding(**rest)


def _fluency_of(data: Mapping[str, Any]) -> Fluency:
    pauses = tuple(Pause(**_known(Pause, each)) for each in data["pauses"])
    return Fluency(**_known(Fluency, data) | {"pauses": pauses})


def _word_of(data: Mapping[str, Any]) -> WordFinding:
    return WordFinding(
        **_known(WordFinding, data)
        | {
            "verdict": Verdict(data["verdict"]),
            "phones": tuple(
                PhoneFinding(**_known(PhoneFinding, p) | {"verdict": Verdict(p["verdict"])})
                for p in data.get("phones", ())
            ),
            "syllables": tuple(
                SyllableFinding(s["text"], Verdict(s["verdict"])) for s in data.get("syllables", ())
            ),
            "stress": _stress_of(data["stress"]) if data.get("stress") else None,
        }
    )


def _stress_of(data: Mapping[str, Any]) -> StressFinding:
    return StressFinding(**_known(StressFinding, data) | {"verdict": Verdict(data["verdict"])})


def _known(kind: type[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in data.items() if name in names}


def diagnose(take: TakeFinding) -> Diagnosis:
    """Outcome, praise and at most MOST pieces of advice, the most useful first."""
    outcome = outcome_of(take)
    sentences = SAYS
    if any(word.verdict is Verdict.MISSING for word in take.words):
        sentences = SAYS | WORD_LEFT_OUT
    elif any(stress.verdict(word).is_red for word in take.words):
        sentences = SAYS | STRESS_ASIDE
    says = _(sentences[outcome]).format(red=_red(take))
    if outcome.untold:
        return Diagnosis(outcome, says, "", ())
    most = MOST - 1 if outcome is Outcome.MANY_WRONG else MOST
    advice = advise(take, most)
    if outcome is Outcome.LANGUAGE_SWITCH:
        advice = tuple(each for each in advice if not each.soft)
    return Diagnosis(outcome, says, praise(take), advice)


def score_of(take: TakeFinding) -> float:
    """What the take counts for, 0..1: progress.GOOD or more when nothing is red, else less."""
    accuracy = min(1.0, max(0.0, take.accuracy))
    if outcome_of(take) in (Outcome.ALL_RIGHT, Outcome.ALMOST):
        return progress.GOOD + (1 - progress.GOOD) * accuracy
    return min(progress.GOOD * accuracy, progress.GOOD - 0.01)


def outcome_of(take: TakeFinding) -> Outcome:
    missing = sum(word.verdict is Verdict.MISSING for word in take.words)
    for outcome in NOTED:
        if outcome in take.notes:
            return outcome
    if take.words and missing / len(take.words) > LOST:
        return Outcome.OTHER_TEXT
    red = _red(take)
    sounds = sum(phone.phone is not None for word in take.words for phone in word.phones)
    if red == 0:
        verdicts = [p.verdict for word in take.words for p in word.phones]
        verdicts += [stress.verdict(word) for word in take.words]
        return Outcome.ALMOST if Verdict.UNSURE in verdicts else Outcome.ALL_RIGHT
    if red == 1:
        return Outcome.ONE_WRONG
    return Outcome.MANY_WRONG if red >= 4 and 2 * red >= sounds else Outcome.SOME_WRONG


def _red(take: TakeFinding) -> int:
    """How many sounds went wrong; a word that was left out counts as one, so does its stress."""
    return sum(
        1
        if word.verdict is Verdict.MISSING
        else sum(p.verdict.is_red for p in word.phones) + stress.verdict(word).is_red
        for word in take.words
    )


def sounds_of(take: TakeFinding) -> Iterator[tuple[str, Verdict]]:
    """The sounds that were asked for and said or tried; nothing of a take of another text."""
    if outcome_of(take).untold:
        return
    for word in take.words:
        if word.verdict is not Verdict.MISSING:
            yield from ((p.phone, p.verdict) for p in word.phones if p.phone is not None)


def advise(take: TakeFinding, most: int = MOST) -> tuple[Advice, ...]:
    """The most useful advice first, one for each sound; a soft hint only where nothing is red."""
    found = [each for at, word in enumerate(take.words) for each in _of_word(at, word)]
    red = _merged(each for each in found if not each.soft)
    if red:
        return _one_each(red)[:most]
    return _one_each(_merged(each for each in found if each.soft))[:1]


def _of_word(at: int, word: WordFinding) -> Iterator[Advice]:
    if word.verdict is Verdict.MISSING:
        yield Advice(
            verdict=Verdict.MISSING,
            phone=None,
            said=None,
            severity=1.2,
            heard=_("Esta palabra no se oyó."),
            fix=_("Lee la frase otra vez, despacio, sin saltarte ninguna palabra."),
            places=(Place(at, word.word),),
        )
        return
    if word.read_as and any(phone.verdict.is_red for phone in word.phones):
        yield _read_as_spanish(at, word)
        return
    last = max((i for i, p in enumerate(word.phones) if p.phone is not None), default=-1)
    for index, phone in enumerate(word.phones):
        place = Place(at, word.word, index, phone.letters)
        if phone.verdict is Verdict.EXTRA:
            hint = insertions.hint(word, index)
            yield _advice(phone, place, hint, None)
        elif phone.phone is not None and phone.verdict is not Verdict.RIGHT:
            tip = tips()[phone.phone]
            yield _advice(phone, place, _hint(tip, phone, index == last), tip)
    yield from _about_stress(at, word)


def _about_stress(at: int, word: WordFinding) -> Iterator[Advice]:
    lay = stress.found(word)
    if lay is not None and lay.verdict is not Verdict.RIGHT:
        yield Advice(
            verdict=lay.verdict,
            phone=None,
            said=None,
            severity=lay.p_wrong * _FAMILIAR,
            heard=stress.says(word),
            fix=_(stress.HOW),
            places=(Place(at, word.word),),
        )


def _read_as_spanish(at: int, word: WordFinding) -> Advice:
    """One line for the whole word, in place of a tip for each of its sounds."""
    return Advice(
        verdict=Verdict.WRONG,
        phone=None,
        said=None,
        severity=1.1,
        heard=_("Parece que leíste «%(word)s» como en español: %(letters)s.")
        % {"word": word.word, "letters": _letters(word.read_as)},
        fix=_("En inglés las letras suenan de otra manera. Escucha el modelo y repítelo."),
        places=(Place(at, word.word),),
    )


def _letters(reading: str) -> str:
    """'r-a-b-i-t', as a Spanish speaker would write what was said."""
    phones = reading.split()
    letters = [_SPANISH_LETTERS.get(phone) or named(phone).spelt for phone in phones]
    if phones[0] == "es_rr":
        letters[0] = "r"  # every r that begins a word is trilled
    return "-".join(letters)


def _hint(tip: Tip, phone: PhoneFinding, final: bool) -> Hint:
    how = " ".join(tip.how)
    if phone.verdict is Verdict.UNSURE:
        return Hint(f"Aquí no estamos seguros de haber oído bien {tip.name}.", how)
    if phone.verdict is Verdict.MISSING:
        return tip.hint(None, final=final)
    if phone.said is None or phone.said == phone.phone:
        return Hint(f"Todavía no suena como {tip.name}.", how)
    return tip.hint(phone.said, final=final)


def _advice(phone: PhoneFinding, place: Place, hint: Hint, tip: Tip | None) -> Advice:
    sure = phone.p_wrong or 1 - phone.score
    weight = _NEAR if hint.near else 1.0
    if tip is not None and tip.phone not in HARD:
        weight *= _FAMILIAR
    return Advice(
        verdict=phone.verdict,
        phone=phone.phone,
        said=phone.said,
        severity=sure * weight,
        heard=hint.heard,
        fix=hint.fix,
        places=(place,),
        tip=tip,
        pair=hint.pair or (tip.pair if tip else None),
    )


def _merged(found: Iterable[Advice]) -> list[Advice]:
    """The same thing in several places is one piece of advice, and matters more."""
    same: dict[tuple[str | None, str], Advice] = {}
    for each in found:
        key = (each.phone, each.heard)
        if key in same:
            first = same[key]
            severity = max(first.severity, each.severity) + _REPEATED
            same[key] = replace(first, severity=severity, places=first.places + each.places)
        else:
            same[key] = each
    return sorted(same.values(), key=lambda each: -each.severity)


def _one_each(found: Sequence[Advice]) -> tuple[Advice, ...]:
    """The worst thing of every sound; two ways to miss one sound ask for one and the same care."""
    kept: dict[str, Advice] = {}
    for each in found:
        kept.setdefault(each.phone or each.heard, each)
    return tuple(kept.values())


def praise(take: TakeFinding) -> str:
    """One hard thing that went well, by name; empty when there is none to tell honestly."""
    for word in take.words:
        if insertions.clean_s_cluster(word, GOOD):
            said = _("Dijiste «%(word)s» sin meter ninguna e delante. ¡Muy bien!")
            return said % {"word": word.word}
    troubled = {p.phone for word in take.words for p in word.phones if p.verdict != Verdict.RIGHT}
    for hard in HARD:
        if hard in troubled:
            continue
        for word in take.words:
            if any(p.phone == hard and p.score >= GOOD for p in word.phones):
                name = tips()[hard].name
                if f"«{word.word.lower()}»" in name:
                    return _("Te salió muy bien %(sound)s.") % {"sound": name}
                went = _("En «%(word)s» te salió muy bien %(sound)s.")
                return went % {"word": word.word, "sound": name}
    return ""
