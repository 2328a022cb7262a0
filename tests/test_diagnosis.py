"""From findings to advice: what is told, what comes first, and what is left unsaid."""

import json
from dataclasses import replace

import pytest

from assessment import diagnosis, insertions
from assessment.diagnosis import Outcome, advise, diagnose, praise, score_of, sounds_of, take_of
from learning import progress
from speech.findings import (
    AddedWords,
    Fluency,
    Pause,
    PhoneFinding,
    StressFinding,
    TakeFinding,
    Verdict,
)
from tests.takes import silent, take


def heard(finding: TakeFinding) -> list[str]:
    return [each.heard for each in advise(finding)]


def doubtful(finding: TakeFinding, phone: str) -> TakeFinding:
    """The same take with one sound that nobody is sure of."""
    words = tuple(
        replace(
            word,
            phones=tuple(
                replace(p, verdict=Verdict.UNSURE, said=None) if p.phone == phone else p
                for p in word.phones
            ),
        )
        for word in finding.words
    )
    return replace(finding, words=words)


def test_a_spanish_trill_is_called_by_its_name() -> None:
    (advice,) = advise(take("rabbit", {"rabbit": "es_rr AE B AH T"}))
    assert advice.heard == "Dijiste la rr española, la de «perro»."
    assert "no vibra" in advice.fix
    assert (advice.place.text, advice.place.letters, advice.phone) == ("rabbit", "r", "R")
    assert advice.pair is not None and advice.pair[0].word == "right"


def test_a_long_i_in_ship_says_so_and_shows_the_pair() -> None:
    (advice,) = advise(take("ship", {"ship": "SH IY P"}))
    assert advice.heard == "Sonó como la i larga de «sheep»."
    assert advice.pair is not None
    assert [example.word for example in advice.pair] == ["ship", "sheep"]


def test_a_lost_final_s_is_told_as_final() -> None:
    assert heard(take("books", {"books": "B UH K"})) == ["Faltó la s del final."]


def test_a_lost_s_in_the_middle_is_not() -> None:
    assert heard(take("whisper", {"whisper": "W IH P ER"})) == ["Faltó la s."]


@pytest.mark.parametrize("vowel", ["es_e", "EH", "IH", "AH"])
def test_a_vowel_before_school_has_its_own_sentence(vowel: str) -> None:
    (advice,) = advise(take("school", {"school": f"{vowel} S K UW L"}))
    assert advice.verdict is Verdict.EXTRA
    assert advice.heard == "Añadiste una e delante de la s."
    assert "sss" in advice.fix


@pytest.mark.parametrize(
    ("word", "said", "kind"),
    [
        ("school", "es_e S K UW L", "before_s"),
        ("jumped", "JH AH M P EH T", "ed_ending"),
        ("book", "B UH K es_e", "final_vowel"),
        ("sport", "S es_e P AO R T", "vowel_between"),
        ("woman", "es_g W UH M AH N", "g_before_w"),
        ("sing", "S IH NG G", "g_after_ng"),
        ("walk", "W AO L K", "silent_letter"),
        ("saw", "S AO R", "r"),
        ("book", "B UH K S", "plural_s"),
        ("go", "G OW T", "consonant"),
    ],
)
def test_an_added_sound_is_told_by_where_it_is(word: str, said: str, kind: str) -> None:
    (found,) = take(word, {word: said}).words
    extra = [i for i, phone in enumerate(found.phones) if phone.verdict is Verdict.EXTRA]
    assert [insertions.kind(found, i) for i in extra] == [kind]


def test_the_same_mistake_in_two_words_is_one_tip_that_names_both() -> None:
    said = {"red": "es_rr EH D", "rabbit": "es_rr AE B AH T"}
    (advice,) = advise(take("red rabbit", said))
    assert advice.place.text == "red"
    assert advice.also == ("rabbit",)


def test_two_ways_to_miss_one_sound_give_one_tip() -> None:
    said = {"red": "es_rr EH D", "rabbit": "L AE B AH T"}
    assert len(advise(take("red rabbit", said))) == 1


def test_there_are_never_more_than_three_tips() -> None:
    said = {"three": "T R IY", "ships": "S IY P S", "have": "HH AE B", "red": "es_rr EH T"}
    assert len(advise(take("three red ships have", said))) == 3


def test_what_comes_again_is_told_first() -> None:
    said = {"very": "B EH R IY", "van": "B AE N", "zoo": "S UW"}
    finding = take("zoo very van", said)
    assert advise(finding)[0].phone == "V"


def test_what_is_almost_right_waits_behind_what_is_not() -> None:
    finding = take("this ship", {"this": "es_d IH S", "ship": "SH IY P"})
    level = replace(
        finding,
        words=tuple(
            replace(w, phones=tuple(replace(p, p_wrong=float(p.verdict.is_red)) for p in w.phones))
            for w in finding.words
        ),
    )
    assert [each.phone for each in advise(level)][0] == "IH"


