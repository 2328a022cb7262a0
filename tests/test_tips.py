"""What we tell about every sound, and that its examples are what they claim to be."""

import csv
import re
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from assessment import articulation, tips
from assessment.tips import MISSING, Pair
from learning import yamlfile
from speech import lexicon
from speech.phones import ENGLISH, SPANISH

CONFUSIONS = Path(__file__).parents[2] / "shared/data/spanish_l1/confusions.tsv"
OFTEN = 10
# EpaDB's symbols, and the schwa that the inventory writes AH.
SYMBOLS = {
    "AX": "AH",
    "A": "es_a",
    "E": "es_e",
    "O": "es_o",
    "DX": "es_r",
    "X": "es_x",
    "DE": "es_d",
    "Th": "T",
    "Kh": "K",
}
# The pairs of both sources with a count of 10 or more, as they stood when the tips were written.
COMMON = """
Z-S IH-IY DH-D AH-AA AE-AA D-missing T-missing V-F T-D N-NG N-missing TH-T OW-AA JH-CH AH-missing
P-B Z-missing AH-EH NG-N S-missing AA-OW AH-OW D-T B-V IH-missing TH-D AA-es_o AE-es_a AA-AO
AH-es_e AH-es_a T-CH OW-es_o R-es_r V-B DH-es_d ZH-SH HH-es_x
""".split()


def confused() -> Iterator[tuple[str, str]]:
    """The common confusions between sounds of the inventory, from the file where there is one."""
    if not CONFUSIONS.exists():
        yield from (tuple(pair.split("-")) for pair in COMMON)  # type: ignore[misc]
        return
    with CONFUSIONS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            phone, said = (SYMBOLS.get(row[k], row[k]) for k in ("canonical", "perceived"))
            said = MISSING if said == "-" else said
            known = phone in ENGLISH and said in (*ENGLISH, *SPANISH, MISSING)
            if int(row["count"]) >= OFTEN and known and phone != said:
                yield phone, said


def spoken(word: str) -> set[tuple[str, ...]]:
    return {each.phones for each in lexicon.pronunciations(word)}


def exchanged(pair: Pair, phone: str, others: Collection[str] = ENGLISH) -> bool:
    """Whether the words can differ in one sound alone: `phone`, then one of the others."""
    for one in spoken(pair[0].word):
        for other in spoken(pair[1].word):
            odd = [(a, b) for a, b in zip(one, other, strict=False) if a != b]
            if len(one) == len(other) and len(odd) == 1:
                first, second = odd[0]
                if first == phone and second in others:
                    return True
    return False


def dropped(pair: Pair, phone: str) -> bool:
    """Whether the second word is the first without the sound."""
    shorter = spoken(pair[1].word)
    return any(
        word[at] == phone and word[:at] + word[at + 1 :] in shorter
        for word in spoken(pair[0].word)
        for at in range(len(word))
    )


def test_every_english_sound_has_a_tip() -> None:
    assert set(tips.tips()) == set(ENGLISH)
    assert len(ENGLISH) == 39


def test_every_spanish_sound_has_a_name() -> None:
    for phone in SPANISH:
        assert "«" in tips.named(phone).name
        assert tips.named(phone).spelt


@pytest.mark.parametrize(("phone", "said"), sorted(set(confused())))
def test_a_common_confusion_has_words_of_its_own(phone: str, said: str) -> None:
    assert said in tips.tips()[phone].said


def test_the_common_confusions_are_those_of_the_file() -> None:
    assert set(confused()) == {tuple(pair.split("-")) for pair in COMMON}


@pytest.mark.parametrize("phone", ENGLISH)
def test_the_example_word_holds_the_sound(phone: str) -> None:
    assert all(phone in said for said in spoken(tips.tips()[phone].word.word))


@pytest.mark.parametrize("phone", ENGLISH)
def test_the_pair_differs_in_the_sound_alone(phone: str) -> None:
    pair = tips.tips()[phone].pair
    assert exchanged(pair, phone) or dropped(pair, phone)


