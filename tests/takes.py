"""Takes written by hand: a text, and what was said where it was not what the lexicon says."""

import uuid
from typing import Any

from assessment.models import Attempt
from learning.models import Exercise
from speech import criterion, lexicon
from speech.__main__ import align_word
from speech.findings import TakeFinding, Verdict, WordFinding
from speech.phones import parse
from tests.people import Person


def take(text: str, said: dict[str, str] | None = None, **change: Any) -> TakeFinding:
    """`said` has phones for some of the words; the others were said as they should be."""
    said = said or {}
    words = []
    for token in lexicon.words(text):
        usual = lexicon.pronunciations(token)[0]
        heard = parse(said[token]) if token in said else usual.phones
        words.append(align_word(token, heard, str(usual) if token in said else None))
    heard_all = tuple(p.said for w in words for p in w.phones if p.said)
    score = sum(word.score for word in words) / len(words)
    fields: dict[str, Any] = {"accuracy": round(score, 3), "duration_s": 1.0} | change
    return TakeFinding(text=text, heard=heard_all, words=tuple(words), **fields)


def silent(word: str) -> WordFinding:
    """A word that was left out."""
    return WordFinding(word, Verdict.MISSING, 0.0, str(lexicon.pronunciations(word)[0]))


def attempt(
    person: Person,
    finding: TakeFinding | None = None,
    exercise: Exercise | None = None,
    **change: Any,
) -> Attempt:
    """A stored attempt: scored where there is a finding."""
    text = finding.text if finding else "rabbit"
    fields: dict[str, Any] = {
        "take": uuid.uuid4(),
        "profile": person.profile,
        "exercise": exercise,
        "criterion": criterion.build(text).to_json(),
        "duration_s": 1.0,
    }
    if finding is not None:
        fields |= {"state": Attempt.State.SCORED, "findings": finding.to_json()}
    return Attempt.objects.create(**fields | change)
