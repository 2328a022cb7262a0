"""Hearing and choosing: one vote a pair, only what was heard, and blinded."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import signing
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from learning.models import Trial
from learning.preference import sounds, voting
from learning.preference.design import CELLS, CONDITIONS
from tests import queues
from tests.preference import study
from tests.preference.study import PAIR, STUDY, agree, listen, shown, text, vote

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
CHOICES = ["a", "b", "same", "skip"]
VARIES = ("Content-Length", "Expires")  # how long a reading lasts, and the moment


def test_a_whole_study(client: Client, readings: None) -> None:
    participant = agree(client)
    for at in range(12):
        assert f"Pareja {at + 1} de 12" in text(client, PAIR)
        assert vote(client, listen(client), CHOICES[at % 4]) == 302
    assert client.get(PAIR)["Location"] == STUDY
    page = text(client)
    assert "¡Muchas gracias!" in page and "Para qué sirven tus votos" in page
    trials = list(participant.trials.all())
    assert [each.choice for each in trials] == ["first", "second", "same", "skipped"] * 3
    assert sorted((each.first, each.second) for each in trials) == sorted([*CELLS, *CELLS])
    assert all(each.seconds and 60 <= each.seconds < 70 for each in trials)
    assert trials[0].preferred == trials[0].first and trials[1].preferred == trials[1].second


def test_one_vote_a_pair_however_often_it_is_sent(client: Client, readings: None) -> None:
    agree(client)
    trial = listen(client)
    assert vote(client, trial, "a") == vote(client, trial, "a") == 302
    assert "ya tenía respuesta" not in text(client, PAIR)  # sent twice
    assert vote(client, trial, "b") == 302
    page = text(client, PAIR)  # another tab, which still showed it
    assert "Esa pareja ya tenía respuesta" in page and "Pareja 2 de 12" in page
    trial.refresh_from_db()
    assert trial.choice == Trial.Choice.FIRST


def test_no_vote_before_both_were_heard(client: Client, readings: None) -> None:
    agree(client)
    trial, (first, second) = shown(client)
    for choice in ("a", "same"):
        assert vote(client, trial, choice) == 422
    client.get(first)
    assert vote(client, trial, "a") == 422
    client.head(second)  # asked for, but not for its sound
    assert vote(client, trial, "a") == 422
    client.get(second)
    trial.refresh_from_db()
    assert trial.choice == "" and trial.first_heard_at and trial.second_heard_at


def test_no_vote_sooner_than_both_can_have_been_heard() -> None:
    participant = voting.join(uuid4(), None, "long", timezone.now())
    trial = participant.trials.all()[0]
    now = timezone.now()
    for side in "ab":
        voting.heard(trial, side, now)
    trial.refresh_from_db()
    with pytest.raises(voting.NotHeard):
        voting.vote(trial, "a", 20.0, now + timedelta(seconds=15))
    assert voting.vote(trial, "a", 20.0, now + timedelta(seconds=19))
    trial.refresh_from_db()
    assert trial.seconds == 19


def test_a_pair_may_be_skipped_unheard_and_nothing_else_be_chosen(
    client: Client, readings: None
) -> None:
    agree(client)
    trial, _ = shown(client)
    for wrong in ("", "c", "storytelling"):
        assert vote(client, trial, wrong) == 404
    assert vote(client, trial, "skip") == 302
    trial.refresh_from_db()
    assert (trial.choice, trial.seconds, trial.preferred) == ("skipped", None, "")


def test_nobody_hears_or_votes_for_somebody_else(readings: None) -> None:
    one, two = Client(), Client()
    agree(one)
    agree(two)
    trial, addresses = shown(one)
    assert two.get(addresses[0]).status_code == Client().get(addresses[0]).status_code == 404
    assert vote(two, trial, "skip") == 404
    assert one.post(PAIR, {"trial": "x", "choice": "a"}).status_code == 404
    forged = addresses[0].replace(".mp3", "x.mp3")
    assert one.get(forged).status_code == 404
    assert one.get("/estudio/sonido/x.mp3").status_code == 404


def test_a_player_may_ask_for_a_part_and_no_cache_keeps_it(client: Client, readings: None) -> None:
    agree(client)
    _, (address, _) = shown(client)
    part = client.get(address, headers={"Range": "bytes=0-1"})
    assert (part.status_code, len(part.content)) == (206, 2)
    assert part["Cache-Control"] == "private, no-store"


def test_a_reading_that_is_gone_is_made_again(client: Client, readings: None) -> None:
    agree(client)
    _, (address, _) = shown(client)
    made = sounds.ready(study.VOICE)
    assert made is not None
    for sound in made.values():
        default_storage.delete(sound.name)
    assert client.get(address).status_code == 404
    assert "Estamos preparando las lecturas" in text(client)
    assert queues.jobs("narrate") == [[]]
    sounds.make(study.VOICE, study.tone)
    assert client.get(address).status_code == 200


def test_a_pair_whose_passage_is_gone_is_passed_over(client: Client, readings: None) -> None:
    participant = agree(client)
    trial, (address, _) = shown(client)
    participant.trials.filter(pk=trial.pk).update(passage="of-an-older-cotorra")
    assert client.get(address).status_code == 404
    assert vote(client, trial, "skip") == 404
    assert "Te quedan 11 parejas" in text(client) and "Pareja 1 de 11" in text(client, PAIR)
    participant.trials.exclude(pk=trial.pk).update(choice="skipped")
    assert client.get(PAIR)["Location"] == STUDY and "¡Muchas gracias!" in text(client)


# Blinded


def told(client: Client, trial: Trial) -> tuple[str, list[dict[str, str]]]:
    """All that a browser is told of a pair but the sounds: the page, the headers."""
    page = client.get(PAIR)
    html = page.content.decode()
    headers = [{k: v for k, v in page.headers.items() if k not in VARIES}]
    for address in study.ADDRESS.findall(html):
        sound = client.get(address)
        headers.append({k: v for k, v in sound.headers.items() if k not in VARIES})
        payload = signing.loads(
            address.split("/")[-1].removesuffix(".mp3"), salt="learning.preference"
        )
        assert payload in ([trial.pk.hex, "a"], [trial.pk.hex, "b"])
    html = re.sub(r'"csrfmiddlewaretoken" value="\w+"|/estudio/sonido/[^"]+', "", html)
    return html, headers


def test_no_answer_tells_which_reading_is_which(client: Client, readings: None) -> None:
    participant = agree(client)
    for _ in range(2):
        trial, _addresses = shown(client)
        seen = [told(client, trial)]
        for first, second in CELLS:  # whatever was drawn, it looks the same
            participant.trials.filter(pk=trial.pk).update(first=first, second=second)
            seen.append(told(client, trial))
        assert all(each == seen[0] for each in seen)
        everything = json.dumps(seen).lower()
        for name in (*CONDITIONS, "espeak", "narrat", "x-voice", "sintética", "neutra"):
            assert str(name) not in everything
        answer = client.post(PAIR, {"trial": str(trial.pk), "choice": "skip"})
        assert answer["Location"] == PAIR
