"""What comes next in a sitting, told as histories."""

from learning.exercises.sittings import Turn, draw, first_tries, score, upcoming


def turns(history: str) -> list[Turn]:
    """'1+ 2-': exercise 1 went right, then 2 went wrong."""
    return [Turn(int(each[:-1]), each[-1] == "+") for each in history.split()]


def test_what_went_wrong_comes_again_at_the_end() -> None:
    drawn = [1, 2, 3]
    assert upcoming(drawn, []) == [1, 2, 3]
    assert upcoming(drawn, turns("1-")) == [2, 3, 1]
    assert upcoming(drawn, turns("1- 2+ 3-")) == [1, 3]
    assert upcoming(drawn, turns("1- 2+ 3- 1-")) == [3, 1]
    assert upcoming(drawn, turns("1- 2+ 3- 1- 3+ 1+")) == []


def test_nobody_is_kept_for_ever() -> None:
    assert upcoming([1], turns("1- 1-")) == [1]
    assert upcoming([1], turns("1- 1- 1-")) == []
    assert upcoming([1], turns("1-"), spoken={1}) == [1]
    assert upcoming([1], turns("1- 1-"), spoken={1}) == []


def test_a_quiz_asks_once() -> None:
    assert upcoming([1, 2], turns("1-"), repeats=False) == [2]
    assert upcoming([1, 2], turns("1- 2-"), repeats=False) == []


def test_an_exercise_that_was_taken_out_does_not_come_again() -> None:
    assert upcoming([2], turns("1-")) == [2]


def test_the_first_try_counts() -> None:
    assert first_tries(turns("1- 2+ 1+")) == {1: False, 2: True}
    assert score([1, 2], turns("1- 2+ 1+")) == 0.5
    assert score([1, 2, 3, 4], turns("1+")) == 0.25
    assert score([], []) == 0.0


POOLS = [
    {"title": "Palabras", "take": 2, "exercises": ["a", "b", "c", "d", "e"]},
    {"title": "Oído", "take": 1, "exercises": ["x", "y"]},
]


def test_a_repeated_quiz_asks_other_things() -> None:
    rounds = [draw("uno-quiz", POOLS, times) for times in range(5)]
    for drawn in rounds:
        assert len(set(drawn)) == 3
        assert len(set(drawn) & {"a", "b", "c", "d", "e"}) == 2
    for before, after in zip(rounds, rounds[1:], strict=False):
        assert not set(before) & set(after)
    assert {key for drawn in rounds for key in drawn} == {*"abcdexy"}
    assert draw("uno-quiz", POOLS, 3) == rounds[3]


def test_a_pool_with_too_little_gives_what_it_has() -> None:
    assert draw("q", [{"title": "", "take": 3, "exercises": ["a"]}], 7) == ["a"]
