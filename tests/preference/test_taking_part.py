"""The preference study as adults meet it: whether it is open, consent, the way out."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import gate, grown_up
from accounts.models import User
from learning import tasks
from learning.models import Participant, Trial
from learning.preference import sounds, voting
from learning.preference.design import CELLS
from speech import thresholds
from tests import queues
from tests.family import child_of, signed_in
from tests.preference import study
from tests.preference.study import PAIR, STUDY, WITHDRAW, agree, listen, shown, text, vote

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


# Whether there is anything to compare


def test_without_our_own_voice_the_study_is_not_open(client: Client) -> None:
    assert "Todavía no se puede votar" in text(client)
    assert client.post(STUDY, {"answer": "1", "agree": "on"}).status_code == 200
    assert client.get(PAIR)["Location"] == STUDY
    assert not Participant.objects.exists() and not client.session.keys()


def test_while_the_readings_are_made_it_says_so(client: Client, voice: Path) -> None:
    assert "Estamos preparando las lecturas" in text(client)
    assert client.get(PAIR)["Location"] == STUDY
    assert queues.jobs("narrate") == [[]]  # a worker was asked, once
    study.readings()
    assert "Cómo funciona" in text(client)


def test_a_worker_that_cannot_load_the_voice_leaves_the_study_shut(
    client: Client, voice: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text(client)
    tasks.narrate_study()
    assert "code=bad_bundle" in caplog.text
    assert sounds.ready(study.VOICE) is None
    page = text(client)
    assert "Las voces no están disponibles ahora" in page and "Estamos preparando" not in page
    assert queues.jobs("narrate") == [[]]  # not asked for again at once


def test_a_new_voice_begins_a_new_study(client: Client, readings: None, voice: Path) -> None:
    agree(client)
    (voice / thresholds.CONFIG).write_text(json.dumps({"version": "newer"}), "utf-8")
    thresholds.version.cache_clear()
    assert "Estamos preparando" in text(client)
    sounds.make("newer", study.tone)
    assert "Cómo funciona" in text(client)
    again = agree(client)
    assert (again.voice, again.number, Participant.objects.count()) == ("newer", 0, 2)
    client.post(WITHDRAW)
    assert not Participant.objects.exists()


# Adults who agreed


def test_nobody_votes_without_the_answer_of_an_adult_and_consent(
    client: Client, readings: None
) -> None:
    page = text(client)
    assert "Guardamos tus votos" in page and "unos 2 minutos" in page
    for wrong in ({"answer": "7", "agree": "on"}, {"answer": ""}, {}):
        assert client.post(STUDY, wrong).status_code == 422
    a, b = client.session[gate.KEY]
    assert client.post(STUDY, {"answer": a * b}).status_code == 422
    assert not Participant.objects.exists()
    assert client.get(PAIR)["Location"] == STUDY


def test_the_consent_is_on_record_before_the_first_pair(client: Client, readings: None) -> None:
    before = timezone.now()
    participant = agree(client)
    assert (participant.voice, participant.number) == (study.VOICE, 0)
    assert participant.text_version == voting.TEXT_VERSION and participant.agreed_at >= before
    assert participant.user is None and participant.trials.count() == 12
    assert "Pareja 1 de 12" in text(client, PAIR)


def test_after_a_while_an_adult_is_asked_for_again(client: Client, readings: None) -> None:
    agree(client)
    session = client.session
    session["study_until"] -= 60 * 60
    session.save()
    assert client.get(PAIR)["Location"] == STUDY
    page = text(client)
    assert "Te quedan 12 parejas de 12." in page and "Para saber que eres" in page
    agree(client)
    assert Participant.objects.count() == 1 and "Pareja 1 de 12" in text(client, PAIR)


def test_in_a_family_the_password_is_the_gate(home: Client, ana: User, readings: None) -> None:
    assert gate.KEY not in home.session
    answer = home.post(STUDY, {"agree": "on"})
    assert answer["Location"] == PAIR
    assert Participant.objects.get().user == ana
    home.post("/quien-aprende/", {"profile": child_of(ana).pk})  # a child has the browser now
    assert home.get(PAIR)["Location"] == STUDY
    page = text(home)
    assert "/familia/entrar/?next=%2Festudio%2F" in page and "Borrar mis votos" not in page
    assert home.post(WITHDRAW)["Location"].startswith("/familia/entrar/")
    assert Participant.objects.count() == 1


def test_the_question_opens_no_family_area(client: Client, ana: User, readings: None) -> None:
    agree(client)
    assert grown_up.UNTIL not in client.session
    client.force_login(ana)
    assert client.get("/familia/")["Location"].startswith("/familia/entrar/")
    assert client.get(PAIR)["Location"] == STUDY


def test_an_account_goes_on_at_another_device(home: Client, readings: None) -> None:
    home.post(STUDY, {"agree": "on"})
    vote(home, listen(home), "a")
    assert "Pareja 2 de 12" in text(signed_in(), PAIR)


def test_who_signs_in_later_takes_the_votes_along(
    client: Client, ana: User, readings: None
) -> None:
    participant = agree(client)
    client.force_login(ana)
    text(client)
    participant.refresh_from_db()
    assert participant.user == ana
    assert "Te quedan 12 parejas" in text(signed_in())


def test_asked_twice_one_takes_part_once(readings: None, ana: User) -> None:
    one, two = Client(), Client()
    for client in (one, two):
        client.force_login(ana)
        session = client.session
        session[grown_up.UNTIL] = timezone.now().timestamp() + 600
        session.save()
        client.get(STUDY)
    for client in (one, two, one):
        assert client.post(STUDY, {"agree": "on"}).status_code in (200, 302)
    assert Participant.objects.count() == 1 and Trial.objects.count() == 12


def test_numbers_are_taken_in_order_and_given_back(readings: None) -> None:
    clients = [Client() for _ in range(4)]
    for client in clients[:3]:
        agree(client)
    clients[1].post(WITHDRAW)
    assert agree(clients[3]).number == 1


# The way out


def test_votes_are_deleted_when_taken_back(client: Client, readings: None) -> None:
    agree(client)
    vote(client, listen(client), "a")
    assert "Borrar mis votos" in text(client)
    assert client.get(WITHDRAW).status_code == 405
    assert client.post(WITHDRAW)["Location"] == STUDY
    assert not Participant.objects.exists() and not Trial.objects.exists()
    page = text(client)
    assert "hemos borrado tus votos" in page and "Cómo funciona" in page
    assert vote(client, Trial(), "a") == 302  # a tab that was still open


def test_votes_can_be_taken_back_also_when_the_study_is_shut(
    client: Client, readings: None, voice: Path
) -> None:
    agree(client)
    (voice / thresholds.CONFIG).unlink()
    thresholds.version.cache_clear()
    assert "Todavía no se puede votar" in text(client)
    client.post(WITHDRAW)
    assert not Participant.objects.exists()


def test_with_the_account_go_its_votes(home: Client, ana: User, readings: None) -> None:
    other = Client()
    agree(other)
    home.post(STUDY, {"agree": "on"})
    assert Participant.objects.count() == 2
    ana.delete()
    assert Participant.objects.get().user is None


def test_a_pair_asks_as_much_for_many_votes(client: Client, readings: None) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            text(client, PAIR)
        return len(queries)

    agree(client)
    one = asked()
    for number in range(1, 5):
        study.voted(number, {frozenset(CELLS[0]): ["", ""]})
    vote(client, shown(client)[0], "skip")
    # The session, read and kept open for longer, who takes part, the pairs.
    assert asked() == one <= 7


def test_the_ways_to_the_study(home: Client) -> None:
    for page in ("/", "/familia/", "/privacidad/"):
        assert 'href="/estudio/"' in home.get(page).content.decode()
