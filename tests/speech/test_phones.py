"""The inventory: complete, distinct, and readable from what people write."""

import pytest

from speech.errors import SpeechError
from speech.lexicon import pronunciations
from speech.phones import BLANK, INVENTORY, KIN, PHONES, SYMBOLS, is_vowel, parse


def test_every_symbol_of_the_inventory_is_described_once() -> None:
    assert set(PHONES) == set(INVENTORY)
    assert len(PHONES) == 52
    assert (BLANK, *INVENTORY) == SYMBOLS


def test_no_two_phones_share_a_name_or_a_sign() -> None:
    assert len({phone.name for phone in PHONES.values()}) == len(PHONES)
    assert len({phone.ipa for phone in PHONES.values()}) == len(PHONES)


def test_every_phone_has_an_example_word_that_holds_it() -> None:
    for phone in PHONES.values():
        assert bool(phone.spanish) if phone.is_spanish else bool(phone.english)
        if phone.english:
            said = [each.phones for each in pronunciations(phone.english)]
            assert any(phone.symbol in phones for phones in said), phone.symbol


def test_a_spanish_phone_is_kin_to_english_ones_of_its_class() -> None:
    for spanish, english in KIN.items():
        assert all(is_vowel(each) == is_vowel(spanish) for each in english)


def test_phones_are_read_in_any_case_and_with_stress_digits() -> None:
    assert parse("r ae1 B ih0 T ES_RR") == ("R", "AE", "B", "IH", "T", "es_rr")


@pytest.mark.parametrize("written", ["R AE XX", "R,AE", "9", "<blank>", "es_q", "ß"])
def test_an_unknown_phone_is_named(written: str) -> None:
    with pytest.raises(SpeechError) as error:
        parse(written)
    assert error.value.code == "bad_phone"
