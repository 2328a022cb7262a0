"""A gentler or stricter teacher moves the odds at which a sound is marked."""

import pytest

from speech.thresholds import STRICTNESS, Thresholds

THRESHOLDS = Thresholds(
    red=0.8,
    unsure=0.5,
    extra=2.0,
    skipped=3.0,
    sounds={"IH": 0.75, "TH": 1.0},
    stress_wrong=1.0,
    stress_unsure=0.3,
    stress_moved=0.8,
)


@pytest.mark.parametrize("strictness", STRICTNESS)
def test_the_odds_are_divided_by_the_factor(strictness: str) -> None:
    moved = THRESHOLDS.at(strictness)
    assert moved.red / (1 - moved.red) == pytest.approx(4 / STRICTNESS[strictness])
    assert moved.unsure / (1 - moved.unsure) == pytest.approx(1 / STRICTNESS[strictness])
    assert moved.sounds["IH"] / (1 - moved.sounds["IH"]) == pytest.approx(
        3 / STRICTNESS[strictness]
    )
    assert (moved.extra, moved.skipped) == (2.0, 3.0)


@pytest.mark.parametrize("strictness", STRICTNESS)
def test_what_is_never_to_be_marked_never_is(strictness: str) -> None:
    """The recipe writes 1 where no threshold is right often enough, or leaves the sound out."""
    moved = THRESHOLDS.at(strictness)
    assert moved.sounds["TH"] == 1.0
    assert not moved.is_red("TH", 0.999)
    assert not moved.is_red("AE", 1.0)
    assert moved.is_red("IH", moved.sounds["IH"])
