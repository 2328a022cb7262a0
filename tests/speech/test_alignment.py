"""Alignment of what was heard to what should have been said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.alignment import EXTRA_COST, MISSING_COST, OTHER_CLASS, align, distance, nearest, total
from speech.phones import INVENTORY

phones = st.lists(st.sampled_from(INVENTORY), max_size=8)


def steps(reference: str, heard: str) -> str:
    """'R=R AE=- -=S': the alignment as one line."""
    wanted, said = reference.split(), heard.split()
    return " ".join(
        f"{'-' if pair.ref is None else wanted[pair.ref]}="
        f"{'-' if pair.heard is None else said[pair.heard]}"
        for pair in align(wanted, said)
    )


@pytest.mark.parametrize(
    ("reference", "heard", "expected"),
    [
        ("R AE B AH T", "R AE B IH D", "R=R AE=AE B=B AH=IH T=D"),
        ("S K UW L", "EH S K UW L", "-=EH S=S K=K UW=UW L=L"),
        ("S T R IY T", "es_e S T es_r IY", "-=es_e S=S T=T R=es_r IY=IY T=-"),
        ("S P EY N", "es_e S P es_e N", "-=es_e S=S P=P EY=es_e N=N"),
        ("K AE T S", "K AE T", "K=K AE=AE T=T S=-"),
        ("K L OW Z D", "K L OW S EH D", "K=K L=L OW=OW Z=S -=EH D=D"),
        ("V EH R IY", "B EH es_r IY", "V=B EH=EH R=es_r IY=IY"),
        ("HH AW S", "es_x AW S", "HH=es_x AW=AW S=S"),
        ("W ER L D", "W es_o R L", "W=W ER=es_o -=R L=L D=-"),
        ("TH IH NG K", "T IH N", "TH=T IH=IH NG=N K=-"),
        ("S", "", "S=-"),
        ("", "EH", "-=EH"),
    ],
)
def test_learners_errors_fall_where_they_belong(reference: str, heard: str, expected: str) -> None:
    assert steps(reference, heard) == expected


def test_spanish_sounds_are_nearest_to_their_english_kin() -> None:
    for spanish, english, stranger in [
        ("es_i", "IY", "EH"),
        ("es_u", "UW", "AO"),
        ("es_e", "EH", "AA"),
        ("es_a", "AA", "EH"),
        ("es_o", "AO", "IH"),
        ("es_x", "HH", "S"),
        ("es_b", "B", "T"),
        ("es_d", "DH", "G"),
        ("es_g", "G", "T"),
        ("es_rr", "R", "N"),
        ("es_y", "Y", "L"),
        ("es_ny", "N", "L"),
    ]:
        assert distance(spanish, english) < distance(spanish, stranger)


def test_a_vowel_never_stands_for_a_stop() -> None:
    assert distance("AA", "T") == OTHER_CLASS > MISSING_COST + EXTRA_COST


@given(st.sampled_from(INVENTORY), st.sampled_from(INVENTORY))
def test_distance_is_symmetric_and_zero_only_for_the_same(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)


@given(phones, phones)
def test_an_alignment_reads_both_sides_in_order_and_whole(
    reference: list[str], heard: list[str]
) -> None:
    pairs = align(reference, heard)
    assert [p.ref for p in pairs if p.ref is not None] == list(range(len(reference)))
    assert [p.heard for p in pairs if p.heard is not None] == list(range(len(heard)))
    assert all(p.ref is not None or p.heard is not None for p in pairs)


@given(phones, phones)
def test_the_cost_is_symmetric_and_bounded(reference: list[str], heard: list[str]) -> None:
    cost = total(align(reference, heard))
    assert cost == pytest.approx(total(align(heard, reference)))
    assert cost <= MISSING_COST * len(reference) + EXTRA_COST * len(heard) + 1e-9
    assert cost >= EXTRA_COST * abs(len(reference) - len(heard)) - 1e-9
    assert (cost == 0) == (reference == heard)


@given(phones, phones, phones)
def test_a_detour_never_makes_it_cheaper(one: list[str], two: list[str], three: list[str]) -> None:
    assert total(align(one, two)) <= len(one) * MISSING_COST + len(two) * EXTRA_COST + 1e-9
    assert total(align(one + three, two + three)) <= total(align(one, two)) + 1e-9


@given(phones, phones)
def test_the_same_input_gives_the_same_alignment(reference: list[str], heard: list[str]) -> None:
    assert align(reference, heard) == align(list(reference), list(heard))


def test_the_nearest_pronunciation_counts() -> None:
    heard = "R AE B IH D".split()
    best, pairs = nearest(["R AE B AH T".split(), "R AE B IH T".split()], heard)
    assert best == 1
    assert [pair.ref for pair in pairs if pair.cost] == [4]


def test_the_first_of_equally_near_pronunciations_counts() -> None:
    assert nearest([["AA"], ["AA"]], ["AA"])[0] == 0
