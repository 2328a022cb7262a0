"""A gentler or stricter teacher moves the odds at which a sound is marked."""

import pytest

from speech.thresholds import STRICTNESS, Thresholds


@pytest.mark.parametrize("strictness", STRICTNESS)
def test_the_odds_are_divided_by_the_factor(strictness: str) -> None:
    moved = Thresholds(red=0.8, unsure=0.5, extra=2.0, skipped=3.0).at(strictness)
    assert moved.red / (1 - moved.red) == pytest.approx(4 / STRICTNESS[strictness])
    assert moved.unsure / (1 - moved.unsure) == pytest.approx(1 / STRICTNESS[strictness])
    assert (moved.extra, moved.skipped) == (2.0, 3.0)


@pytest.mark.parametrize("strictness", STRICTNESS)
def test_what_is_never_to_be_marked_never_is(strictness: str) -> None:
    """The recipe writes 1 where no threshold is right often enough."""
    assert Thresholds(red=1.0, unsure=0.0, extra=1.0, skipped=1.0).at(strictness).red == 1.0
