"""Frames become a take; takes wait a while for a learner whose line broke."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.errors import Refusal
from assessment.open_takes import OpenTake, OpenTakes
from assessment.protocol import FRAME_BYTES, Frame, Start
from assessment.take import Take
from speech import criterion
from speech.vad import SpeechDetector

LUCIA, NOBODY = uuid.uuid4(), uuid.uuid4()


def sound(number: int) -> bytes:
    return bytes([number % 256]) * FRAME_BYTES


class Line:
    """Somebody at a socket."""

    lost = False

    def lose(self) -> None:
        self.lost = True


def opened(profile: uuid.UUID = LUCIA, take: uuid.UUID | None = None) -> OpenTake:
    return OpenTake(
        start=Start(take or uuid.uuid4(), exercise=1),
        profile=profile,
        criterion=criterion.build("a rabbit"),
        opened=0.0,
        detector=SpeechDetector(),
    )


def test_frames_in_order_are_the_whole_sound() -> None:
    take = Take()
    for number in range(5):
        assert take.add(Frame(number, sound(number)))
    take.add(Frame(5, b"\x01\x02"))
    assert take.close(6) == b"".join(map(sound, range(5))) + b"\x01\x02"
    assert take.seconds == pytest.approx(0.5, abs=0.001)


def test_a_frame_that_comes_twice_counts_once() -> None:
    take = Take()
    take.add(Frame(0, sound(0)))
    assert not take.add(Frame(0, sound(9)))
    assert take.close(1) == sound(0)


def test_a_missing_frame_is_asked_for_and_the_take_goes_on() -> None:
    take = Take()
    take.add(Frame(0, sound(0)))
    with pytest.raises(Refusal, match="gap: wanted 1, got 2"):
        take.add(Frame(2, sound(2)))
    with pytest.raises(Refusal, match="gap: wanted 1"):
        take.close(3)
    take.add(Frame(1, sound(1)))
    take.add(Frame(2, sound(2)))
    assert take.close(3) == b"".join(map(sound, range(3)))


def test_nothing_comes_after_a_short_frame() -> None:
    take = Take()
    take.add(Frame(0, b"\x00\x00"))
    with pytest.raises(Refusal, match="bad_frame"):
        take.add(Frame(1, sound(1)))


def test_twenty_seconds_fit_and_no_more() -> None:
    take = Take()
    for number in range(200):
        take.add(Frame(number, sound(number)))
    with pytest.raises(Refusal, match="too_long"):
        take.add(Frame(200, b"\x00\x00"))


@given(st.lists(st.integers(0, 30)))
def test_whatever_order_frames_come_in_the_sound_has_no_hole_and_no_echo(order: list[int]) -> None:
    take, wanted = Take(), 0
    for number in order:
        try:
            new = take.add(Frame(number, sound(number)))
        except Refusal as refusal:
            assert refusal.code == "gap" and number > wanted
        else:
            assert new == (number == wanted)
            wanted += new
    assert take.next == wanted
    assert take.close(wanted) == b"".join(map(sound, range(wanted)))


def test_an_interrupted_take_waits_a_minute_for_its_learner() -> None:
    takes, first = OpenTakes(), opened()
    takes.open(first, Line())
    takes.keep(first, now=100.0)
    takes.expire(now=159.0)
    assert takes.resume(first.id, LUCIA, Line()) is first
    takes.keep(first, now=200.0)
    takes.expire(now=260.0)
    assert takes.resume(first.id, LUCIA, Line()) is None


def test_a_stranger_cannot_take_over_a_take() -> None:
    takes, hers = OpenTakes(), opened()
    line = Line()
    takes.open(hers, line)
    with pytest.raises(Refusal, match="not_yours"):
        takes.resume(hers.id, NOBODY, Line())
    with pytest.raises(Refusal, match="not_yours"):
        takes.open(opened(NOBODY, hers.id), Line())
    assert not line.lost and hers.holder is line


def test_a_take_goes_to_the_new_line_while_the_old_one_only_seems_alive() -> None:
    takes, hers = OpenTakes(), opened()
    old, new = Line(), Line()
    takes.open(hers, old)
    assert takes.resume(hers.id, LUCIA, new) is hers
    assert old.lost and hers.holder is new


def test_a_take_of_the_same_name_starts_over() -> None:
    takes, first = OpenTakes(), opened()
    takes.open(first, Line())
    takes.keep(first, now=0.0)
    again = opened(LUCIA, first.id)
    takes.open(again, Line())
    assert takes.resume(first.id, LUCIA, Line()) is again
    takes.close(again)
    assert len(takes) == 0


def test_nobody_records_more_than_two_takes_at_once() -> None:
    takes = OpenTakes(most_each=2)
    takes.open(opened(), Line())
    takes.open(opened(), Line())
    with pytest.raises(Refusal, match="busy"):
        takes.open(opened(), Line())
    takes.open(opened(NOBODY), Line())


def test_a_full_process_says_that_it_is_busy_and_keeps_what_it_has() -> None:
    takes = OpenTakes(most=2)
    kept = opened()
    takes.open(kept, Line())
    takes.keep(kept, now=0.0)
    takes.open(opened(uuid.uuid4()), Line())
    takes.open(opened(uuid.uuid4()), Line())
    with pytest.raises(Refusal, match="busy"):
        takes.open(opened(uuid.uuid4()), Line())
    with pytest.raises(Refusal, match="busy"):
        takes.resume(kept.id, LUCIA, Line())
    takes.expire(now=59.0)
    assert len(takes) == 3


def test_kept_takes_are_few_and_the_oldest_goes_first() -> None:
    takes = OpenTakes(most=100, most_each=2, most_kept=3)
    mine = [opened() for _ in range(3)]
    for now, each in enumerate(mine):
        takes.open(each, Line())
        takes.keep(each, float(now))
    assert takes.resume(mine[0].id, LUCIA, Line()) is None
    for now in range(3, 9):
        other = opened(uuid.uuid4())
        takes.open(other, Line())
        takes.keep(other, float(now))
    assert len(takes) == 3


def test_everything_of_a_profile_can_be_forgotten() -> None:
    takes, line = OpenTakes(), Line()
    takes.open(opened(), line)
    takes.open(opened(NOBODY), Line())
    takes.forget(LUCIA)
    assert line.lost and len(takes) == 1
