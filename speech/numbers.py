"""Numbers as an English speaker reads them: '42', '1st', '2026', '$3.50'."""

from __future__ import annotations

import re

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
_GROUPS = ("", "thousand", "million", "billion", "trillion")
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_COINS = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
}
NUMBER = re.compile(
    r"(?P<coin>[$£€])?\s?(?P<sign>(?<![\w.])[-−])?"
    r"(?P<whole>\d{1,3}(?:,\d{3})+|\d+)"
    r"(?:[.](?P<part>\d+)|:(?P<minutes>[0-5]\d)(?!\d))?"
    r"(?P<after>(?:st|nd|rd|th|s)(?![a-z])|\s?[€£$%°](?!\d))?",
    re.ASCII | re.IGNORECASE,
)


def spoken(found: re.Match[str]) -> list[str]:
    """The words for a match of NUMBER."""
    text = found["whole"].replace(",", "")
    whole, part = int(text), found["part"]
    after = (found["after"] or "").strip().lower()
    words = ["minus"] if found["sign"] else []
    coin = found["coin"] or (after if after in _COINS else "")
    if coin:
        words += _money(coin, whole, part)
        if after == "s":
            words.append(after)
        return words
    if after in ("st", "nd", "rd", "th"):
        return words + ordinal(whole)
    if found["minutes"]:
        return words + _time(whole, found["minutes"])
    is_year = len(text) == 4 and "," not in found["whole"] and not part
    words += year(whole) if is_year else _long(text)
    if part:
        words += ["point", *(_ONES[int(digit)] for digit in part)]
    if after == "s":
        words[-1] = _plural(words[-1])
    elif after == "%":
        words.append("percent")
    elif after == "°":
        words.append("degrees")
    return words


def cardinal(number: int) -> list[str]:
    """'forty', 'two' for 42. `number` from 0 to 10**15 - 1."""
    if number < 20:
        return [_ONES[number]]
    if number < 100:
        tens, ones = divmod(number, 10)
        return [_TENS[tens], *([_ONES[ones]] if ones else [])]
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return [_ONES[hundreds], "hundred", *(["and", *cardinal(rest)] if rest else [])]
    words: list[str] = []
    groups = []
    while number:
        number, group = divmod(number, 1000)
        groups.append(group)
    for place in range(len(groups) - 1, -1, -1):
        if groups[place]:
            if words and place == 0 and groups[0] < 100:
                words.append("and")
            words += cardinal(groups[place]) + ([_GROUPS[place]] if place else [])
    return words


def ordinal(number: int) -> list[str]:
    words = _long(str(number))
    last = words[-1]
    if last in _ORDINALS:
        words[-1] = _ORDINALS[last]
    else:
        words[-1] = last[:-1] + "ieth" if last.endswith("y") else last.rstrip("t") + "th"
    return words


def year(number: int) -> list[str]:
    """'twenty', 'twenty', 'six' for 2026; a plain number where nobody says pairs."""
    century, rest = divmod(number, 100)
    if not 1100 <= number <= 2099 or 2000 <= number <= 2009:
        return cardinal(number)
    if rest == 0:
        return [*cardinal(century), "hundred"]
    return [*cardinal(century), *(["oh", _ONES[rest]] if rest < 10 else cardinal(rest))]


def _long(digits: str) -> list[str]:
    """A number; digit by digit where it is a code rather than an amount."""
    if len(digits) > 15 or (len(digits) > 1 and digits[0] == "0"):
        return [_ONES[int(digit)] for digit in digits]
    return cardinal(int(digits))


def _money(coin: str, whole: int, part: str | None) -> list[str]:
    one, many, small_one, small_many = _COINS[coin]
    small = int(part[:2].ljust(2, "0")) if part else 0
    words: list[str] = []
    if whole or not small:
        words += [*_long(str(whole)), one if whole == 1 else many]
    if small:
        words += ["and"] if words else []
        words += [*cardinal(small), small_one if small == 1 else small_many]
    return words


def _time(hours: int, minutes: str) -> list[str]:
    if minutes == "00":
        return [*_long(str(hours)), "o'clock"]
    past = ["oh", _ONES[int(minutes)]] if minutes[0] == "0" else cardinal(int(minutes))
    return _long(str(hours)) + past


def _plural(word: str) -> str:
    if word.endswith("y"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith("x") else "s")
