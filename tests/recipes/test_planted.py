"""The planted list: what may be planted, and that the kept table holds to it."""

from collections import Counter
from pathlib import Path

import pytest

from speech.recipes.phonetic_rnnt import planted
from speech.recipes.phonetic_rnnt.corpora import bare, rows
from speech.recipes.phonetic_rnnt.planted import PAIRS, REVERSED, Plant
from tests.voices import DATA

CORPUS = DATA / "speechocean762"


@pytest.mark.parametrize(
    ("word", "phones", "at", "asked"),
    [
        ("sheep", "SH IY P", 1, "IH"),
        ("so", "S OW", 1, "AO"),
        ("rang", "R AE NG", 2, "N"),
        ("better", "B EH T ER", 0, "V"),
        ("speak", "S P IY K", 3, "G"),
        ("price", "P R AY S", 3, "Z"),  # 'prize'
        ("pride", "P R AY D", 0, "B"),  # a cluster, and 'bride' is one
    ],
)
def test_what_may_be_planted(word: str, phones: str, at: int, asked: str) -> None:
    assert planted.plausible(word, tuple(phones.split()), at, asked)


@pytest.mark.parametrize(
    ("word", "phones", "at", "asked"),
    [
        ("stop", "S T AA P", 0, "Z"),  # in a cluster, no word
        ("place", "P L EY S", 0, "B"),
        ("nose", "N OW Z", 0, "NG"),  # no English word starts so
        ("page", "P EY JH", 2, "Y"),  # nor ends so
        ("either", "IY DH ER", 0, "AY"),  # an accepted way to say it
        ("ago", "AH G OW", 0, "AE"),  # unstressed
        ("for", "F AO R", 1, "ER"),  # 'fur' is F ER
        ("not", "N AH T", 1, "AE"),  # a label that is not the word's
        ("zzyx", "Z IH K S", 0, "S"),  # no such word
    ],
)
def test_what_may_not_be_planted(word: str, phones: str, at: int, asked: str) -> None:
    assert not planted.plausible(word, tuple(phones.split()), at, asked)


def test_a_t_between_vowels_is_no_stop_across_words_either() -> None:
    assert planted.flapped("G EH T AH P".split(), 2)
    assert not planted.flapped("G EH T D AW N".split(), 2)
    assert not planted.flapped("T UW".split(), 0)
    assert not planted.flapped("AH S IY".split(), 1)


def corpus(folder: Path) -> Path:
    """Three takes of two speakers, scored: well, badly as a whole, and with one bad word."""
    files = {
        "split": ["speaker\tpart", "1\treport", "2\tdev"],
        "utterances": [
            "utt_id\tspeaker\taccuracy\ttext",
            "a\t1\t9\tSHEEP SLEEP",
            "b\t2\t5\tSHEEP",
            "c\t2\t8\tSHEEP DEEP",
        ],
        "words": ["utt_id\tword_index\tword\taccuracy"],
        "phones": ["utt_id\tword_index\tword\tphone_index\tphone\tscore"],
    }
    words = {"SHEEP": "SH IY0 P", "SLEEP": "S L IY0 P", "DEEP": "D IY0 P"}
    for name, text, scores in (
        ("a", "SHEEP SLEEP", (2, 2)),
        ("b", "SHEEP", (2,)),
        ("c", "SHEEP DEEP", (1.6, 2)),
    ):
        for w, (word, score) in enumerate(zip(text.split(), scores, strict=True)):
            files["words"].append(f"{name}\t{w}\t{word}\t9")
            for p, phone in enumerate(words[word].split()):
                files["phones"].append(f"{name}\t{w}\t{word}\t{p}\t{phone}\t{score}")
    for name, lines in files.items():
        (folder / f"{name}.tsv").write_text("\n".join(lines) + "\n")
    return folder


def test_plants_come_from_well_scored_words_of_well_scored_takes(tmp_path: Path) -> None:
    found = planted.build(corpus(tmp_path))
    places = {(p.utt_id, p.word_index) for p in found}
    assert places == {("a", 0), ("a", 1), ("c", 1)}
    assert {p.part for p in found if p.utt_id == "a"} == {"report"}


def test_a_plant_asks_for_the_partner_of_a_sound_that_was_said(tmp_path: Path) -> None:
    found = [c.plant for c in planted.candidates(corpus(tmp_path), PAIRS)]
    assert Plant("report", "a", 0, 1, "IH", "IY") in found  # 'ship' asked, 'sheep' said
    assert Plant("report", "a", 1, 2, "IH", "IY") in found  # 'slip', 'sleep'
    assert all((p.asked, p.said) in PAIRS for p in found)


def test_of_one_pair_no_more_are_chosen_than_wanted_and_real_words_first(tmp_path: Path) -> None:
    found = list(planted.candidates(corpus(tmp_path), [("IH", "IY"), ("B", "P")]))
    both = [c for c in found if c.plant.utt_id == "a"]
    assert len(both) == 4
    chosen = planted.choose(both, 1)
    assert Counter(p.pair for p in chosen) == {("IH", "IY"): 1, ("B", "P"): 1}
    assert len({p.word_index for p in chosen}) == 2  # each in another word


def test_the_table_is_large_even_and_never_plants_a_word_twice() -> None:
    table = planted.read()
    for part, most in planted.MOST.items():
        for pairs in (PAIRS, REVERSED):
            plants = [p for p in table if p.part == part and p.pair in pairs]
            assert len({(p.utt_id, p.word_index) for p in plants}) == len(plants)
            assert max(Counter(p.utt_id for p in plants).values()) <= planted.A_TAKE
            assert max(Counter(p.pair for p in plants).values()) <= most
    assert {p.pair for p in table} == {*PAIRS, *REVERSED}
    assert len({p.utt_id for p in table if p.part == "report" and p.pair in PAIRS}) >= 300
    parts: dict[str, set[str]] = {}
    for plant in table:
        parts.setdefault(plant.utt_id, set()).add(plant.part)
    assert all(len(each) == 1 for each in parts.values())


@pytest.mark.skipif(not CORPUS.exists(), reason="the learners' takes are not at hand")
def test_the_table_fits_the_takes() -> None:
    phones = {
        (row["utt_id"], int(row["word_index"]), int(row["phone_index"])): row
        for row in rows(CORPUS / "phones.tsv")
    }
    for plant in planted.read():
        row = phones[plant.utt_id, plant.word_index, plant.phone_index]
        assert bare(row["phone"]) == plant.said
        assert float(row["score"]) >= 1.8
