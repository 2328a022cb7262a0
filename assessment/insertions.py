"""Sounds that were added to a word: what kind of addition it is."""

from __future__ import annotations

from assessment.tips import Hint, extras
from speech.findings import PhoneFinding, Verdict, WordFinding
from speech.phones import is_vowel

_E_LIKE = ("es_e", "EH", "IH", "IY", "es_i", "AH", "EY")


def hint(word: WordFinding, index: int) -> Hint:
    """What to say of the extra sound at `index` of the word."""
    return extras()[kind(word, index)]


def kind(word: WordFinding, index: int) -> str:
    """The entry of extra.yaml for the extra sound at `index`."""
    said = word.phones[index].said or ""
    before = _neighbour(word, index, -1)
    after = _neighbour(word, index, 1)
    follows = after.phone if after else None
    precedes = before.phone if before else None
    if said and is_vowel(said):
        return _vowel(word, said, precedes, follows, _ends_in_ed(word, after))
    if said in ("G", "es_g") and follows == "W":
        return "g_before_w"
    if said in ("G", "es_g", "K") and precedes == "NG":
        return "g_after_ng"
    if said in ("R", "es_r", "es_rr"):
        return "r"
    if said in ("S", "Z") and follows is None:
        return "plural_s"
    return "silent_letter" if _is_written(said, before, after) else "consonant"


def _vowel(
    word: WordFinding, said: str, precedes: str | None, follows: str | None, ed: bool
) -> str:
    if precedes is None and follows == "S" and said in (*_E_LIKE, "es_a", "AE"):
        return "before_s"
    if ed and precedes is not None and said in _E_LIKE:
        return "ed_ending"
    if follows is None:
        return "final_vowel"
    between = precedes is not None and not is_vowel(precedes) and not is_vowel(follows)
    return "vowel_between" if between else "vowel"


def clean_s_cluster(word: WordFinding, good: float) -> bool:
    """Whether the word begins with s and a consonant, and both went well with nothing before."""
    if len(word.phones) < 2:
        return False
    first, second = word.phones[:2]
    return (
        first.phone == "S"
        and second.phone is not None
        and not is_vowel(second.phone)
        and all(p.verdict is Verdict.RIGHT and p.score >= good for p in (first, second))
    )


def _neighbour(word: WordFinding, index: int, step: int) -> PhoneFinding | None:
    """The next sound of the reference on one side."""
    at = index + step
    while 0 <= at < len(word.phones):
        if word.phones[at].phone is not None:
            return word.phones[at]
        at += step
    return None


def _ends_in_ed(word: WordFinding, after: PhoneFinding | None) -> bool:
    last = _neighbour(word, len(word.phones), -1)
    return word.word.lower().endswith("ed") and after is last and last is not None


def _is_written(said: str, *neighbours: PhoneFinding | None) -> bool:
    """Whether the letter of the added sound stands there, as the l of 'walk'."""
    letter = {"es_b": "b", "es_d": "d", "es_g": "g", "HH": "h", "es_x": "h", "es_y": "l"}.get(
        said, said.lower()
    )
    return any(p is not None and len(p.letters) > 1 and letter in p.letters for p in neighbours)
