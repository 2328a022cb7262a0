"""What a learner hears after reading a page of a book: what went well, by name, and one thing to
try."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment import stress
from assessment.diagnosis import GOOD, HARD, Diagnosis
from speech.findings import TakeFinding, Verdict, WordFinding

NAMED = 2  # words praised
TIPS = 1  # things to try; a story is no lesson


def encouraged(diagnosis: Diagnosis, take: TakeFinding) -> Diagnosis:
    """The same diagnosis, told as befits a story; of a take of something else, as it is."""
    if diagnosis.outcome.untold:
        return diagnosis
    fine = [word for word in take.words if _is_fine(word)]
    if len(fine) == len(take.words):
        says = _("¡Página leída! No encontramos nada que corregir.")
    else:
        says = ngettext(
            "Leíste %(fine)d palabra de %(total)d sin nada que corregir.",
            "Leíste %(fine)d palabras de %(total)d sin nada que corregir.",
            len(fine),
        ) % {"fine": len(fine), "total": len(take.words)}
    praise = diagnosis.praise or _praise(fine)
    return replace(diagnosis, says=says, praise=praise, advice=diagnosis.advice[:TIPS])


def _is_fine(word: WordFinding) -> bool:
    reds = (word.verdict, stress.verdict(word), *(phone.verdict for phone in word.phones))
    return not any(verdict.is_red for verdict in reds)


def _praise(words: Iterable[WordFinding]) -> str:
    """The words that went well and are hardest to say, by the sounds in them and their length."""
    sure = {word.word.lower(): word for word in words if word.verdict is Verdict.RIGHT}
    names = sorted(sure, key=lambda name: (-_difficulty(sure[name]), name))[:NAMED]
    if not names:
        return ""
    if len(names) == 1:
        return _("«%(word)s» te salió muy bien.") % {"word": names[0]}
    both = {"word": names[0], "other": names[1]}
    return _("«%(word)s» y «%(other)s» te salieron muy bien.") % both


def _difficulty(word: WordFinding) -> int:
    hard = sum(phone.phone in HARD[:12] and phone.score >= GOOD for phone in word.phones)
    return 3 * hard + len(word.phones)
