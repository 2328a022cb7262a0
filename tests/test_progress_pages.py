"""The page of the day and that of progress, as a learner sees them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning import known, progress
from learning.models import Day, Item, Sitting, Word
from speech.findings import Verdict
from tests import reviews
from tests.people import Person
from tests.reviews import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
PAGES = ["/hoy/", "/mi-progreso/"]


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    return " ".join(answer.content.decode().split())


def course(size: int) -> list[Word]:
    """A lesson with a word an exercise."""
    words = [reviews.word(f"w{number}") for number in range(size)]
    for each in words:
        reviews.exercise(each)
    return words


def learn(person: Person, words: list[Word], *days_ago: int) -> None:
    """Answer right on these days."""
    for days in days_ago:
        for each in words:
            at = timezone.now() - days * DAY
            reviews.answer(person.profile, each.exercises.get(), at=at)


@pytest.mark.parametrize("path", PAGES)
def test_who_has_done_nothing_yet_is_welcome(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200
    course(3)
    page = shown(client, path)
    assert "Si un día no puedes" not in page
    assert not client.session.keys()  # looking makes nobody a learner


def test_the_day_says_what_comes_and_how_long_it_takes(learner: Person) -> None:
    words = course(20)
    assert "unos 7 minutos" in shown(learner.client, "/hoy/")
    learn(learner, words[:10], 5)
    page = shown(learner.client, "/hoy/")
    assert "<b>8</b> ejercicios para repasar" in page
    assert "<b>4</b> ejercicios nuevos de" in page
    assert page.count('class="sticker"') == 4


def test_a_day_is_begun_by_pressing_goes_on_and_ends(learner: Person, stranger: Person) -> None:
    course(20)
    assert learner.client.get("/hoy/empezar/").status_code == 405
    for _ in range(2):
        assert learner.client.post("/hoy/empezar/")["Location"] == "/hoy/jugar/"
    sitting = Sitting.objects.get()
    assert (sitting.profile, len(sitting.drawn)) == (learner.profile, 12)
    assert "Sigue donde lo dejaste" in shown(learner.client, "/hoy/")
    assert "Sigue donde lo dejaste" not in shown(stranger.client, "/hoy/")
    Sitting.objects.update(ended=timezone.now())
    page = shown(learner.client, "/hoy/")
    assert "¡Listo por hoy!" in page and "Un poco más" in page


def test_with_nothing_to_do_nothing_is_begun(learner: Person) -> None:
    assert "Hoy no toca nada" in shown(learner.client, "/hoy/")
    assert learner.client.post("/hoy/empezar/")["Location"] == "/hoy/"
    assert not Sitting.objects.exists()


def test_somebody_without_a_profile_begins_without_signing_up(client: Client) -> None:
    course(3)
    client.post("/hoy/empezar/")
    assert Sitting.objects.get().profile.kind == "anonymous"


def test_words_known_are_those_remembered_on_another_day(learner: Person) -> None:
    words = course(5)
    learn(learner, words, 20)
    page = shown(learner.client, "/mi-progreso/")
    assert "Has empezado a aprender 5 palabras" in page and 'class="sticker"' not in page
    learn(learner, words[:3], 10)
    page = shown(learner.client, "/mi-progreso/")
    assert "Ya sabes <b>3 palabras</b>" in page
    assert page.count('class="sticker"') == 3
    assert "<b>2</b> que estás aprendiendo" in page
    Word.objects.filter(pk=words[0].pk).update(retired=True)
    assert "Ya sabes <b>2 palabras</b>" in shown(learner.client, "/mi-progreso/")


def test_figures_are_each_learner_s_own(learner: Person, stranger: Person) -> None:
    words = course(4)
    learn(learner, words, 20, 10)
    tally = known.tallies(learner.profile)[Item.Kind.WORD]
    assert (tally.known, tally.learning, tally.taught) == (4, 0, 4)
    tally = known.tallies(stranger.profile)[Item.Kind.WORD]
    assert (tally.known, tally.learning, tally.taught) == (0, 0, 4)
    assert known.days(stranger.profile, timezone.now()).minutes == 0


def test_reviews_to_come_are_counted_by_day(learner: Person) -> None:
    words = course(4)
    now = timezone.now()
    learn(learner, words[:1], 9)  # due for a week
    learn(learner, words[1:2], 1)  # due tomorrow
    learn(learner, words[2:], 0)  # the day after
    assert known.reviews(learner.profile, now) == known.Reviews(1, 1, 4)


def test_the_share_of_right_answers_is_of_the_last_week(learner: Person) -> None:
    (word,) = course(1)
    now = timezone.now()
    assert known.right_share(learner.profile, now) is None
    sitting = Sitting.objects.create(profile=learner.profile)
    for turn, (right, ago) in enumerate([(True, 0), (True, 1), (True, 2), (False, 3), (False, 9)]):
        learner.profile.answers.create(
            exercise=word.exercises.get(),
            sitting=sitting,
            turn=turn,
            right=right,
            created=now - ago * DAY,
        )
    assert known.right_share(learner.profile, now) == 0.75
    assert "75 %" in shown(learner.client, "/mi-progreso/")


def test_sounds_that_improve_are_shown_with_their_feathers(learner: Person) -> None:
    now = timezone.now()
    for ago, right, wrong in ((2, 2, 18), (1, 15, 5)):
        take = [("V", Verdict.RIGHT)] * right + [("V", Verdict.WRONG)] * wrong
        progress.record_sounds(learner.profile, take, now - ago * DAY)
    page = shown(learner.client, "/mi-progreso/")
    assert 'data-phone="V"' in page and "<b>1</b> mejorando" in page


def test_an_old_streak_is_no_reproach(learner: Person) -> None:
    learn(learner, course(1), 20, 19, 18)
    for path in PAGES:
        page = shown(learner.client, path).lower()
        assert not any(word in page for word in ("perdido", "perder", "rota", "fallado", "triste"))
    assert Day.objects.count() == 3


@pytest.mark.parametrize("path", PAGES)
def test_a_page_takes_as_many_queries_however_much_was_learnt(learner: Person, path: str) -> None:
    words = course(40)
    counts = []
    for some, days in ((words[:2], (9, 5)), (words[2:36], (30, 20, 10, 8, 7))):
        learn(learner, some, *days)
        with CaptureQueriesContext(connection) as queries:
            learner.client.get(path)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 16
