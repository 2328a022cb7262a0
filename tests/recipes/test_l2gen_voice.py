"""Voiced paraphrases: every kind of voice says what is asked; what is not heard is dropped."""

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from speech import audio
from speech.errors import SpeechError
from speech.listener.model import Listener
from speech.phones import INVENTORY, is_vowel
from speech.recipes.l2gen import voice, voices
from speech.recipes.l2gen.voice import Heard, Item
from speech.recipes.l2gen.voices import VOICES, Line, Words
from speech.recipes.phonetic_rnnt.train import load_averaged
from speech.thresholds import DEFAULT

OF_EVERY_KIND = ("espeak_en-us+f2", "espeak_es+m3", "flite_rms", "festival_slt", "festival_kal")


def words(text: str) -> Words:
    """'Z UW, IH Z' as the phones of two words."""
    return tuple(tuple(word.split()) for word in text.split(","))


CANONICAL = words("DH AH, Z IY B R AH, IH Z, V EH R IY, B IH G")
STRESS = ("0", "10", "1", "10", "1")
SAID = words("DH AH, S IY B R AH, IH Z, B EH R IY, B IY G")


def item(name: str, said: Words = SAID) -> Item:
    return Item(name, CANONICAL, STRESS, said)


@pytest.fixture(scope="module")
def listener() -> Listener:
    return load_averaged(str(DEFAULT))


@pytest.fixture(scope="module")
def made(listener: Listener, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Heard]]:
    folder = tmp_path_factory.mktemp("l2gen")
    silent = item("silent", (*SAID[:2], (), *SAID[3:]))
    return folder, voice.make(listener, [*(item(f"zebra_{n}") for n in range(8)), silent], folder)


@pytest.mark.parametrize("name", OF_EVERY_KIND)
def test_every_kind_of_voice_says_what_it_is_asked_to(listener: Listener, name: str) -> None:
    (spoken,) = voices.speak(VOICES[name], [Line("zebra", SAID, STRESS)])
    assert spoken.words == SAID
    assert np.abs(spoken.samples).max() > 0.05
    likelihood, per, exchanges = voice.hear(listener, spoken.samples, CANONICAL, SAID)
    assert likelihood > voice.LEAST
    assert per < 0.35
    assert [(e.word, e.canonical, e.said) for e in exchanges] == [
        (1, "Z", "S"),
        (3, "V", "B"),
        (4, "IH", "IY"),
    ]
    assert all(exchange.nats > 0 for exchange in exchanges), exchanges


@pytest.mark.parametrize("name", OF_EVERY_KIND)
def test_every_phone_of_the_inventory_can_be_said(name: str) -> None:
    asked = tuple((phone, "AA", phone) for phone in INVENTORY)
    stress = tuple("120"[: sum(map(is_vowel, word))] for word in asked)
    lines = [Line("all", asked[at : at + 10], stress[at : at + 10]) for at in range(0, 52, 10)]
    for line, spoken in zip(lines, voices.speak(VOICES[name], lines), strict=True):
        if VOICES[name].program == "espeak":  # joins sounds by rules of its own
            assert {p for word in spoken.words for p in word} <= set(INVENTORY)
            assert len(spoken.words) == len(line.words)
        else:
            assert spoken.words == VOICES[name].says(line.words)


@pytest.mark.parametrize("name", OF_EVERY_KIND)
def test_a_phone_that_no_voice_can_say_is_refused(name: str) -> None:
    with pytest.raises(SpeechError, match="XX cannot be said by") as refused:
        next(voices.speak(VOICES[name], [Line("odd", (("K", "XX"),), ("",))]))
    assert refused.value.code == "bad_phone"


def test_an_english_voice_says_and_labels_the_nearest_english_phone() -> None:
    line = Line("a", words("es_rr EH D, K AE es_ny"), ("1", "1"))
    (spoken,) = voices.speak(VOICES["flite_slt"], [line])
    assert spoken.words == words("R EH D, K AE N Y")


def test_a_paraphrase_of_many_spanish_sounds_goes_to_a_voice_that_has_them() -> None:
    spanish = words("D es_a, S es_i B es_r es_a, es_i S, B es_e es_r es_i, B es_i G")
    chosen = [voice.choose(item(f"i{number}", spanish)) for number in range(40)]
    assert {each.program for each in chosen} == {"espeak"}
    chosen = [voice.choose(item(f"i{number}")) for number in range(40)]
    assert {each.program for each in chosen} == {"espeak", "flite", "festival"}
    assert chosen == [voice.choose(item(f"i{number}")) for number in range(40)]