def test_the_surest_mistake_comes_first() -> None:
    finding = take("ship van", {"ship": "SH IY P", "van": "B AE N"})
    ship, van = finding.words
    unlikely = tuple(replace(p, p_wrong=p.p_wrong and 0.55) for p in ship.phones)
    certain = tuple(replace(p, p_wrong=p.p_wrong and 0.95) for p in van.phones)
    words = (replace(ship, phones=unlikely), replace(van, phones=certain))
    assert [each.phone for each in advise(replace(finding, words=words))] == ["V", "IH"]


def test_a_doubt_is_a_soft_hint_and_never_says_what_was_heard() -> None:
    (advice,) = advise(doubtful(take("ship"), "IH"))
    assert advice.soft
    assert advice.heard == "Aquí no estamos seguros de haber oído bien la i corta de «ship»."
    assert advice.how == ()  # the fix already tells it


def test_beside_a_mistake_doubts_are_left_unsaid() -> None:
    finding = doubtful(take("red ship", {"red": "es_rr EH D"}), "IH")
    assert [each.soft for each in advise(finding)] == [False]


def test_a_wrong_sound_that_nobody_could_name_still_gets_help() -> None:
    wrong = PhoneFinding("TH", "th", None, Verdict.WRONG, 0.1, p_wrong=0.9)
    finding = take("three")
    word = replace(finding.words[0], phones=(wrong, *finding.words[0].phones[1:]))
    (advice,) = advise(replace(finding, words=(word,)))
    assert advice.heard == "Todavía no suena como la th de «think»."
    assert "punta de la lengua" in advice.fix


def test_a_word_left_out_is_one_tip_for_the_word() -> None:
    finding = take("the red van")
    words = (finding.words[0], silent("red"), finding.words[2])
    without = replace(finding, words=words)
    assert heard(without) == ["Esta palabra no se oyó."]
    assert diagnose(without).says == "¡Casi! Solo faltó una palabra."


def test_another_text_is_said_to_be_another() -> None:
    finding = take("the red van")
    words = (silent("the"), silent("red"), finding.words[2])
    found = diagnose(replace(finding, words=words))
    assert found.outcome is Outcome.OTHER_TEXT
    assert found.advice == ()
    assert diagnose(take("red", notes=("other_text",))).outcome is Outcome.OTHER_TEXT


@pytest.mark.parametrize(
    ("text", "said", "outcome"),
    [
        ("rabbit", {}, Outcome.ALL_RIGHT),
        ("rabbit", {"rabbit": "es_rr AE B AH T"}, Outcome.ONE_WRONG),
        ("rabbit", {"rabbit": "es_rr AE B AH D"}, Outcome.SOME_WRONG),
        ("rabbit", {"rabbit": "es_rr es_a es_b es_i D"}, Outcome.MANY_WRONG),
    ],
)
def test_every_outcome_has_a_name(text: str, said: dict[str, str], outcome: Outcome) -> None:
    assert diagnose(take(text, said)).outcome is outcome


def test_nothing_wrong_but_a_doubt_is_almost_right() -> None:
    assert diagnose(doubtful(take("ship"), "IH")).outcome is Outcome.ALMOST


def test_the_number_of_sounds_is_told() -> None:
    found = diagnose(take("rabbit", {"rabbit": "es_rr AE B AH D"}))
    assert found.says == "Buen intento. Hay 2 sonidos que corregir."


def test_praise_names_a_hard_sound_that_went_well() -> None:
    assert praise(take("ship")) == "Te salió muy bien la i corta de «ship»."
    assert praise(take("fish")) == "En «fish» te salió muy bien la i corta de «ship»."


def test_a_clean_s_cluster_is_praised() -> None:
    assert praise(take("star")) == "Dijiste «star» sin meter ninguna e delante. ¡Muy bien!"
    assert "sin meter" not in praise(take("star", {"star": "es_e S T AA R"}))


def test_a_sound_that_went_wrong_elsewhere_is_not_praised() -> None:
    finding = take("red rabbit", {"red": "es_rr EH D"})
    assert "inglesa" not in praise(finding)


def test_where_nothing_hard_went_well_nothing_is_praised() -> None:
    assert praise(take("ship", {"ship": "CH IY B"})) == ""


def test_findings_survive_their_json_form() -> None:
    finding = take("school rabbit", {"school": "es_e S K UW L", "rabbit": "es_rr AE B IH D"})
    assert take_of(finding.to_json()) == finding
    assert take_of(finding.to_json() | {"of_a_later_version": 1}) == finding


def test_every_sentence_of_an_outcome_is_complete() -> None:
    assert set(diagnosis.SAYS) == set(Outcome)


def test_a_voiced_ending_that_lost_its_voice_has_advice_for_endings() -> None:
    assert heard(take("bed", {"bed": "B EH T"})) == ["La d del final sonó como una t."]
    assert heard(take("den", {"den": "T EH N"})) == ["Sonó como una t."]