@pytest.mark.parametrize("phone", ENGLISH)
def test_the_pair_of_a_substitution_shows_that_substitution(phone: str) -> None:
    for said, hint in tips.tips()[phone].said.items():
        if hint.pair is None:
            continue
        said = said.removesuffix(tips.FINAL)
        if said == MISSING:
            shown = dropped(hint.pair, phone)
        else:
            shown = exchanged(hint.pair, phone, [said] if said in ENGLISH else ENGLISH)
        assert shown, (phone, said, hint.pair)


def test_the_pair_of_an_added_vowel_has_it_in_the_second_word() -> None:
    pair = tips.extras()["before_s"].pair
    assert pair is not None
    longer = {said[1:] for said in spoken(pair[1].word)}
    assert spoken(pair[0].word) & longer


def test_a_tip_tells_what_to_do_in_two_short_sentences() -> None:
    for tip in tips.tips().values():
        assert len(tip.how) == 2
        assert all(len(line) <= 95 for line in tip.how), tip.phone


def test_every_sentence_is_written_as_one() -> None:
    hints = [h for tip in tips.tips().values() for h in tip.said.values()]
    hints += tips.extras().values()
    how = [line for tip in tips.tips().values() for line in tip.how]
    for text in [*how, *(t for h in hints for t in (h.heard, h.fix))]:
        assert re.fullmatch(r"[A-ZÁÉÍÓÚÑ¡¿«].*[.!?]", text), text
        assert text.count("«") == text.count("»"), text
        assert text.count("¡") == text.count("!"), text


def test_no_two_fixes_of_a_sound_are_the_same_for_different_english_sounds() -> None:
    for tip in tips.tips().values():
        fixes = [hint.fix for said, hint in tip.said.items() if said in ENGLISH]
        assert len(fixes) == len(set(fixes)), tip.phone


def test_the_trilled_r_is_called_by_its_spanish_name() -> None:
    hint = tips.tips()["R"].hint("es_rr")
    assert hint.heard == "Dijiste la rr española, la de «perro»."
    assert hint.pair is None


def test_a_lost_final_s_is_said_to_be_final() -> None:
    assert tips.tips()["S"].hint(None, final=True).heard == "Faltó la s del final."
    assert tips.tips()["S"].hint(None).heard == "Faltó la s."


def test_a_rare_confusion_still_says_what_was_heard_and_what_to_do() -> None:
    hint = tips.tips()["M"].hint("es_x")
    assert hint.heard == "Sonó como la j española de «jamón»."
    assert hint.fix == " ".join(tips.tips()["M"].how)


def test_every_sound_has_a_drawing_and_no_drawing_is_stale() -> None:
    drawn = {path.stem.upper() for path in articulation.FOLDER.glob("*.svg")}
    assert drawn == set(ENGLISH) == set(articulation.MOUTHS)
    for phone, mouth in articulation.MOUTHS.items():
        path = articulation.FOLDER / f"{phone.lower()}.svg"
        assert path.read_text("utf-8") == articulation.svg(mouth), (
            "python -m assessment.articulation"
        )
        assert tips.tips()[phone].drawing == f"articulation/{path.name}"


def test_a_drawing_shows_voice_and_nose_as_the_sound_has_them() -> None:
    assert articulation.VOICE in articulation.svg(articulation.MOUTHS["Z"])
    assert articulation.VOICE not in articulation.svg(articulation.MOUTHS["S"])
    assert {p for p, mouth in articulation.MOUTHS.items() if mouth.nose} == {"M", "N", "NG"}


def test_a_tip_with_an_unknown_key_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "tips.yaml"
    file.write_text("R:\n  name: la r\n  colour: blue\n")
    node = yamlfile.read(file).mapping()["R"]
    with pytest.raises(yamlfile.Refused, match=r"tips.yaml:3: unknown key 'colour'"):
        tips._tip("R", node)
