"""espeak-ng: its phones become ours, and it speaks."""

import threading
from pathlib import Path

import espeakng_loader
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speech import espeak
from speech.errors import SpeechError
from speech.espeak_symbols import SPELLING, SYMBOLS
from speech.phones import ENGLISH, INVENTORY, SPANISH


def tables() -> dict[str, list[str]]:
    """espeak's own phoneme tables, read from its data: name -> phonemes with a sound."""
    data = Path(espeakng_loader.get_data_path(), "phontab").read_bytes()
    found: dict[str, list[str]] = {}
    at = 4
    for _ in range(data[0]):
        count, at = data[at], at + 4
        name, at = data[at : at + 32].split(b"\0")[0].decode(), at + 32
        rows = [data[at + 16 * i : at + 16 * (i + 1)] for i in range(count)]
        found[name] = [row[:4].rstrip(b"\0").decode("latin1") for row in rows if 2 <= row[11] <= 8]
        at += 16 * count
    return found


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en-us", ("en", "en-us")),
        ("en-gb", ("en", "en-rp")),
        ("es", ("base2", "es")),
        ("es-419", ("base2", "es", "es-la")),
    ],
)
def test_every_phoneme_of_a_voice_has_its_place_in_our_inventory(
    language: str, names: tuple[str, ...]
) -> None:
    known = tables()
    assert [m for name in names for m in known[name] if m not in SYMBOLS[language]] == []
    assert {p for phones in SYMBOLS[language].values() for p in phones} <= set(INVENTORY)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("rabbit", "en-us", "R AE B IH T"),
        ("little button", "en-us", "L IH T AH L B AH T AH N"),
        ("hurry", "en-us", "HH ER IY"),
        ("during", "en-us", "D UH R IH NG"),
        ("idea", "en-us", "AY D IY AH"),
        ("it--or so; no", "en-us", "IH T AO R S OW N OW"),
        ("car", "en-us", "K AA R"),
        ("car", "en-gb", "K AA"),
        ("bath", "en-gb", "B AA TH"),
        ("there", "en-gb", "DH EH AH"),
        ("perro", "es", "P es_e es_rr es_o"),
        ("pero", "es", "P es_e es_r es_o"),
        ("lobo lado lago", "es", "L es_o es_b es_o L es_a es_d es_o L es_a es_g es_o"),
        ("niño", "es", "N es_i es_ny es_o"),
        ("llave", "es", "es_y es_a es_b es_e"),
        ("yo", "es", "es_y es_o"),
        ("jota", "es", "es_x es_o T es_a"),
        ("caza", "es", "K es_a TH es_a"),
        ("caza", "es-419", "K es_a S es_a"),
        ("ardilla", "es-419", "es_a es_r es_d es_i es_y es_a"),
        ("tiene", "es", "T Y es_e N es_e"),
        ("chico", "es", "CH es_i K es_o"),
        ("vaca", "es", "B es_a K es_a"),
    ],
)
def test_text_becomes_our_phones(text: str, language: str, expected: str) -> None:
    assert " ".join(espeak.phones(text, language)) == expected


def test_stress_has_a_digit_for_each_vowel() -> None:
    assert espeak.transcribe("banana") == (("B", "AH", "N", "AE", "N", "AH"), "010")


@settings(max_examples=200)
@given(st.text(max_size=30), st.sampled_from(sorted(SYMBOLS)))
def test_any_text_gives_phones_of_the_inventory_or_a_named_error(text: str, language: str) -> None:
    try:
        phones, stress = espeak.transcribe(text, language)
    except SpeechError as error:
        assert error.code == "bad_phone"
    else:
        assert set(phones) <= set(INVENTORY)
        assert len(stress) <= len(phones)


def test_a_phoneme_we_do_not_know_is_an_error_and_not_silence() -> None:
    with pytest.raises(SpeechError) as error:
        espeak.phones("α", "es")
    assert error.value.code == "bad_phone"


def test_it_speaks_slower_when_asked() -> None:
    normal, rate = espeak.synthesise("I see a rabbit", "en-us")
    slow, _ = espeak.synthesise("I see a rabbit", "en-us", espeak.SLOW_WPM)
    assert rate == 22050
    assert normal.dtype == np.float32
    assert 0.1 < np.abs(normal).max() <= 1.0
    assert len(slow) > 1.2 * len(normal)


def test_voices_differ_and_do_not_leak_into_the_next_call() -> None:
    plain, _ = espeak.synthesise("rabbit", "en-us")
    takes = [espeak.synthesise("rabbit", "en-us", variant=v)[0] for v in espeak.VARIANTS]
    again, _ = espeak.synthesise("rabbit", "en-us")
    assert len({len(take) for take in takes}) > 3
    assert len(again) == pytest.approx(len(plain), rel=0.01)
    with pytest.raises(ValueError, match="no voice variant"):
        espeak.synthesise("rabbit", variant="x9")


@pytest.mark.parametrize("language", sorted(SPELLING))
def test_every_phone_a_voice_can_say_is_heard(language: str) -> None:
    around = len(espeak.synthesise(espeak.spell(["es_e"] * 2, "", language), language)[0])
    for phone in SPELLING[language]:
        said = espeak.spell(["es_e", phone.rstrip("0"), "es_e"], "", language)
        samples, _ = espeak.synthesise(said, language)
        assert len(samples) > around, phone


def test_the_english_voices_say_every_english_phone() -> None:
    assert set(ENGLISH) <= set(SPELLING["en-us"]) & set(SPELLING["en-gb"])


@pytest.mark.parametrize("voice", sorted(SPELLING))
def test_any_voice_says_all_phones_with_the_sounds_of_their_language(voice: str) -> None:
    for phone in INVENTORY:
        table = "es" if phone in SPANISH else "en-us"
        around = "es_e" if phone in SPANISH else "EH"
        spelled = espeak.spell_mixed([("en-gb", ("M",), ""), (table, (around, phone, around), "")])
        assert espeak.phones(spelled, voice) == ("M", around, phone, around)


def test_a_table_that_has_not_the_phone_is_refused() -> None:
    with pytest.raises(SpeechError) as error:
        espeak.spell_mixed([("en-us", ("K",), ""), ("es", ("AE",), "1")])
    assert error.value.code == "bad_phone"


def test_phones_can_be_spelled_with_stress() -> None:
    assert espeak.spell("R AE B AH T".split(), "10") == "[[r|'a|b|@|t]]"


def test_a_phone_a_voice_cannot_say_is_refused() -> None:
    with pytest.raises(SpeechError) as error:
        espeak.spell(["AE"], "", "es")
    assert error.value.code == "bad_phone"


def test_threads_do_not_mix_their_voices() -> None:
    expected = {language: espeak.phones("caza", language) for language in ("es", "es-419")}
    wrong = []

    def work(language: str) -> None:
        for _ in range(50):
            if espeak.phones("caza", language) != expected[language]:
                wrong.append(language)

    threads = [threading.Thread(target=work, args=(language,)) for language in expected]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
