"""Spanish spelling to phones: both regions, stress, neighbours, and what is no word."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from speech import espeak, spanish
from speech.errors import SpeechError
from speech.judge.spanish import read_as_spanish
from speech.lexicon import pronunciations, spanish_reading
from speech.phones import INDEX, INVENTORY, SYMBOLS, is_vowel


def first(word: str, region: str = "es") -> str:
    return str(spanish.pronunciations(word, region)[0])


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("zapato", "TH es_a P es_a T es_o"),
        ("cena", "TH es_e N es_a"),
        ("acción", "es_a K TH Y es_o N"),
        ("piscina", "P es_i S TH es_i N es_a"),
        ("guerra", "G es_e es_rr es_a"),
        ("pingüino", "P es_i NG G W es_i N es_o"),
        ("guante", "G W es_a N T es_e"),
        ("queso", "K es_e S es_o"),
        ("gente", "es_x es_e N T es_e"),
        ("jota", "es_x es_o T es_a"),
        ("méxico", "M es_e es_x es_i K es_o"),
        ("taxi", "T es_a K S es_i"),
        ("xilófono", "S es_i L es_o F es_o N es_o"),
        ("chico", "CH es_i K es_o"),
        ("llave", "es_y es_a es_b es_e"),
        ("niño", "N es_i es_ny es_o"),
        ("rosa", "es_rr es_o S es_a"),
        ("honra", "es_o N es_rr es_a"),
        ("alrededor", "es_a L es_rr es_e es_d es_e es_d es_o es_r"),
        ("pero", "P es_e es_r es_o"),
        ("hielo", "es_y es_e L es_o"),
        ("hueso", "W es_e S es_o"),
        ("tiene", "T Y es_e N es_e"),
        ("ciudad", "TH Y es_u es_d es_a D"),
        ("baile", "B es_a es_i L es_e"),
        ("país", "P es_a es_i S"),
        ("búho", "B es_u es_o"),
        ("muy", "M es_u es_i"),
        ("rey", "es_rr es_e es_i"),
        ("y", "es_i"),
        ("yo", "es_y es_o"),
        ("leer", "L es_e es_e es_r"),
        ("psicólogo", "S es_i K es_o L es_o es_g es_o"),
        ("pizza", "P es_i T S es_a"),
        ("whisky", "W es_i S K es_i"),
        ("stop", "es_e S T es_o P"),
        ("José", "es_x es_o S es_e"),
        ("García", "G es_a es_r TH es_i es_a"),
        ("ANÁLISIS", "es_a N es_a L es_i S es_i S"),
        ("año", "es_a es_ny es_o"),
        ("Müller", "M es_u es_y es_e es_r"),
    ],
)
def test_spelling_becomes_sounds(word: str, said: str) -> None:
    assert first(word) == said


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("vaca", "B es_a K es_a"),
        ("lobo", "L es_o es_b es_o"),
        ("ambos", "es_a M B es_o S"),
        ("envidia", "es_e M B es_i es_d Y es_a"),
        ("dedo", "D es_e es_d es_o"),
        ("andar", "es_a N D es_a es_r"),
        ("caldo", "K es_a L D es_o"),
        ("gato", "G es_a T es_o"),
        ("lago", "L es_a es_g es_o"),
        ("tango", "T es_a NG G es_o"),
        ("banco", "B es_a NG K es_o"),
        ("ángel", "es_a NG es_x es_e L"),
    ],
)
def test_sounds_settle_beside_their_neighbours(word: str, said: str) -> None:
    assert first(word) == said


def test_latin_america_has_s_where_spain_has_z() -> None:
    assert first("zapato", "es-419") == "S es_a P es_a T es_o"
    assert first("piscina", "es-419") == "P es_i S es_i N es_a"
    assert {str(p) for p in spanish.pronunciations("caza")} == {
        "K es_a TH es_a",
        "K es_a S es_a",
    }
    assert first("calle") == first("calle", "es-419") == "K es_a es_y es_e"


@pytest.mark.parametrize(
    ("word", "stress"),
    [
        ("casa", "10"), ("casas", "10"), ("cantan", "10"), ("cantar", "01"), ("reloj", "01"),
        ("árbol", "10"), ("canción", "01"), ("teléfono", "0100"), ("día", "10"), ("baile", "100"),
        ("estoy", "010"), ("causa", "100"), ("averigüe", "0010"), ("sol", "1"), ("hacia", "10"),
    ],
)  # fmt: skip
def test_stress_follows_the_accent_rules(word: str, stress: str) -> None:
    assert spanish.pronunciations(word, "es")[0].stress == stress


def test_after_a_vowel_b_d_g_are_soft() -> None:
    said = {str(each) for each in spanish.pronunciations("vaca", "es")}
    assert said == {"B es_a K es_a", "es_b es_a K es_a"}
    assert "es_e es_d es_a es_d" in {str(each) for each in spanish.pronunciations("edad", "es")}


def test_espeak_agrees_but_for_what_we_hold_otherwise() -> None:
    """Its labels trained the listener; `banco`, `caldo` and `pingüino` above are otherwise."""
    words = """abuela agua ajo amigo arroz azúcar barco bicicleta bota brazo caballo cabeza cama
    camisa cerdo chocolate cielo cocina conejo cuchara cuello diente elefante escuela estrella
    flor fuego gallina gato guitarra hermano hoja huevo iglesia jabón jirafa lápiz leche libro
    lluvia luna madre mano manzana mariposa mesa montaña naranja nieve niña noche nube ojo oreja
    pájaro pan perro pie plátano playa puerta queso ratón reloj rodilla sábado silla sol sombrero
    tigre tortuga uva vaso ventana viento zanahoria zapato zorro""".split()
    for region in spanish.REGIONS:
        other = [w for w in words if first(w, region) != " ".join(espeak.phones(w, region))]
        assert other == []


@pytest.mark.parametrize(
    "word",
    ["", " ", "42", "a1", "😀", "日本", "привет", "ñandú😀", "a" * 60, "pfft", "\ud800", "-"],
)
def test_what_is_no_word_is_unknown(word: str) -> None:
    with pytest.raises(SpeechError) as error:
        spanish.pronunciations(word)
    assert error.value.code == "unknown_word"


def test_a_region_we_do_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="no region"):
        spanish.pronunciations("casa", "es-AR")


@given(st.text(max_size=30) | st.text("abcdefghijlmnñopqrstuvxyzáéíóúü", max_size=20))
def test_any_text_has_sounds_of_the_inventory_or_is_unknown(word: str) -> None:
    try:
        found = spanish.pronunciations(word)
    except SpeechError as error:
        assert error.code == "unknown_word"
        return
    for each in found:
        assert each.phones
        assert set(each.phones) <= set(INVENTORY)
        assert len(each.stress) == sum(map(is_vowel, each.phones))
        assert each.stress.count("1") == 1


def test_a_text_is_read_word_by_word_and_numbers_out_loud() -> None:
    words = spanish.of_text("¡Árbol de 2 pinos!", "es-419")
    assert [str(word[0]) for word in words] == [
        "es_a es_r es_b es_o L", "D es_e", "D es_o S", "P es_i N es_o S"
    ]  # fmt: skip
    for nothing in ("", "¿?", "9" * 40, "日本"):
        with pytest.raises(SpeechError) as error:
            spanish.of_text(nothing)
        assert error.value.code == "unknown_word"


@pytest.mark.parametrize(
    ("word", "readings"),
    [
        ("rabbit", {"es_rr es_a es_b es_i T"}),
        ("house", {"es_o es_u S es_e"}),
        ("island", {"es_i S L es_a N D"}),
        ("Spain", {"es_e S P es_a es_i N"}),
        ("ice", {"es_i TH es_e", "es_i S es_e"}),
        ("zebra", {"TH es_e es_b es_r es_a", "S es_e es_b es_r es_a"}),
        ("jam", {"es_x es_a M"}),
        ("yellow", {"es_y es_e es_y es_o es_u"}),
        ("the", {"T es_e"}),
        ("write", {"es_rr es_i T es_e"}),
        ("queen", {"K es_e N", "K es_e es_e N"}),
        ("elephant", {"es_e L es_e F es_a N T"}),
        ("don't", {"D es_o N T", "es_d es_o N T"}),
        ("Mr", set()),
        ("42", set()),
        ("😀", set()),
        ("a" * 60, set()),
    ],
)
def test_an_english_word_can_be_read_as_if_it_were_spanish(word: str, readings: set[str]) -> None:
    assert {str(each) for each in spanish_reading(word)} == readings


def test_a_spanish_reading_is_never_an_accepted_pronunciation() -> None:
    for word in "rabbit house island Spain ice zebra jam in to fan no me".split():
        accepted = {each.phones for each in pronunciations(word)}
        assert not accepted & {each.phones for each in spanish_reading(word)}
        assert {each.source for each in spanish_reading(word)} <= {"spanish"}


def heard(*words: str) -> torch.Tensor:
    """(T, V) log posteriors of a listener that is quite sure of these phones."""
    phones = " ".join(words).split()
    posteriors = torch.full((6 * len(phones) + 2, len(SYMBOLS)), 0.1 / len(SYMBOLS))
    posteriors[:, 0] += 0.9
    for at, phone in enumerate(phones):
        posteriors[6 * at + 2 : 6 * at + 5] = 0.1 / len(SYMBOLS)
        posteriors[6 * at + 2 : 6 * at + 5, INDEX[phone]] += 0.9
    return posteriors.log()


CAT, RABBIT = ("K", "AE", "T"), ("R", "AE", "B", "AH", "T")


def test_a_word_read_as_spanish_is_found_among_others() -> None:
    take = heard("K AE T", "es_rr es_a es_b es_i T")
    assert read_as_spanish(take, ["cat", "rabbit"], [CAT, RABBIT]) == [
        (),
        ("es_rr", "es_a", "es_b", "es_i", "T"),
    ]


@pytest.mark.parametrize("said", ["R AE B AH T", "es_rr AE B AH T", "R es_a B AH T", "W AE B AH T"])
def test_a_word_said_in_english_with_an_accent_is_not(said: str) -> None:
    assert read_as_spanish(heard("K AE T", said), ["cat", "rabbit"], [CAT, RABBIT]) == [(), ()]


def test_a_reading_but_one_sound_away_is_left_to_the_tip_of_that_sound() -> None:
    assert read_as_spanish(heard("es_i N"), ["in"], [("IH", "N")]) == [()]


def test_a_take_too_short_for_its_words_is_no_reading() -> None:
    assert read_as_spanish(heard("K")[:2], ["cat", "rabbit"], [CAT, RABBIT]) == [(), ()]
