"""Whoever let us keep their voice can hear it again; nobody else can."""

import re
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import consent
from accounts.models import Consent
from assessment import recordings
from assessment.models import Attempt
from tests import takes
from tests.people import Person

pytestmark = pytest.mark.django_db
KEEP = Consent.Purpose.KEEP_RECORDINGS
PCM = bytes(range(256)) * 4
NOON = datetime(2026, 3, 5, 12, 0, tzinfo=ZoneInfo("Europe/Madrid"))


def kept(person: Person, text: str = "rabbit", days: int = 0) -> Attempt:
    """A take of a person who allows to keep it."""
    consent.grant(person.profile, KEEP)
    name = recordings.write(uuid.uuid4(), PCM)
    created = NOON + timedelta(days=days)
    return takes.attempt(person, takes.take(text), recording=name, created=created)


def audio_of(attempt: Attempt) -> str:
    return f"/tomas/{attempt.pk}/audio.wav"


def listed(client: Client, page: str = "") -> list[str]:
    """The addresses of the voices on a page."""
    return re.findall(r'<audio controls preload="none" src="([^"]+)"', shown(client, page))


def shown(client: Client, page: str = "") -> str:
    answer = client.get("/tomas/", {"page": page} if page else {})
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def test_one_hears_ones_own_recordings_again_the_newest_first(learner: Person) -> None:
    old, new = kept(learner, "rabbit"), kept(learner, "yellow", days=2)
    assert listed(learner.client) == [audio_of(new), audio_of(old)]
    page = shown(learner.client)
    assert page.index("yellow") < page.index("rabbit")
    assert "5 de marzo de 2026, 12:00" in page and "7 de marzo de 2026, 12:00" in page
    assert learner.client.get(audio_of(old)).content.endswith(PCM)


def test_a_stranger_sees_none_of_them(learner: Person, stranger: Person, client: Client) -> None:
    kept(learner)
    his = kept(stranger, "yellow")
    assert listed(stranger.client) == [audio_of(his)]
    assert "rabbit" not in shown(stranger.client)
    assert listed(client) == []


def test_who_has_none_is_told_how_to_keep_them(learner: Person, client: Client) -> None:
    for nobody in (learner.client, client):
        page = shown(nobody)
        assert "Todavía no hay ninguna grabación guardada" in page
        assert 'href="/mis-datos/"' in page and "<audio" not in page


def test_only_what_is_kept_is_listed(learner: Person) -> None:
    attempt = kept(learner)
    takes.attempt(learner, takes.take("yellow"))  # its voice was deleted
    takes.attempt(learner, state=Attempt.State.FAILED, recording=attempt.recording)
    assert listed(learner.client) == [audio_of(attempt)]
    Consent.objects.filter(purpose=KEEP).update(text_version="0")
    assert listed(learner.client) == []
    assert learner.client.get(audio_of(attempt)).status_code == 404


def test_many_recordings_come_in_pages(learner: Person) -> None:
    attempts = [kept(learner, days=-days) for days in range(21)]
    assert listed(learner.client) == [audio_of(each) for each in attempts[:20]]
    assert 'href="?page=2"' in shown(learner.client)
    for last in ("2", "99"):
        assert listed(learner.client, last) == [audio_of(attempts[20])]
    assert listed(learner.client, "x") == listed(learner.client)


def test_more_recordings_take_no_more_queries(learner: Person) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown(learner.client)
        return len(captured)

    kept(learner)
    few = queries()
    for days in range(15):
        kept(learner, days=days)
    assert queries() == few <= 4


def test_my_data_leads_there_once_recordings_are_kept(parent: Person) -> None:
    link = 'href="/tomas/"'
    assert link not in parent.client.get("/mis-datos/").content.decode()
    consent.grant(parent.profile, KEEP)
    assert link in parent.client.get("/mis-datos/").content.decode()


def test_a_player_may_ask_for_a_part_of_a_recording(learner: Person) -> None:
    address = audio_of(kept(learner))
    whole = learner.client.get(address)
    assert whole["Accept-Ranges"] == "bytes"
    start = learner.client.get(address, headers={"Range": "bytes=0-1"})
    assert (start.status_code, start.content) == (206, b"RI")
    assert start["Content-Range"] == f"bytes 0-1/{len(whole.content)}"
    end = learner.client.get(address, headers={"Range": "bytes=-6"})
    assert (end.status_code, end.content) == (206, PCM[-6:])
    assert learner.client.get(address, headers={"Range": "bytes=9999-"}).status_code == 416
