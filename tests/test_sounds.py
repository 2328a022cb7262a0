"""'Mis sonidos': what is counted, how it is weighed, and the page that shows it."""

import random
import re
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from learning import progress
from learning.models import Exercise, Lesson, SoundCount
from learning.sounds import Group, MySounds, Picture, Sound, Tally, Trend, my_sounds
from speech.findings import Verdict
from speech.phones import ENGLISH
from tests import lessons
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOON = datetime(2030, 1, 10, 12, tzinfo=UTC)
RIGHT, WRONG = Verdict.RIGHT, Verdict.WRONG


def say(person: Person, phone: str, right: int, wrong: int, days_ago: int = 0) -> None:
    sounds = [(phone, RIGHT)] * right + [(phone, WRONG)] * wrong
    progress.record_sounds(person.profile, sounds, NOON - timedelta(days=days_ago))


def only(found: MySounds) -> Sound:
    (sound,) = found.sounds
    return sound


def sound(*days: tuple[int, int]) -> Sound:
    """A sound with (right, wrong) a day."""
    first = date(2030, 1, 1)
    return Sound("IH", tuple((first + timedelta(n), Tally(*each)) for n, each in enumerate(days)))


def shown(client: Client) -> str:
    answer = client.get("/mis-sonidos/")
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    return " ".join(answer.content.decode().split())


# Counting


def test_every_verdict_is_counted_in_its_column(learner: Person) -> None:
    sounds = [("IH", verdict) for verdict in Verdict] + [("IH", RIGHT), ("R", WRONG)]
    progress.record_sounds(learner.profile, sounds, NOON)
    rows = SoundCount.objects.order_by("phone").values_list("phone", "right", "unsure", "wrong")
    assert list(rows) == [("IH", 2, 1, 3), ("R", 0, 0, 1)]


def test_takes_of_one_day_add_up_and_days_are_those_of_the_clock_here(learner: Person) -> None:
    say(learner, "IH", 1, 0)
    say(learner, "IH", 0, 2)
    late = datetime(2030, 1, 10, 23, 30, tzinfo=UTC)  # past midnight in Madrid
    progress.record_sounds(learner.profile, [("IH", RIGHT)], late)
    rows = SoundCount.objects.order_by("day").values_list("day", "right", "wrong")
    assert list(rows) == [(date(2030, 1, 10), 1, 2), (date(2030, 1, 11), 1, 0)]


