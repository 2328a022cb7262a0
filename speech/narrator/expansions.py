"""What is said for abbreviations, units, dates, signs: tables, and the rules that read them."""

from __future__ import annotations

import re

from speech import numbers

MONTH_NAMES = {
    "Jan": "january", "Feb": "february", "Mar": "march", "Apr": "april", "Jun": "june",
    "Jul": "july", "Aug": "august", "Sep": "september", "Sept": "september", "Oct": "october",
    "Nov": "november", "Dec": "december",
}  # fmt: skip
_MONTH_ORDER = (
    "January February March April May June July August September October November December"
).split()
MONTHS = frozenset(_MONTH_ORDER)
COINS = {"$": "dollars", "£": "pounds", "€": "euros"}
LATIN = {"e.g": ("for", "example"), "i.e": ("that", "is")}
# Before a name, which goes on: no sentence ends at their dots.
_TITLES = {
    "Mr": "mister", "Mrs": "mrs", "Ms": "ms", "Dr": "doctor", "Prof": "professor", "St": "saint",
    "Mt": "mount", "Capt": "captain", "Sgt": "sergeant", "Lt": "lieutenant", "Col": "colonel",
    "Gen": "general", "Rev": "reverend", "Gov": "governor", "Sra": "señora", "Srta": "señorita",
    "Sr": "señor", "Dña": "doña", "Mme": "madam", "Messrs": "messrs", "Hon": "honorable",
}  # fmt: skip
_WITHOUT_DOT = frozenset(("Mr", "Mrs", "Ms", "Dr", "St", "Prof"))
_BEFORE_NUMBER = {
    "no": "number", "nos": "numbers", "p": "page", "pp": "pages", "vol": "volume", "ch": "chapter",
    "fig": "figure", "art": "article", "sec": "section", "pg": "page", "núm": "número",
}  # fmt: skip
_AFTER_NAME = {
    "St": "street", "Ave": "avenue", "Rd": "road", "Blvd": "boulevard", "Dr": "drive",
    "Jr": "junior", "Sr": "senior", "Inc": "incorporated",
    "Ltd": "limited", "Co": "company", "Corp": "corporation",
}  # fmt: skip
_ANYWHERE = {
    "etc": ("et", "cetera"), "vs": ("versus",), "approx": ("approximately",),
    "dept": ("department",), "est": ("established",), "tel": ("telephone",), "esp": ("especially",),
    "cf": ("compare",),
}  # fmt: skip
_UNITS = {
    "km": "kilometer", "m": "meter", "cm": "centimeter", "mm": "millimeter", "kg": "kilogram",
    "g": "gram", "mg": "milligram", "lb": "pound", "lbs": "pound", "oz": "ounce", "ft": "foot",
    "mi": "mile", "yd": "yard", "l": "liter", "L": "liter", "ml": "milliliter", "mL": "milliliter",
    "h": "hour", "hr": "hour", "hrs": "hour", "min": "minute", "mins": "minute", "sec": "second",
    "s": "second", "ms": "millisecond", "mph": "mile", "kB": "kilobyte", "KB": "kilobyte",
    "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte", "W": "watt", "kW": "kilowatt",
    "V": "volt", "Hz": "hertz", "kHz": "kilohertz",
}  # fmt: skip
_UNIT = re.compile(r"(km/h|m/s|[A-Za-z]{1,4})(?![\w'])(\.(?=\s+[a-z]))?")
_FRACTIONS = {2: ("half", "halves"), 3: ("third", "thirds"), 4: ("quarter", "quarters")}
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ROMAN_NUMBER = re.compile(r"(?=[IVXL]{1,6}$)(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_PARTS = frozenset("chapter part book act volume section unit level scene phase world war".split())
_RULERS = frozenset(
    "king queen pope henry george charles louis edward james richard william elizabeth philip"
    " alfonso felipe carlos john paul francis mary ferdinand alexander frederick catherine"
    " nicholas pius leo benedict gregory".split()
)
SIGNS: dict[str, tuple[str, ...]] = {
    "&": ("and",), "%": ("percent",), "+": ("plus",), "=": ("equals",), "@": ("at",),
    "<": ("less", "than"), ">": ("greater", "than"), "*": ("times",), "×": ("times",),
    "÷": ("divided", "by"), "°": ("degrees",), "§": ("section",), "$": ("dollars",),
    "£": ("pounds",), "€": ("euros",),
}  # fmt: skip
ADDRESS_MARKS = {
    ".": "dot", "/": "slash", "@": "at", "-": "dash", "_": "underscore", "?": "question mark",
    "=": "equals", "&": "and", "#": "hash", "%": "percent", "+": "plus", ":": "colon", "~": "tilde",
}  # fmt: skip
SCRIPTS = {"cjk": "chinese", "hiragana": "japanese", "katakana": "japanese", "hangul": "korean"}
EMOJI = {"heavy black heart": "red heart", "white smiling face": "smiling face"}


def abbreviation(
    word: str, dot: bool, ahead: str, before: str
) -> tuple[tuple[str, ...], bool] | None:
    """What is said for an abbreviation, and whether a sentence may end there; None for a word.

    `ahead` is the text that follows, `before` the word right before it.
    """
    upper = ahead[:1].isupper()
    after_name = before[:1].isupper() and before.lower() not in ("the", "and", "but", "when")
    title = word in _TITLES if dot else word in _WITHOUT_DOT
    if title and upper and not (after_name and word in _AFTER_NAME and dot):
        return (_TITLES[word],), False
    if word.lower() in _BEFORE_NUMBER and dot and ahead[:1].isdecimal():
        return (_BEFORE_NUMBER[word.lower()],), False
    if word in MONTH_NAMES and ahead[:1].isdecimal():
        return (MONTH_NAMES[word],), False
    if word in _AFTER_NAME and after_name and (dot or word in ("Jr", "Ave", "Blvd")):
        return (_AFTER_NAME[word],), True
    if word in _WITHOUT_DOT - {"St"} and dot:
        return (_TITLES[word],), True
    if dot and word.lower() in _ANYWHERE:
        return _ANYWHERE[word.lower()], word.lower() not in ("vs", "approx", "cf")
    if word in ("etc", "vs"):
        return _ANYWHERE[word], False
    return None


def unit(text: str, at: int, amount: tuple[str, ...]) -> tuple[tuple[str, ...], int] | None:
    """What is said for the unit after a number, and where it ends."""
    match = _UNIT.match(text, at)
    if not match or match[1] not in _UNITS and match[1] not in ("km/h", "m/s"):
        return None
    name = _UNITS.get(match[1], "kilometer" if match[1] == "km/h" else "meter")
    if amount != ("one",):
        name = {"foot": "feet", "hertz": "hertz", "kilohertz": "kilohertz"}.get(name, name + "s")
    rest = {"km/h": ("per", "hour"), "mph": ("per", "hour"), "m/s": ("per", "second")}
    return (name, *rest.get(match[1], ())), match.end()


def date(month: str, day: str, year: str) -> tuple[str, ...]:
    """'March fifth twenty twenty four' for 3, 5, 2024: US order unless that is no month; or ()."""
    number, date = int(month), int(day)
    if number > 12:
        number, date = date, number
    if not (1 <= number <= 12 and 1 <= date <= 31):
        return ()
    whole = int(year) if len(year) == 4 else 2000 + int(year)
    return (_MONTH_ORDER[number - 1].lower(), *numbers.ordinal(date), *numbers.year(whole))


def fraction(above: str, below: str) -> tuple[str, ...]:
    """'three fifths' for 3/5; () for what is no fraction: 24/7."""
    top, bottom = int(above), int(below)
    if not (0 < top < bottom and 2 <= bottom <= 20):
        return ()
    one, many = _FRACTIONS.get(bottom) or (
        numbers.ordinal(bottom)[-1],
        numbers.ordinal(bottom)[-1] + "s",
    )
    return (*numbers.cardinal(top), one if top == 1 else many)


def roman(word: str, before: str) -> tuple[str, ...]:
    """'four' in 'Chapter IV', 'the eighth' in 'Henry VIII'; () elsewhere."""
    kind = before.lower()
    if (
        not _ROMAN_NUMBER.fullmatch(word)
        or kind not in _PARTS | _RULERS
        or not before[:1].isupper()
    ):
        return ()
    values = [_ROMAN[c] for c in word]
    total = sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
    return tuple(numbers.cardinal(total)) if kind in _PARTS else ("the", *numbers.ordinal(total))