def test_stress_stays_with_its_vowel() -> None:
    said = words("es_e S T UW D N T, es_a")
    assert voices.carried(words("S T UW D AH N T, AE T"), ["10", "2"], said) == ("01", "2")


def test_what_came_out_is_divided_into_the_words_asked() -> None:
    flat = ["es_e", "S", "T", "UW", "D", "AH", "N", "R"]
    assert voices.divided(words("S T UW D, AH N"), flat) == words("es_e S T UW D, AH N R")


def test_changes_name_the_place_among_all_phones_said() -> None:
    canonical = words("IH T, S T AA P, B EH D, AH")
    said = words("IY, es_e S T AA P, B EH D,")
    assert list(voice.changes(canonical, said)) == [
        (0, "IH", "IY", 0),
        (0, "T", None, 1),
        (1, None, "es_e", 1),
        (3, "AH", None, 9),
    ]


def test_items_are_spoken_heard_and_kept_with_their_labels(
    made: tuple[Path, list[Heard]],
) -> None:
    folder, heard = made
    assert [each.utterance.id for each in heard] == [f"l2_zebra_{n}" for n in range(8)] + [
        "l2_silent"
    ]
    assert sum(each.good for each in heard) >= 7
    assert len({each.utterance.speaker for each in heard}) >= 7
    assert any("~" in each.utterance.speaker for each in heard)
    assert heard[-1].said[2] == ()
    for each in heard:
        assert each.utterance.labels == tuple(phone for word in each.said for phone in word)
        assert (each.utterance.source, each.utterance.part) == ("l2", "train")
        assert soundfile.info(each.utterance.path).samplerate == audio.RATE
    voice.write(heard, folder / "voiced.jsonl")
    assert voice.read(folder / "voiced.jsonl") == heard


def test_what_is_there_is_not_spoken_again(
    listener: Listener, made: tuple[Path, list[Heard]]
) -> None:
    folder, heard = made
    before = {path: path.stat().st_mtime_ns for path in (folder / "audio").iterdir()}
    other = item("zebra_1", CANONICAL)
    again = voice.make(listener, [item("zebra_0"), other], folder)
    after = {path: path.stat().st_mtime_ns for path in (folder / "audio").iterdir()}
    assert {path.name for path in after if after[path] != before[path]} == {"zebra_1.wav"}
    assert again[0] == heard[0]
    assert again[1].exchanges == ()


def test_labels_that_are_not_in_the_audio_are_dropped_and_counted(
    listener: Listener, made: tuple[Path, list[Heard]]
) -> None:
    good = [each for each in made[1] if each.good]
    wrong = []
    for each in good:
        samples, _ = soundfile.read(each.utterance.path, dtype="float32")
        phones = list(each.utterance.labels)
        random.Random(1).shuffle(phones)
        likelihood, per, exchanges = voice.hear(listener, samples, CANONICAL[:1], (tuple(phones),))
        wrong.append(replace(each, likelihood=likelihood, per=per, exchanges=exchanges))
    assert not any(each.good for each in wrong)
    total = voice.report([*good, *wrong]).split("\n\n")[0].splitlines()[-1]
    assert total.startswith(f"| all | {2 * len(good)} | {len(good)} |")


def test_a_broken_line_of_paraphrases_is_refused(tmp_path: Path) -> None:
    record = {"id": "a", "words": [["K", "AE", "T"]], "stress": ["1"], "said": [["K", "AA", "T"]]}
    path = tmp_path / "paraphrases.jsonl"

    def read(**changed: object) -> list[Item]:
        path.write_text(json.dumps(record | changed) + "\n")
        return voice.read_items(path)

    assert [each.id for each in read()] == ["a"]
    assert read(said=[[]]) == []
    with pytest.raises(SpeechError, match="XX"):
        read(said=[["XX"]])
    broken: list[dict[str, object]] = [{"stress": ["10"]}, {"said": []}, {"id": "../a"}]
    for changed in broken:
        with pytest.raises(ValueError, match="paraphrases.jsonl 1"):
            read(**changed)
