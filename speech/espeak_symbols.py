"""espeak-ng's phoneme names and the inventory's phones, both ways."""

from __future__ import annotations

_CONSONANTS = {
    "p": "P", "b": "B", "t": "T", "d": "D", "k": "K", "g": "G", "f": "F", "v": "V", "T": "TH",
    "D": "DH", "s": "S", "z": "Z", "S": "SH", "Z": "ZH", "h": "HH", "tS": "CH", "dZ": "JH",
    "m": "M", "n": "N", "N": "NG", "l": "L", "j": "Y", "w": "W", "t[": "T", "d[": "D",
    "tS;": "CH", "dZ;": "JH", "S;": "SH", "Z;": "ZH", "s;": "S", "z;": "Z", "c": "K", "J": "G",
    "q": "K", "n.": "N", "C": "HH", "ts": "T S",
}  # fmt: skip
_SILENT = {";": ""}  # palatalisation, no sound of its own

# What a General American listener writes; vowels that carry an r give it (see VOWELS_BEFORE_R).
_ENGLISH = _CONSONANTS | _SILENT | {
    "t#": "T", "t2": "T", "?": "T", "d#": "D", "z#": "Z", "z/2": "Z", "w#": "W", "v#": "V",
    "r": "R", "r-": "R", "r/": "R", "R": "R", "R2": "R", "R3": "R", 'r"': "R", "*": "T",
    "**": "T", "r.": "R",
    "l/": "L", "l/2": "L", "l/3": "L", "l#": "L", "l^": "L", "l.": "L", "L": "L", "L/": "L",
    "m-": "AH M", "n-": "AH N", "N-": "AH NG", "l-": "AH L", "@L": "AH L",
    "n^": "N Y", "x": "K", "X": "K", "Q": "G", "B": "V", "J^": "Y",
    "a": "AE", "aa": "AE", "a2": "AE", "a#": "AH", "a#2": "AH", "A:": "AA", "A#": "AA",
    "0": "AA", "0#": "AA", "02": "AH", "O2": "AO", "O": "AO", "O:": "AO", "o": "OW", "o:": "OW",
    "V": "AH", "@": "AH", "@2": "AH", "@5": "UH", "@-": "AH", "@#": "AH",
    "E": "EH", "E#": "EH", "E2": "EH", "e": "EY", "e:": "EY", "e#": "EH",
    "I": "IH", "I2": "IH", "I#": "IH", "I2#": "IH", "i": "IY", "i:": "IY",
    "U": "UH", "u": "UW", "u:": "UW", "y": "UW", "Y": "UH",
    "3": "ER", "3:": "ER", "VR": "ER", "IR": "ER",
    "aI": "AY", "aU": "AW", "OI": "OY", "eI": "EY", "oU": "OW", "oU#": "OW",
    "A@": "AA R", "O@": "AO R", "o@": "AO R", "e@": "EH R", "U@": "UH R", "i@3": "IH R",
    "i@": "IY AH", "aI@": "AY AH", "aI3": "AY ER", "aU@": "AW ER",
    "A~": "AA N", "O~": "AO N",
}  # fmt: skip
_BRITISH = _ENGLISH | {
    "aa": "AA", "3": "AH", "02": "AA", "A@": "AA", "O@": "AO", "o@": "AO", "e@": "EH AH",
    "U@": "UH AH", "i@3": "IH AH", "i@": "IH AH", "aI3": "AY AH", "aU@": "AW AH",
}  # fmt: skip
VOWELS_BEFORE_R = {
    "e@": ("EH",), "i@": ("IH",), "i@3": ("IH",), "U@": ("UH",),
}  # fmt: skip
_SPANISH = _CONSONANTS | _SILENT | {
    "a": "es_a", "a/": "es_a", "e": "es_e", "e/": "es_e", "E": "es_e", "i": "es_i", "o": "es_o",
    "o/": "es_o", "O": "es_o", "u": "es_u", "U": "es_u", "@": "es_e", "@-": "",
    "aI": "es_a es_i", "aU": "es_a es_u", "eI": "es_e es_i", "EI": "es_e es_i",
    "eU": "es_e es_u", "iU": "es_i es_u", "oI": "es_o es_i", "uI": "es_u es_i", "y": "es_u",
    "Y": "es_u",
    "r": "es_r", "r-": "es_r", "**": "es_r", "*": "es_r", "r/": "es_r", "R": "es_rr",
    "R2": "es_rr", "R3": "es_rr",
    "x": "es_x", "X": "es_x", "h": "es_x", "B": "es_b", "v#": "es_b", "D": "es_d", "Q": "es_g",
    "n^": "es_ny", "J^": "es_y", "l^": "es_y", "w2": "W",
    "m-": "M", "n-": "N", "N-": "NG", "l-": "L", "l/": "L", "l.": "L", "?": "",
}  # fmt: skip


def _table(names: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(phones.split()) for name, phones in names.items()}


SYMBOLS: dict[str, dict[str, tuple[str, ...]]] = {
    "en-us": _table(_ENGLISH),
    "en-gb": _table(_BRITISH),
    "es": _table(_SPANISH),
    "es-419": _table(_SPANISH),
}

_SPELL_CONSONANTS = {
    phone: name
    for name, phone in _CONSONANTS.items()
    if name not in ("t[", "d[", "tS;", "dZ;", "S;", "Z;", "s;", "z;", "c", "J", "q", "n.", "C")
    and " " not in phone
}
# How to ask a voice for a phone; "AH0" is the unstressed one. A phone that a voice cannot tell
# from another is left out, and so refused: the English voices have no es_a (it comes out as AE)
# and no es_d (DH), the Spanish ones lack most English vowels.
_SPELL_ENGLISH = _SPELL_CONSONANTS | {
    "R": "r", "AA": "A:", "AE": "a", "AH": "V", "AH0": "@", "AO": "O:", "AW": "aU", "AY": "aI",
    "EH": "E", "ER": "3:", "ER0": "3", "EY": "eI", "IH": "I", "IY": "i:", "IY0": "i", "OW": "oU",
    "OY": "OI", "UH": "U", "UW": "u:",
    "es_e": "e", "es_i": "i", "es_o": "o", "es_u": "u", "es_r": "**", "es_rr": "R2",
    "es_x": "x", "es_b": "B", "es_g": "Q", "es_ny": "n^", "es_y": "J^",
}  # fmt: skip
_SPELL_SPANISH = _SPELL_CONSONANTS | {
    "es_a": "a", "es_e": "e", "es_i": "i", "es_o": "o", "es_u": "u", "es_r": "**",
    "es_rr": "R2", "es_x": "x", "es_b": "B", "es_d": "D", "es_g": "Q", "es_ny": "n^",
    "es_y": "J^", "EY": "eI", "AY": "aI", "AW": "aU", "OY": "oI",
}  # fmt: skip
SPELLING: dict[str, dict[str, str]] = {
    "en-us": _SPELL_ENGLISH,
    "en-gb": _SPELL_ENGLISH,
    "es": _SPELL_SPANISH,
    "es-419": _SPELL_SPANISH,
}
