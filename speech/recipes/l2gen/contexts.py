"""Where the rules apply: weights of a pair by place, stress, letter and neighbouring sounds.

The weights only redistribute a pair's rate; `rules.Sampler` divides by their mean over a corpus.
They come from descriptions of Spanish speakers' English (Swan and Smith 2001, Learner English;
Mott 2005, English Phonetics and Phonology for Spanish Speakers), not from counts.
"""

from __future__ import annotations

from collections.abc import Mapping

from speech.paraphraser.source import Slot
from speech.phones import PHONES, Consonant, Manner, is_vowel
from speech.recipes.l2gen.counts import Said

EDGE = ""  # the neighbour of a sentence's first and last phone
DEVOICED = {
    "Z": "S", "V": "F", "D": "T", "G": "K", "B": "P", "JH": "CH", "DH": "TH", "ZH": "SH",
}  # fmt: skip
# The letter as Spanish reads it, and what the annotators' vowels have of it.
READ = {
    "a": ("AA", "es_a", "AE", "EY"), "e": ("EH", "es_e"), "i": ("IY", "es_i", "IH"),
    "o": ("OW", "es_o", "AO"), "u": ("UW", "es_u", "UH"), "y": ("IY", "es_i"),
}  # fmt: skip
FINAL = {"start": 0.5, "inside": 0.6, "end": 1.5, "single": 1.0}
LOST = {"start": 0.1, "inside": 0.4, "end": 2.0, "single": 0.5}
INITIAL = {"start": 2.0, "inside": 0.6, "end": 0.5, "single": 1.0}
PROTHETIC = {"start": 1.0, "single": 1.0, "inside": 0.01, "end": 0.01}

RULES = (
    "lost", "devoiced", "stopped", "nasal", "full", "spanish vowel", "vowel",
    "spanish consonant", "consonant", "inserted",
)  # fmt: skip


def rule_of(phone: str, said: Said) -> str:
    """The habit that a pair belongs to: pairs of one habit go together in a speaker."""
    one = said[0] if said else ""
    if not said:
        return "lost"
    if DEVOICED.get(phone) == one:
        return "devoiced"
    if phone in ("DH", "TH"):
        return "stopped"
    if phone in ("N", "M", "NG"):
        return "nasal"
    if phone == "AH":
        return "full"
    if one.startswith("es_") and is_vowel(phone):
        return "spanish vowel"
    if is_vowel(phone):
        return "vowel"
    return "spanish consonant" if one.startswith("es_") else "consonant"


def by_place(phone: str, said: Said) -> Mapping[str, float]:
    if said and said[0] == DEVOICED.get(phone):
        return FINAL
    if not said and not is_vowel(phone):
        return LOST
    if phone in ("N", "M", "NG"):
        return FINAL
    if (phone in ("P", "T", "K") and said[:1] in (("B",), ("D",), ("G",))) or said == ("es_rr",):
        return INITIAL
    return {}


def by_stress(phone: str, said: Said) -> Mapping[str, float]:
    if not said and is_vowel(phone):
        return {"0": 2.0, "1": 0.2, "2": 0.3}
    if phone == "AH" and said[:1] in (("es_a",), ("AA",)):
        return {"0": 0.8, "1": 1.8, "2": 1.5}
    return {}


def by_letter(phone: str, said: Said) -> Mapping[str, float]:
    """A weak vowel is read as it is written; so is an s that English voices."""
    if is_vowel(phone) and said and is_vowel(said[0]):
        strength = 6.0 if phone == "AH" else 2.0
        found = {letter: strength for letter, sounds in READ.items() if said[0] in sounds}
        if phone == "AH" and said[0] in READ["a"]:
            found["u"] = 2.0  # 'cup' is 'cap'
        return found
    if (phone, said) == ("Z", ("S",)):
        return {"z": 0.7}
    if phone == "HH" or (phone, said) == ("JH", ("Y",)):
        return {"j": 2.0, "h": 1.0}
    return {}


def by_sounds(phone: str, said: Said, before: str, after: str) -> float:
    """The weight that the neighbours give; EDGE where there is none."""
    between = _vocalic(before) and _vocalic(after)
    one = said[0] if said else ""
    if DEVOICED.get(phone) == one:
        return 0.6 if _vocalic(after) else 1.5 if not _voiced(after) else 1.0
    if not said and not is_vowel(phone):
        cluster = 3.0 if before and not is_vowel(before) else 1.0
        return cluster * (0.4 if _vocalic(after) else 1.5)
    if phone == "T" and one == "CH":
        return 20.0 if after in ("R", "Y") else 0.1
    if phone in ("T", "D") and one in ("D", "DH", "es_d", "R", "es_r"):
        return 4.0 if between else 0.5
    if one in ("es_b", "es_g") or (phone, one) == ("B", "V"):
        return 3.0 if between or (_vocalic(before) and after in ("L", "R")) else 0.4
    if phone == "DH" and one == "D":
        return 1.0 if not between else 0.7
    if phone == "S" and one == "Z":
        return 4.0 if after and _voiced(after) else 0.4
    if phone in ("N", "D") and one in ("NG", "M", "N"):
        return _assimilated(one, before, after) * (1.0 if phone == "N" else _after_nasal(before))
    if phone == "NG":
        return 0.5 if after in ("K", "G") else 1.2
    if phone == "R" and one in ("es_r", "es_rr"):
        trilled = before in (EDGE, "N", "L", "S", "Z")
        return (4.0 if trilled else 0.6) if one == "es_rr" else (0.4 if trilled else 1.2)
    if phone == "EH" and one == "ER":
        return 20.0 if after == "R" else 0.1
    return 1.0


def inserted(extra: str, slot: Slot | None, before: str, phone: str, after: str) -> float:
    """The weight of `extra` between `before` and `phone`; `slot` is that of `phone`."""
    place = slot.place if slot else "end"
    consonants = bool(before) and bool(phone) and not (is_vowel(before) or is_vowel(phone))
    if extra in ("EH", "es_e"):  # 'eschool'
        if phone == "S" and after and not is_vowel(after):
            return 200.0 * PROTHETIC.get(place, 0.4)
        return 2.0 if consonants else 0.5
    if is_vowel(extra):
        return 3.0 if consonants else 0.4
    if extra in ("Y", "W", "R", "es_r"):
        return 3.0 if before and is_vowel(before) else 0.3
    if extra in ("N", "NG", "M"):
        return 2.0 if before and is_vowel(before) and not _vocalic(phone) else 0.3
    if extra == "G":
        return 30.0 if before == "NG" else 0.1
    if extra in ("T", "D", "S", "Z"):
        return 2.0 if before and not is_vowel(before) and place != "inside" else 0.5
    return 1.0


def _assimilated(nasal: str, before: str, after: str) -> float:
    if after in ("K", "G", "HH", "W"):
        return 4.0 if nasal == "NG" else 0.2
    if after in ("P", "B", "M", "F", "V"):
        return 6.0 if nasal == "M" else 0.5
    return 1.0 if nasal != "M" else 0.5


def _after_nasal(before: str) -> float:
    return 8.0 if before in ("N", "M", "NG") else 0.2


def _vocalic(phone: str) -> bool:
    return bool(phone) and is_vowel(phone)


def _voiced(phone: str) -> bool:
    if not phone:
        return False
    made = PHONES[phone].made
    return not isinstance(made, Consonant) or made.voiced or made.manner is Manner.NASAL
