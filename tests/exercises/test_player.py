"""The player over HTTP: answers are checked, written down once, and nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning.exercises.recording import finished
from learning.models import Answer, Exercise, Lesson, Progress, Sitting
from learning.progress import record
from tests.people import Person

PAGE, POST = "/jugar/leccion/", "/jugar/leccion/respuesta/"
GIVEN: dict[str, Any] = {
    "listen_choose": "sheep",
    "picture_match": {"cat": "cat", "dog": "dog", "sun": "sun"},
    "choose": "I see a dog.",
    "order": ["I", "see", "a cat"],
    "gap": "cat",
    "transform": "Is it a cat?",
    "dictation": "the sun and a dog",
    "true_false": "false",
    "dialogue": "Yes, a cat.",
}


def send(client: Client, address: str = POST, **what: Any) -> dict[str, Any]:
    response = client.post(address, what, content_type="application/json")
    found: dict[str, Any] = response.json() | {"status": response.status_code}
    return found


def play(client: Client, by_kind: dict[str, Exercise], found: dict[str, Any]) -> dict[str, Any]:
    """Answer all that is left, right."""
    kinds = {exercise.pk: kind for kind, exercise in by_kind.items()}
    while found["queue"]:
        pk = found["queue"][0]
        at = {"sitting": found["sitting"], "turn": found["turn"], "exercise": pk}
        found = send(client, **at, given=GIVEN[kinds[pk]])
        assert found["right"], kinds[pk]
    return found


def test_a_lesson_from_its_first_answer_to_its_end(
    learner: Person, by_kind: dict[str, Exercise]
) -> None:
    ended: list[Sitting] = []
    finished.connect(lambda sitting, **_: ended.append(sitting), dispatch_uid="test", weak=False)
    page = learner.client.get(PAGE)
    assert page.context["play"].total == 12 and not Sitting.objects.exists()
    found = send(learner.client, turn=0, exercise=by_kind["gap"].pk, given="sun")
    assert not found["right"] and "Un animal." in found["html"] and found["done"] == 0
    assert found["queue"][-1] == by_kind["gap"].pk and found["turn"] == 1
    found = send(learner.client, sitting=found["sitting"], turn=1, quiet=True)
    assert found["total"] == 9
    found = play(learner.client, by_kind, found)
    sitting = Sitting.objects.get()
    assert (sitting.score, sitting.ended is not None) == (pytest.approx(8 / 9), True)
    assert ended == [sitting]
    finished.disconnect(dispatch_uid="test")
    assert Answer.objects.count() == 10
    assert Progress.objects.get(exercise=by_kind["gap"]).attempts == 2
    summary = learner.client.get(found["summary"]).content.decode()
    assert "8 de 9" in summary and "el gato" in summary and "el perro" not in summary
    assert learner.client.get(PAGE).context["play"].done == 0  # again, from the beginning


def test_leaving_loses_nothing(learner: Person, by_kind: dict[str, Exercise]) -> None:
    for turn, kind in enumerate(("gap", "choose")):
        send(learner.client, turn=turn, exercise=by_kind[kind].pk, given=GIVEN[kind])
    play = learner.client.get(PAGE).context["play"]
    assert (play.done, play.next_turn) == (2, 2)
    assert not {by_kind["gap"].pk, by_kind["choose"].pk} & {*play.queue}


def test_what_is_sent_twice_counts_once(learner: Person, by_kind: dict[str, Exercise]) -> None:
    pk = by_kind["gap"].pk
    first = send(learner.client, turn=0, exercise=pk, given="cat")
    again = send(learner.client, turn=0, exercise=pk, given="cat")
    assert first == again
    assert Answer.objects.count() == Progress.objects.get().attempts == 1


def test_two_tabs_do_each_other_no_harm(learner: Person, by_kind: dict[str, Exercise]) -> None:
    one = send(learner.client, turn=0, exercise=by_kind["gap"].pk, given="cat")
    other = send(learner.client, turn=0, exercise=by_kind["gap"].pk, given="sun")
    assert not other["right"] and other["sitting"] == one["sitting"]
    assert [answer.given for answer in Answer.objects.all()] == ["cat"]
    assert other["turn"] == 1 and by_kind["gap"].pk not in other["queue"]
    # One tab ends the sitting; the other learns of it with its next answer.
    send(learner.client, sitting=one["sitting"], turn=1, quiet=True)
    play(learner.client, by_kind, other | {"queue": other["queue"][3:]})
    late = send(
        learner.client,
        sitting=one["sitting"], turn=5, exercise=by_kind["choose"].pk, given="See a dog.",
    )  # fmt: skip
    assert late["queue"] == [] and late["summary"]
    assert Sitting.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_begin_at_the_same_moment_share_a_sitting(
    learner: Person, by_kind: dict[str, Exercise]
) -> None:
    def answer(_: int) -> int:
        client = Client()
        client.cookies = learner.client.cookies
        found = send(client, turn=0, exercise=by_kind["gap"].pk, given="cat")
        connection.close()
        return int(found["status"])

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(answer, range(4))) == [200] * 4
    assert (Sitting.objects.count(), Answer.objects.count()) == (1, 1)


def test_a_take_is_the_answer_of_a_spoken_exercise(
    learner: Person, by_kind: dict[str, Exercise]
) -> None:
    now, exercise = timezone.now(), by_kind["see_say"]
    assert send(learner.client, turn=0, exercise=exercise.pk)["code"] == "not_said"
    record(learner.profile, exercise, 0.9, now - timedelta(hours=2))
    assert send(learner.client, turn=0, exercise=exercise.pk)["code"] == "not_said"
    record(learner.profile, exercise, 0.5, now)
    found = send(learner.client, turn=0, exercise=exercise.pk)
    assert not found["right"] and found["queue"][-1] == exercise.pk
    record(learner.profile, exercise, 0.9, now)
    found = send(learner.client, turn=1, exercise=exercise.pk)
    assert found["right"] and exercise.pk not in found["queue"]
    assert Progress.objects.get().attempts == 3  # the takes alone


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"turn": 0, "exercise": %d, "given": "' + b"x" * 1_000_000 + b'"}', 422),
        (b'{"turn": 0, "exercise": %d, "given": ""}', 422),
        (b'{"turn": 0, "exercise": %d, "given": {"a": {}}}', 422),
        (b'{"turn": 0, "exercise": 999999, "given": "x"}', 404),
        (b'{"turn": -1, "exercise": %d, "given": "x"}', 422),
        (b'{"turn": 70000, "exercise": %d, "given": "x"}', 422),
        (b'{"turn": 1e999, "exercise": %d, "given": "x"}', 422),
        (b'{"sitting": "no", "exercise": %d, "given": "x"}', 422),
        (b"[" * 100_000, 422),
        (b"\xff\xfe", 422),
        (b"[]", 422),
    ],
)
def test_bad_input_is_refused_in_plain_words(
    learner: Person, by_kind: dict[str, Exercise], body: bytes, status: int
) -> None:
    body = body.replace(b"%d", str(by_kind["gap"].pk).encode())
    response = learner.client.post(POST, body, content_type="application/json")
    assert response.status_code == status
    assert response.json()["plain"].endswith(".")
    assert not Answer.objects.exists()


def test_odd_characters_are_kept_out_of_the_database(
    learner: Person, by_kind: dict[str, Exercise]
) -> None:
    found = send(learner.client, turn=0, exercise=by_kind["gap"].pk, given="c\0a\u202et" * 60)
    assert found["status"] == 200 and not found["right"]
    assert Answer.objects.get().given == "cat" * 60


def test_what_is_typed_is_shown_as_text(learner: Person, by_kind: dict[str, Exercise]) -> None:
    typed = "<script>dog</script>"
    found = send(learner.client, turn=0, exercise=by_kind["gap"].pk, given=typed)
    assert "<script" not in found["html"] and "&lt;" in found["html"]


def test_strangers_can_neither_answer_nor_look(
    learner: Person, stranger: Person, by_kind: dict[str, Exercise]
) -> None:
    found = send(learner.client, turn=0, exercise=by_kind["gap"].pk, given="cat")
    at = {"sitting": found["sitting"], "turn": 1, "exercise": by_kind["choose"].pk}
    assert send(stranger.client, **at, given="See a dog.")["status"] == 404
    assert stranger.client.get(found["summary"]).status_code == 404
    assert Answer.objects.count() == 1


def test_a_lesson_that_is_unpublished_meanwhile(
    learner: Person, lesson: Lesson, by_kind: dict[str, Exercise]
) -> None:
    found = send(learner.client, turn=0, exercise=by_kind["gap"].pk, given="cat")
    Lesson.objects.update(published=False)
    at = {"sitting": found["sitting"], "turn": 1, "exercise": by_kind["choose"].pk}
    gone = send(learner.client, **at, given="I see a dog.")
    assert (gone["status"], gone["code"]) == (404, "gone")
    Lesson.objects.update(published=True)
    assert send(learner.client, **at, given="I see a dog.")["right"]  # where it was left


def test_an_exercise_that_is_retired_meanwhile(
    learner: Person, by_kind: dict[str, Exercise]
) -> None:
    send(learner.client, turn=0, exercise=by_kind["gap"].pk, given="cat")
    Exercise.objects.exclude(pk=by_kind["gap"].pk).update(retired=True)
    page = learner.client.get(PAGE)
    assert page.context["play"].total == 1 and page.context["play"].sitting is None
    assert Sitting.objects.get().ended is not None


def test_a_quiz_asks_once_and_other_things_the_next_time(learner: Person, lesson: Lesson) -> None:
    page = learner.client.get("/jugar/uno-quiz/")
    (first,) = page.context["play"].exercises.values()
    post = "/jugar/uno-quiz/respuesta/"
    wrong = ["see", "I"] if first.kind == "order" else "xyz"
    found = send(learner.client, post, turn=0, exercise=first.pk, given=wrong)
    assert found["queue"] == [] and not found["right"]
    again = send(learner.client, post, sitting=found["sitting"], turn=1, exercise=first.pk,
                 given=wrong)  # fmt: skip
    assert again["queue"] == [] and Answer.objects.count() == 1
    summary = learner.client.get(found["summary"]).content.decode()
    assert "Se supera con un 75 %" in summary and "Para repasar" in summary
    (second,) = learner.client.get("/jugar/uno-quiz/").context["play"].exercises.values()
    assert second != first


def test_every_voice_of_the_page_can_be_heard(learner: Person, lesson: Lesson) -> None:
    page = learner.client.get(PAGE).content.decode()
    voices = {part.partition('"')[0] for part in page.split('data-play="')[1:]}
    assert len(voices) == 15
    assert (
        learner.client.get(f"/voz/{lesson.shown_exercises[0].pk}/9/normal.mp3").status_code == 404
    )
    sound = learner.client.get(min(voices))
    assert sound.status_code == 200 and sound.headers["Content-Type"] == "audio/ogg"


def test_the_page_asks_the_database_as_often_however_long_the_lesson_is(
    learner: Person, lesson: Lesson
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert learner.client.get(PAGE).status_code == 200
        return len(captured)

    before = queries()
    for number, exercise in enumerate(lesson.shown_exercises):
        exercise.pk, exercise.key = None, f"otro-{number}"
        exercise.save()
    assert queries() == before <= 12
    assert len(learner.client.get(PAGE).content) < 200_000


def test_the_daily_session_is_played_the_same_way(
    learner: Person, by_kind: dict[str, Exercise]
) -> None:
    assert learner.client.get("/hoy/jugar/").headers["Location"] == "/hoy/"  # not begun
    page = learner.client.post("/hoy/empezar/", follow=True)
    assert page.redirect_chain[-1][0] == "/hoy/jugar/"
    first = next(e for e in page.context["play"].exercises.values() if e.kind in GIVEN)
    sitting = str(Sitting.objects.get().pk)
    address, given = "/hoy/jugar/respuesta/", GIVEN[first.kind]
    found = send(learner.client, address, sitting=sitting, turn=0, exercise=first.pk, given=given)
    assert found["right"] and Sitting.objects.get().lesson is None
    assert learner.client.get(found["summary"]).status_code == 200
