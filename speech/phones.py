"""The one phone inventory: 39 English phones (ARPAbet) and 13 that a Spanish speaker brings along."""

from __future__ import annotations

# fmt: off
ENGLISH: tuple[str, ...] = (
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH",
    "IH", "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH",
    "UW", "V", "W", "Y", "Z", "ZH",
)
# Spanish sounds that English lacks; Spanish f k l m n p s t ch θ share the English symbol.
SPANISH: tuple[str, ...] = (
    "es_a", "es_e", "es_i", "es_o", "es_u",  # the five pure vowels
    "es_r", "es_rr",                         # tap (pero), trill (perro)
    "es_x",                                  # jota
    "es_b", "es_d", "es_g",                  # approximants, as in 'lobo', 'lado', 'lago'
    "es_ny", "es_y",                         # ñ; ll and y
)
# fmt: on
BLANK = "<blank>"
INVENTORY: tuple[str, ...] = ENGLISH + SPANISH
SYMBOLS: tuple[str, ...] = (BLANK, *INVENTORY)  # the listener's output layer, in this order