def test_a_take_counts_as_done_well_only_when_nothing_is_red() -> None:
    right, wrong = take("rabbit"), take("rabbit", {"rabbit": "es_rr AE B AH T"})
    assert score_of(replace(right, accuracy=0.0)) == progress.GOOD
    assert score_of(replace(right, accuracy=1.0)) == 1
    assert score_of(replace(wrong, accuracy=1.0)) < progress.GOOD
    assert score_of(replace(wrong, accuracy=0.2)) < score_of(replace(wrong, accuracy=0.6))


def read_as(finding: TakeFinding, reading: str) -> TakeFinding:
    """The same take, its first word heard as its Spanish reading."""
    return replace(finding, words=(replace(finding.words[0], read_as=reading), *finding.words[1:]))


@pytest.mark.parametrize(
    ("word", "reading", "letters"),
    [
        ("rabbit", "es_rr es_a es_b es_i T", "r-a-b-i-t"),
        ("ice", "es_i TH es_e", "i-z-e"),
        ("juice", "es_x W es_i S es_e", "j-u-i-s-e"),
        ("carrot", "K es_a es_rr es_o T", "k-a-rr-o-t"),
    ],
)
def test_a_word_read_as_spanish_has_one_line_for_all_its_sounds(
    word: str, reading: str, letters: str
) -> None:
    (advice,) = advise(read_as(take(word, {word: reading}), reading))
    assert advice.heard == f"Parece que leíste «{word}» como en español: {letters}."
    assert (advice.verdict, advice.phone, advice.place.text) == (Verdict.WRONG, None, word)


def test_a_word_with_nothing_red_was_not_read_as_spanish() -> None:
    assert advise(read_as(take("rabbit"), "es_rr es_a es_b es_i T")) == ()


def test_other_words_keep_their_own_advice() -> None:
    said = {"rabbit": "es_rr es_a es_b es_i T", "ship": "SH IY P"}
    first, second = advise(read_as(take("rabbit ship", said), said["rabbit"]))
    assert first.heard.startswith("Parece que leíste «rabbit»")
    assert second.heard == "Sonó como la i larga de «sheep»."


def test_the_spanish_reading_is_kept_in_the_stored_finding() -> None:
    finding = read_as(take("rabbit", {"rabbit": "es_rr AE B AH T"}), "es_rr es_a es_b es_i T")
    assert take_of(finding.to_json()) == finding


def stressed(finding: TakeFinding, verdict: Verdict) -> TakeFinding:
    """The same take, the stress of its first word heard one syllable too late."""
    word = replace(finding.words[0], stress=StressFinding(0, 1, verdict, 0.8))
    return replace(finding, words=(word, *finding.words[1:]))


def test_stress_repeats_added_words_and_flow_survive_their_json_form() -> None:
    finding = stressed(take("rabbit cat"), Verdict.WRONG)
    finding = replace(
        finding,
        words=(replace(finding.words[0], repeats=2), finding.words[1]),
        added=(AddedWords(1, ("AH", "M")),),
        fluency=Fluency(3.2, (Pause(0, 0.5, 0.9),), 0.7),
    )
    stored = json.loads(json.dumps(finding.to_json()))
    assert take_of(stored) == finding
    stored["fluency"]["later"] = stored["words"][0]["stress"]["later"] = 1
    assert take_of(stored) == finding


def test_wrong_stress_is_one_thing_to_correct() -> None:
    alone = diagnose(stressed(take("rabbit"), Verdict.WRONG))
    assert alone.outcome is Outcome.ONE_WRONG
    assert "solo falta poner la fuerza en su sitio" in alone.says
    assert [advice.heard for advice in alone.advice] == ["La fuerza va en RA, no en BBIT."]
    both = diagnose(stressed(take("rabbit", {"rabbit": "es_rr AE B AH T"}), Verdict.WRONG))
    assert both.says == "Buen intento. Hay 2 cosas que corregir."
    assert len(both.advice) == 2
    assert score_of(stressed(take("rabbit"), Verdict.WRONG)) < progress.GOOD


def test_doubtful_stress_counts_as_done_well() -> None:
    doubt = stressed(take("rabbit"), Verdict.UNSURE)
    assert diagnose(doubt).outcome is Outcome.ALMOST
    assert score_of(doubt) >= progress.GOOD
    (advice,) = advise(doubt)
    assert advice.soft


def test_the_sounds_of_a_take_are_those_of_the_text() -> None:
    finding = take("school van", {"school": "es_e S K UW", "van": "B AE N"})
    assert list(sounds_of(finding)) == [
        ("S", Verdict.RIGHT),
        ("K", Verdict.RIGHT),
        ("UW", Verdict.RIGHT),
        ("L", Verdict.MISSING),
        ("V", Verdict.WRONG),
        ("AE", Verdict.RIGHT),
        ("N", Verdict.RIGHT),
    ]


def test_what_was_not_read_has_no_sounds() -> None:
    finding = take("the red van")
    words = (finding.words[0], silent("red"), finding.words[2])
    without = {phone for phone, _ in sounds_of(replace(finding, words=words))}
    assert without == {"DH", "AH", "V", "AE", "N"}
    assert list(sounds_of(take("the red van", notes=("other_text",)))) == []
