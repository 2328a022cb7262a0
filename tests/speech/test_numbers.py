"""Numbers, prices, ordinals and times become the words we say."""

import pytest

from speech.lexicon import words


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("3", "three"),
        ("10", "ten"),
        ("42", "forty two"),
        ("100", "one hundred"),
        ("365", "three hundred and sixty five"),
        ("1,001", "one thousand and one"),
        ("1,000,000", "one million"),
        ("1999", "nineteen ninety nine"),
        ("1905", "nineteen oh five"),
        ("1900", "nineteen hundred"),
        ("2000", "two thousand"),
        ("2007", "two thousand and seven"),
        ("2026", "twenty twenty six"),
        ("1990s", "nineteen nineties"),
        ("007", "zero zero seven"),
        ("2.50", "two point five zero"),
        ("-3", "minus three"),
        ("1st", "first"),
        ("2nd", "second"),
        ("12th", "twelfth"),
        ("20th", "twentieth"),
        ("21st", "twenty first"),
        ("$5", "five dollars"),
        ("$1", "one dollar"),
        ("£2.05", "two pounds and five pence"),
        ("€0.01", "one cent"),
        ("5 €", "five euros"),
        ("$3 £2", "three dollars two pounds"),
        ("50%", "fifty percent"),
        ("30°", "thirty degrees"),
        ("3:30", "three thirty"),
        ("3:05", "three oh five"),
        ("12:00", "twelve o'clock"),
        ("3D", "three D"),
        ("2+2=4", "two plus two equals four"),
        ("٣", "three"),
        ("½", "one half"),
    ],
)
def test_a_number_is_read_as_people_say_it(written: str, spoken: str) -> None:
    assert " ".join(words(written)) == spoken


def test_a_number_too_long_to_name_is_read_digit_by_digit() -> None:
    assert words("1234567890123456") == tuple(
        "one two three four five six seven eight nine zero one two three four five six".split()
    )
