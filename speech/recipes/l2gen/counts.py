"""What the counted confusions say: how often each English phone is said as something else.

Only confusions.tsv is read here. Rates are L2-ARCTIC's counts over its totals, halfway to EpaDB's
where that lists the pair as well (EpaDB's alone for a Spanish sound, for which L2-ARCTIC has no
symbol). EpaDB gives no totals, so they are taken as L2-ARCTIC's times
one factor, under which the pairs that both list are as frequent in both.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from speech.phones import PHONES
from speech.recipes.phonetic_rnnt.corpora import DATA

Said = tuple[str, ...]
ARCTIC = {"AX": ("AH",), "AA": ("AA", "AO")}  # its symbols in ours; its AA holds AO
EPADB = {"A": "es_a", "E": "es_e", "O": "es_o", "DX": "es_r", "X": "es_x", "DE": "es_d"}
NO_ERROR = {"Th", "Kh", "AO"}  # aspirated as it should be; the other English vowel of 'hot'
# Which Spanish phones the annotators' English symbol may stand for, and how often it does.
SPANISH_SHARE = 0.6
SPANISH_OF = {"AA": "es_a", "EH": "es_e", "IY": "es_i", "UW": "es_u", "R": "es_r"}
ROUND = ("OW", "UW")  # their AA is an o
# An accent that the annotators do not count; EpaDB's for R, HH, DH, AA and OW come on top.
ACCENT: dict[tuple[str, str], float] = {
    ("IY", "es_i"): 0.3, ("EH", "es_e"): 0.3, ("UW", "es_u"): 0.3, ("AA", "es_a"): 0.15,
    ("AO", "es_o"): 0.4, ("B", "es_b"): 0.1, ("G", "es_g"): 0.1, ("Y", "es_y"): 0.15,
    ("R", "es_rr"): 0.03, ("SH", "CH"): 0.05,
}  # fmt: skip
ZH_AS_SH = 0.5  # EpaDB lists it, no total of ZH is known
VOWEL_AND_R = {"es_e": 3.5, "es_a": 1.7}  # of ER's vowels in L2-ARCTIC, those with an R after them


class Rates(NamedTuple):
    """Mean shares over speakers: `said[phone][output]` per phone, `inserted[x]` per slot."""

    said: dict[str, dict[Said, float]]
    inserted: dict[str, float]
    unseen: float  # of all phones, what was heard as something that the table does not list


@cache
def rates(table: Path = DATA / "spanish_l1" / "confusions.tsv") -> Rates:
    """The mean rate of every listed pair, in the inventory's symbols."""
    arctic, epadb, totals = _counts(table)
    phones = sum(totals.values())
    common = [pair for pair in arctic if pair in epadb]
    factor = sum(epadb[pair] for pair in common) / sum(arctic[pair] for pair in common)
    said: dict[str, dict[Said, float]] = {phone: {} for phone in PHONES if phone.isupper()}
    for (phone, output), rate in ACCENT.items():
        said[phone][(output,)] = rate
    for pair in dict.fromkeys((*arctic, *epadb)):
        phone, output = pair
        if phone == "-":
            continue
        if phone not in totals:
            said[phone][(output,)] = ZH_AS_SH
            continue
        rate = arctic.get(pair, 0) / totals[phone]
        if pair in epadb:
            other = epadb[pair] / factor / totals[phone]
            rate = other if output.startswith("es_") else (rate + other) / 2
        for ours in ARCTIC.get(phone, (phone,)):
            for sounds, share in _realised(phone, output):
                said[ours][sounds] = said[ours].get(sounds, 0) + rate * share
    for vowel, count in VOWEL_AND_R.items():
        rate = count / totals["ER"]
        plain = said["ER"][(vowel,)]
        said["ER"][(vowel, "es_r")] = min(rate, plain)
        said["ER"][(vowel,)] = plain - min(rate, plain)
    inserted: dict[str, float] = {}
    for (phone, output), count in arctic.items():
        if phone == "-":
            spent = sum(VOWEL_AND_R.values()) if output == "R" else 0
            for sounds, share in _realised(phone, output):
                rate = share * (count - spent) / phones
                inserted[sounds[0]] = inserted.get(sounds[0], 0) + rate
    twice = sum(count == 2 for count in arctic.values())
    # Zipf's law for the number of types: three that were seen once for each seen twice.
    return Rates(said, inserted, 3 * twice / phones)


def _counts(
    table: Path,
) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], float], dict[str, float]]:
    """Counts of both sources by (canonical, perceived), ours but for AX; L2-ARCTIC's totals."""
    arctic: dict[tuple[str, str], float] = {}
    epadb: dict[tuple[str, str], float] = {}
    totals: dict[str, float] = {}
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            phone, output, count = row["canonical"], row["perceived"], float(row["count"])
            if row["source"] == "l2-arctic":
                if row["canonical_total"]:
                    totals[phone] = float(row["canonical_total"])
                if output != "ERR":
                    arctic[phone, _arctic(output)] = count
            elif output not in NO_ERROR:
                output = _as_arctic(phone, EPADB.get(output, output))
                epadb[phone, output] = count
    return arctic, epadb, totals


def _arctic(output: str) -> str:
    return "AH" if output == "AX" else output


def _as_arctic(phone: str, output: str) -> str:
    """EpaDB's Spanish vowel as L2-ARCTIC's symbol, where it is an error for both."""
    as_english = {"es_a": "AA", "es_e": "EH", "es_o": "AA"}
    return as_english.get(output, output) if phone != "AA" else output


def _realised(phone: str, output: str) -> Iterator[tuple[Said, float]]:
    """The sounds that a perceived symbol may stand for, with their shares."""
    if output == "-":
        yield (), 1.0
        return
    spanish = "es_o" if output == "AA" and phone in ROUND else SPANISH_OF.get(output)
    if not spanish:
        yield (output,), 1.0
        return
    yield (spanish,), SPANISH_SHARE
    yield ("AO" if spanish == "es_o" else output,), 1 - SPANISH_SHARE
