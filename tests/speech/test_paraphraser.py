"""The shipped paraphraser, by its functions and by its command."""

import json
import time

import pytest
import torch

from speech.__main__ import main
from speech.errors import PLAIN, SpeechError
from speech.paraphraser import Paraphraser, Spoken, bundle, paraphrase
from speech.paraphraser.decode import PLAIN as PLAIN_SEARCH
from speech.paraphraser.decode import Search, nbest
from speech.paraphraser.source import of_words
from speech.paraphraser.text import MAX_WORDS, spoken
from speech.phones import INVENTORY, SYMBOLS

ZOO = "The seven students visit a big zoo in Spain"


@pytest.fixture(scope="module")
def shipped() -> Paraphraser:
    return Paraphraser.load()


def test_candidates_are_distinct_and_the_likeliest_comes_first() -> None:
    found = paraphrase(ZOO, 10)
    assert len({sum(each.phones, ()) for each in found}) == 10
    chances = [each.probability for each in found]
    assert chances == sorted(chances, reverse=True)
    assert all(0 < chance < 1 for chance in chances) and sum(chances) < 1
    assert {phone for each in found for word in each.phones for phone in word} <= set(INVENTORY)


def test_changes_are_where_the_sounds_differ() -> None:
    words = spoken(ZOO)
    for each in paraphrase(ZOO, 10):
        said = [[[phone] for phone in word.phones] for word in words]
        for change in each.changes:
            assert words[change.word].phones[change.index] == change.phone
            assert change.said.split() != [change.phone]
            said[change.word][change.index] = change.said.split()
        assert each.phones == tuple(tuple(sum(word, [])) for word in said)


def test_people_s_commonest_errors_are_among_them() -> None:
    made = {(c.phone, c.said) for each in paraphrase(ZOO, 10) for c in each.changes}
    assert {("Z", "S"), ("DH", "D")} <= made
    assert made & {("IH", "IY"), ("IH", "es_i")}
    assert made & {("S", "es_e S"), ("S", "EH S")}  # 'Espain'


def test_diversity_takes_in_more_different_errors(shipped: Paraphraser) -> None:
    source = of_words(spoken(ZOO))

    def errors(search: Search) -> int:
        return len(
            {
                (at, sounds)
                for each in nbest(shipped.net, source, 10, search)
                for at, sounds in enumerate(each.said)
                if sounds != (source[at].phone,)
            }
        )

    assert errors(Search()) > errors(Search(diversity=0.5)) >= errors(PLAIN_SEARCH)


def test_a_hypothesis_has_the_probability_of_its_actions(shipped: Paraphraser) -> None:
    source = of_words(spoken("zoo"))
    plain = {each.said: each.log_prob for each in nbest(shipped.net, source, 5, PLAIN_SEARCH)}
    other = {each.said: each.log_prob for each in nbest(shipped.net, source, 5)}
    shared = plain.keys() & other.keys()
    assert shared
    assert all(plain[said] == pytest.approx(other[said], abs=1e-4) for said in shared)


def test_a_sample_is_the_same_for_a_seed(shipped: Paraphraser) -> None:
    words = spoken(ZOO)
    one, same, other = (shipped.sample(words, seed) for seed in (1, 1, 2))
    assert one == same != other
    assert len(one) == len(words)


def test_one_sound_has_ten_ways_too() -> None:
    assert len(paraphrase("a", 10)) == 10


def test_two_hundred_words_are_no_trouble() -> None:
    text = " ".join([ZOO] * 23)[: -len(" Spain")]
    started = time.perf_counter()
    found = paraphrase(text, 10)
    assert time.perf_counter() - started < 60  # some seconds; the machine may be busy
    assert len(found[0].phones) == 206
    assert len({each.phones for each in found}) == 10


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_text"),
        (" ... ", "empty_text"),
        ("dog " * (MAX_WORDS + 1), "text_too_long"),
        ("d" * 3001, "text_too_long"),
        ("El perro come en la casa", "not_english"),
        ("¿Dónde está el perro?", "not_english"),
        ("Mañana", "not_english"),
        ("Me gusta mucho el chocolate", "not_english"),
        ("собака", "unknown_word"),
    ],
)
def test_what_cannot_be_paraphrased_is_named(text: str, code: str) -> None:
    with pytest.raises(SpeechError) as error:
        paraphrase(text)
    assert error.value.code == code
    assert error.value.plain == PLAIN[code]


@pytest.mark.parametrize(
    "text", ["I live in El Paso", "no", "Me too", "The café is on the plaza", "la la la, I sing"]
)
def test_english_with_spanish_words_is_english(text: str) -> None:
    assert paraphrase(text, 1)


def test_phones_that_are_not_english_are_refused(shipped: Paraphraser) -> None:
    for phone in ("XX", "es_rr", "AX", "<blank>"):
        with pytest.raises(SpeechError, match="bad_phone"):
            shipped.candidates([Spoken("r", (phone,), "")], 3)
    with pytest.raises(SpeechError, match="empty_text"):
        shipped.candidates([], 3)
    with pytest.raises(SpeechError, match="bad_phone"):
        paraphrase("rabbit", accepted={"rabbit": ["R QQ"]})


def test_an_author_s_pronunciation_is_what_is_paraphrased() -> None:
    found = paraphrase("rabbit", 1, accepted={"rabbit": ["S AH0 N"]})
    assert len(found[0].phones[0]) <= 5
    assert {change.phone for change in found[0].changes} <= {"S", "AH", "N"}


def test_the_command_prints_a_line_for_each_and_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["paraphrase", ZOO, "-n", "4"]) == 0
    output = capsys.readouterr()
    lines = output.out.splitlines()
    assert output.err == "" and len(lines) == len(set(lines)) == 4
    for line, each in zip(lines, paraphrase(ZOO, 4), strict=True):
        chance, said = line.split(maxsplit=1)
        assert float(chance) == pytest.approx(each.probability, rel=0.01)
        assert tuple(tuple(w.split()) for w in said.replace("-", "").split("|")) == each.phones


def test_the_command_gives_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["paraphrase", "a zoo", "-n", "3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"text", "candidates"} and found["text"] == "a zoo"
    assert len(found["candidates"]) == 3
    for each in found["candidates"]:
        assert set(each) == {"probability", "phones", "changes"}
        assert len(each["phones"]) == 2
        assert all(set(c) == {"word", "index", "phone", "said"} for c in each["changes"])


def test_the_command_says_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["paraphrase", "El gato está en la mesa"]) == 2
    output = capsys.readouterr()
    assert output.out == "" and "not_english: Parece que el texto está en español" in output.err


def test_the_bundle_is_small_and_of_this_inventory(shipped: Paraphraser) -> None:
    assert sum(file.stat().st_size for file in bundle.DEFAULT.iterdir()) < 3_000_000
    assert shipped.net.config.symbols == SYMBOLS
    assert all(torch.isfinite(each).all() for each in shipped.net.parameters())
