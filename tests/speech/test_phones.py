"""The inventory: complete, distinct, and readable from what people write."""

import pytest

from speech import spanish
from speech.errors import SpeechError
from speech.lexicon import pronunciations
from speech.phones import BLANK, INVENTORY, KIN, PHONES, SPANISH, SYMBOLS, Phone, is_vowel, parse


def test_every_symbol_of_the_inventory_is_described_once() -> None:
    assert set(PHONES) == set(INVENTORY)
    assert len(PHONES) == 52
    assert (BLANK, *INVENTORY) == SYMBOLS


def test_no_two_phones_share_a_name_or_a_sign() -> None:
    assert len({phone.name for phone in PHONES.values()}) == len(PHONES)
    assert len({phone.ipa for phone in PHONES.values()}) == len(PHONES)


# English sounds that Spanish has too, or has beside certain neighbours.
SHARED = "AW AY B CH D EY F G K L M N NG OY P S T TH W Y".split()
AS_TWO_VOWELS = {"AW": "es_a es_u", "AY": "es_a es_i", "EY": "es_e es_i", "OY": "es_o es_i"}


@pytest.mark.parametrize("phone", PHONES.values(), ids=lambda phone: phone.symbol)
def test_every_phone_has_an_example_in_each_language(phone: Phone) -> None:
    english = [str(each).split() for each in pronunciations(phone.english)]
    in_spanish = [str(each) for each in spanish.pronunciations(phone.spanish)]
    if not phone.is_spanish:
        assert any(phone.symbol in phones for phones in english)
    if phone.is_spanish or phone.symbol in SHARED:
        wanted = AS_TWO_VOWELS.get(phone.symbol, phone.symbol)
        assert any(f" {wanted} " in f" {phones} " for phones in in_spanish)


def test_the_nearest_english_sound_to_a_spanish_one_is_its_kin() -> None:
    nearest = {**KIN, "es_r": ("D",), "es_rr": ("R",), "es_x": ("K",), "es_ny": ("N",)}
    nearest["es_b"] = ("V",)  # the b of 'lobo' has no closure, like v
    for symbol in SPANISH:
        said = pronunciations(PHONES[symbol].english)
        assert any(set(each.phones) & set(nearest[symbol]) for each in said), symbol


def test_a_spanish_phone_is_kin_to_english_ones_of_its_class() -> None:
    for phone, english in KIN.items():
        assert all(is_vowel(each) == is_vowel(phone) for each in english)


def test_phones_are_read_in_any_case_and_with_stress_digits() -> None:
    assert parse("r ae1 B ih0 T ES_RR") == ("R", "AE", "B", "IH", "T", "es_rr")


@pytest.mark.parametrize("written", ["R AE XX", "R,AE", "9", "<blank>", "es_q", "ß"])
def test_an_unknown_phone_is_named(written: str) -> None:
    with pytest.raises(SpeechError) as error:
        parse(written)
    assert error.value.code == "bad_phone"