def test_only_english_sounds_are_counted(learner: Person) -> None:
    progress.record_sounds(learner.profile, [("es_rr", WRONG), ("XX", RIGHT)], NOON)
    assert not SoundCount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_takes_that_end_together_are_all_counted(learner: Person) -> None:
    start = threading.Barrier(6)

    def end(number: int) -> None:
        phones = ENGLISH if number % 2 else ENGLISH[::-1]
        start.wait()
        progress.record_sounds(learner.profile, [(phone, RIGHT) for phone in phones], NOON)
        connection.close()

    threads = [threading.Thread(target=end, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(SoundCount.objects.values_list("right", flat=True)) == {6}
    assert SoundCount.objects.count() == len(ENGLISH)


def test_counts_go_with_their_learner_and_with_nobody_else(
    learner: Person, stranger: Person
) -> None:
    say(learner, "IH", 1, 9)
    say(stranger, "IH", 9, 1)
    learner.client.post("/mis-datos/borrar/", {"sure": "on"})
    assert [row.profile for row in SoundCount.objects.all()] == [stranger.profile]


# Weighing


def test_a_few_times_are_not_enough_to_judge_a_sound() -> None:
    assert not sound((0, 4)).known
    assert sound((0, 5)).known


def test_small_numbers_are_pulled_to_what_is_usual() -> None:
    assert Tally(0, 0).failing == pytest.approx(0.1)
    assert Tally(4, 1).failing == pytest.approx(2 / 15)
    assert Tally(40, 10).failing == pytest.approx(11 / 60)


@pytest.mark.parametrize(
    ("days", "group", "trend"),
    [
        ([(5, 0)], Group.GOOD, Trend.NEW),
        ([(4, 1)], Group.GOOD, Trend.NEW),
        ([(2, 3)], Group.PRACTISE, Trend.NEW),
        ([(18, 2)], Group.GOOD, Trend.NEW),
        ([(10, 10), (10, 10)], Group.PRACTISE, Trend.SAME),
        ([(2, 8), (8, 12)], Group.PRACTISE, Trend.SAME),
        ([(4, 16), (14, 6)], Group.IMPROVING, Trend.UP),
        ([(4, 16), (20, 0)], Group.GOOD, Trend.UP),
        ([(20, 0), (12, 8)], Group.PRACTISE, Trend.DOWN),
        ([(0, 4), (20, 0)], Group.GOOD, Trend.NEW),
    ],
)
def test_where_a_sound_belongs(days: list[tuple[int, int]], group: Group, trend: Trend) -> None:
    found = sound(*days)
    assert (found.group, found.trend) == (group, trend)


def test_what_counts_is_how_it_goes_now() -> None:
    found = sound((0, 50), (9, 1), (10, 0))
    assert found.now == Tally(19, 1)
    assert found.before == Tally(0, 50)
    assert found.says == "Bien 19 de 20 veces; antes, 0 de 50. ¡Vas mejorando!"
    assert sound((5, 1)).says == "Bien 5 de 6 veces."


def test_a_year_is_told_as_though_every_day_were_read(learner: Person) -> None:
    first, rng = date(2029, 1, 10), random.Random(1)
    for phone in ("IH", "R"):
        counts = [(rng.choice((0, 0, 1, 3)), rng.choice((0, 0, 1, 2))) for _ in range(365)]
        SoundCount.objects.bulk_create(
            SoundCount(
                profile=learner.profile,
                phone=phone,
                day=first + timedelta(n),
                right=right,
                wrong=wrong,
            )
            for n, (right, wrong) in enumerate(counts)
        )
        mine = my_sounds(learner.profile, practice=False).sounds
        found = next(each for each in mine if each.phone == phone)
        whole = sound(*(each for each in counts if sum(each)))
        assert len(found.days) < 30 < len(whole.days)
        for name in ("now", "before", "trend", "group", "says"):
            assert getattr(found, name) == getattr(whole, name), name
        assert found.picture.feathers == whole.picture.feathers


def test_a_sound_said_seldom_is_told_by_its_own_days(learner: Person) -> None:
    counts = [(1, 4), (2, 3), (4, 1), (3, 1), (5, 0), (6, 0), (5, 1), (6, 0)]
    for n, (right, wrong) in enumerate(counts):
        say(learner, "ZH", right, wrong, days_ago=40 * (len(counts) - n))
    for days_ago in range(30):
        say(learner, "IH", 1, 0, days_ago)
    mine = {each.phone: each for each in my_sounds(learner.profile, practice=False).sounds}
    assert [tally for _, tally in mine["ZH"].days] == [Tally(*each) for each in counts]
    assert (mine["ZH"].now, mine["ZH"].before) == (Tally(22, 1), Tally(10, 9))
    assert len(mine["IH"].days) == 23


def test_better_days_have_taller_feathers_and_all_fit_in() -> None:
    picture = sound(*[(n, 9 - n) for n in range(10)]).picture
    heights = [feather.height for feather in picture.feathers]
    assert len(heights) == 7 and heights == sorted(set(heights))
    assert all(feather.x + 10 <= picture.width for feather in picture.feathers)
    assert all(
        0 <= feather.y < feather.height + feather.y <= Picture.HEIGHT
        for feather in picture.feathers
    )
    lone = sound((10, 0), (0, 1)).picture  # one bad take is no bad day
    assert lone.feathers[1].height > Picture.HEIGHT / 2


def test_a_doubt_counts_neither_way(learner: Person) -> None:
    progress.record_sounds(learner.profile, [("IH", Verdict.UNSURE)] * 50, NOON)
    assert my_sounds(learner.profile) == MySounds((), ())
    say(learner, "IH", 5, 0)
    assert only(my_sounds(learner.profile)).now == Tally(5, 0)


# Words to practise with


def test_a_sound_has_the_words_that_hold_it_the_shortest_first(learner: Person) -> None:
    lessons.exercise("I see a ship")
    fish, ship = lessons.exercise("fish"), lessons.exercise("ship")
    for text in ("sheep", "red"):
        lessons.exercise(text)
    lessons.exercise("big", published=False)
    retired = lessons.exercise("milk")
    retired.retired = True
    retired.save()
    progress.record(learner.profile, fish, 1.0, NOON)
    say(learner, "IH", 2, 8)
    found = only(my_sounds(learner.profile))
    assert [each.text for each in found.words] == ["ship", "fish", "I see a ship"]
    assert found.words[0].url == "/leccion/prueba-true/#ejercicio-3"
    assert ship.lesson.get_absolute_url() in found.words[0].url


def played(
    text: str, slug: str = "jugada", kind: str = "listen_say", of: str = "vocabulary"
) -> Exercise:
    """An exercise of a lesson that is played."""
    exercise = lessons.exercise(text)
    lesson, _ = Lesson.objects.get_or_create(
        unit=exercise.lesson.unit, slug=slug, defaults={"published": True, "kind": of}
    )
    exercise.lesson, exercise.kind, exercise.key = lesson, kind, f"clave-{exercise.pk}"
    exercise.save()
    return exercise


def test_what_is_said_in_a_course_is_practised_in_its_player(learner: Person) -> None:
    first = played("I see six pigs.")
    played("ship", kind="dictation")  # is not said
    played("fish", "quiz", of=Lesson.Kind.QUIZ)
    lessons.exercise("milk")
    say(learner, "IH", 2, 8)
    texts = {each.text: each.url for each in only(my_sounds(learner.profile)).words}
    assert texts == {
        "milk": "/leccion/prueba-true/#ejercicio-1",
        "I see six pigs.": f"/jugar/jugada/#ejercicio-{first.pk}",
    }


def test_each_lesson_has_its_turn_those_that_were_begun_first(learner: Person) -> None:
    begun = played("I see six pigs.", "uno")
    played("big", "dos")  # of a lesson not begun
    for text in ("ship", "fish", "milk"):
        lessons.exercise(text)
    progress.record(learner.profile, begun, 0.2, NOON)
    say(learner, "IH", 2, 8)
    found = only(my_sounds(learner.profile))
    assert [each.text for each in found.practice] == [
        "ship", "I see six pigs.", "fish", "milk", "big",
    ]  # fmt: skip


def test_the_example_is_a_word_with_a_picture_and_its_letters(learner: Person) -> None:
    for text, emoji in (("rabbit", "🐰"), ("bed", "🛏️"), ("bus", "")):
        exercise = lessons.exercise(text)
        exercise.emoji = emoji
        exercise.save()
    say(learner, "B", 2, 8)
    example = only(my_sounds(learner.profile)).example
    assert (example.before, example.letters, example.after) == ("", "b", "ed")
    assert example.emoji == "🛏️"


@pytest.mark.parametrize("phone", ENGLISH)
def test_every_sound_has_an_example_of_its_own(phone: str) -> None:
    example = Sound(phone, ()).example
    assert example.letters and not example.emoji


def test_a_text_that_only_its_author_can_say_is_passed_over(learner: Person) -> None:
    exercise = lessons.exercise("ʘʘ")
    exercise.accepted = "B IH G"
    exercise.save()
    say(learner, "IH", 2, 8)
    assert only(my_sounds(learner.profile)).words == ()


# The page


def test_the_page_groups_the_sounds_the_worst_first(learner: Person) -> None:
    lessons.exercise("ship")
    say(learner, "R", 5, 5)
    say(learner, "IH", 2, 8)
    say(learner, "S", 10, 0)
    say(learner, "V", 2, 18, days_ago=1)
    say(learner, "V", 14, 6)
    say(learner, "TH", 1, 0)
    html = shown(learner.client)
    tiles = re.findall(r'data-phone="(\w+)" data-group="(\w+)"', html)
    assert tiles == [("IH", "practise"), ("R", "practise"), ("V", "improving"), ("S", "good")]
    titles = ("Para practicar", "Vas mejorando", "Ya te salen")
    assert [html.index(title) for title in titles] == sorted(map(html.index, titles))
    assert "Bien 14 de 20 veces; antes, 2 de 20. ¡Vas mejorando!" in html
    assert 'href="/leccion/prueba-true/#ejercicio-1"' in html
    assert "La i corta de «ship»" in html and "/ɪ/" in html
    assert "Hay 1 sonido más que aún hemos oído pocas veces." in html
    assert html.count('<svg class="feathers"') == len(tiles)


def test_before_the_first_take_the_page_says_how_to_begin(client: Client, learner: Person) -> None:
    for visitor in (client, learner.client):
        html = shown(visitor)
        assert "Aquí verás qué sonidos" in html and "Empezar a leer" in html
    say(learner, "IH", 1, 1)
    assert "Con unas pocas palabras más" in shown(learner.client)


def test_nobody_sees_the_sounds_of_another(learner: Person, stranger: Person) -> None:
    say(learner, "IH", 2, 8)
    assert "data-phone" in shown(learner.client)
    assert "data-phone" not in shown(stranger.client)


def test_many_lessons_cost_no_more_queries(learner: Person) -> None:
    say(learner, "IH", 2, 8)
    lessons.exercise("ship")
    with CaptureQueriesContext(connection) as few:
        shown(learner.client)
    for text in ("fish", "pig", "six", "milk"):
        lessons.exercise(text)
        exercise = played(f"I see a red {text}", text)
        progress.record(learner.profile, exercise, 1.0, NOON)
    say(learner, "R", 2, 8)
    with CaptureQueriesContext(connection) as many:
        shown(learner.client)
    assert len(many) == len(few)


@pytest.mark.parametrize("page", ["/", "/mis-datos/", "/leccion/prueba-true/"])
def test_every_page_leads_to_it(learner: Person, page: str) -> None:
    lessons.exercise("ship")
    assert 'href="/mis-sonidos/"' in learner.client.get(page).content.decode()


def test_counts_are_looked_at_in_admin_and_never_typed_in(
    admin_client: Client, learner: Person
) -> None:
    say(learner, "IH", 2, 8)
    assert admin_client.get("/admin/learning/soundcount/").status_code == 200
    assert admin_client.get("/admin/learning/soundcount/add/").status_code == 403
