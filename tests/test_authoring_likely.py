"""How a Spanish speaker is likely to say a sentence, as an author reads it."""

import pytest
from django.test import Client

from learning.authoring.likely import likely, sentence
from speech.paraphraser import Change, Spoken
from tests.authors import ADMIN, text_of


def ask(author: Client, text: str, accepted: str = "") -> str:
    address = f"{ADMIN}/exercise/hispanohablante/"
    return text_of(author.post(address, {"text": text, "accepted": accepted}))


def test_an_author_sees_which_sounds_are_likely_to_change(author: Client) -> None:
    address = f"{ADMIN}/exercise/hispanohablante/"
    response = author.post(address, {"text": "I speak Spanish."})
    page = response.content.decode()
    ways = response.context["said"]
    assert len(ways) == 8 and len({way.sounds for way in ways}) == 8
    assert "<mark>s</mark>peak" in page
    assert any("Pone la e española delante de la «s» de «speak»." in w.changes for w in ways)
    for way in ways:
        assert [piece.changed for word in way.words for piece in word].count(True) <= len(
            way.changes
        )
        texts = ["".join(piece.letters for piece in word) for word in way.words]
        assert texts == ["I", "speak", "Spanish"]


def test_a_gap_is_filled_first(author: Client) -> None:
    sent = {"text": "I ___ Spanish.", "answers": "speak\r\nlearn"}
    response = author.post(f"{ADMIN}/exercise/hispanohablante/", sent)
    first = response.context["said"][0]
    assert ["".join(piece.letters for piece in w) for w in first.words] == ["I", "speak", "Spanish"]


@pytest.mark.parametrize(
    ("index", "phone", "said", "wanted"),
    [
        (0, "S", "", "Se come la «s» de «stop»."),
        (0, "S", "es_e S", "Pone la e española delante de la «s» de «stop»."),
        (3, "P", "P es_e", "Añade la e española detrás de la «p» de «stop»."),
        (2, "AA", "es_o", "Dice la «o» de «stop» como la o española, y es la a larga de «father»."),
    ],
)
def test_a_change_is_a_sentence(index: int, phone: str, said: str, wanted: str) -> None:
    word = Spoken("stop", ("S", "T", "AA", "P"), "1")
    assert sentence(word, Change(0, index, phone, said)) == wanted


def test_an_author_s_pronunciation_is_what_is_changed() -> None:
    words = {way.words for way in likely("rabbit", "R AE B EH T")}
    assert all("".join(piece.letters for piece in word[0]) == "rabbit" for word in words)


@pytest.mark.parametrize(
    ("text", "accepted", "said"),
    [
        ("", "", "No hay texto que leer."),
        ("…", "", "No hay texto que leer."),
        ("El perro es de mi hermano y la casa es grande", "", "Escríbelo en inglés."),
        ("a 兎", "", "No sabemos cómo se pronuncia una de las palabras. (兎)"),
        ("dog " * 200, "", "El texto es demasiado largo."),
        ("a dog", "dog: D QQ", "«QQ» no es un sonido"),
        ("a dog", "cat: K AE T", "«cat» no está en el texto."),
    ],
)
def test_bad_text_is_answered_in_plain_words(
    author: Client, text: str, accepted: str, said: str
) -> None:
    assert said in ask(author, text, accepted)
