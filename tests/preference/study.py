"""The preference study for tests: a voice that is there, readings of it, people who vote."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts import gate
from learning.models import Participant, Trial
from learning.preference import sounds
from learning.preference.design import CONDITIONS
from speech.narrator.spoken import Spoken
from speech.thresholds import CONFIG

VOICE = "3f2a9c"
STUDY, PAIR, WITHDRAW = "/estudio/", "/estudio/pareja/", "/estudio/retirar/"
ADDRESS = re.compile(r'data-play="([^"]+)"')
TRIAL = re.compile(r'name="trial" value="([^"]+)"')
RATES = (22_050, 24_000, 16_000)  # voices need not work at the same rate
SECONDS = (0.6, 0.7, 0.8)
_made: dict[str, bytes] = {}


def bundle(folder: Path) -> Path:
    """What there is to see of our own voice without loading it."""
    (folder / CONFIG).write_text(json.dumps({"version": VOICE}), "utf-8")
    return folder


def tone(text: str, condition: str) -> Spoken:
    """A reading that is quick to make: its length, pitch and loudness tell the conditions apart."""
    at = [each.value for each in CONDITIONS].index(condition)
    rate = RATES[at]
    time = np.arange(round(rate * SECONDS[at])) / rate
    samples = (0.1 * (at + 1) * np.sin(2 * np.pi * 300 * (at + 1) * time)).astype(np.float32)
    return Spoken(samples, rate, (), "test", condition)


def readings() -> None:
    """All of them; made once for all tests, and then laid where this one looks."""
    if not _made:
        sounds.make(VOICE, tone)
        for name in default_storage.listdir(sounds.FOLDER)[1]:
            with default_storage.open(f"{sounds.FOLDER}/{name}") as file:
                _made[f"{sounds.FOLDER}/{name}"] = file.read()
    elif sounds.ready(VOICE) is None:
        for name, raw in _made.items():
            default_storage.save(name, ContentFile(raw))


def agree(client: Client) -> Participant:
    """An adult without an account takes part."""
    client.get(STUDY)
    a, b = client.session[gate.KEY]
    answer = client.post(STUDY, {"answer": a * b, "agree": "on"})
    assert (answer.status_code, answer["Location"]) == (302, PAIR)
    return Participant.objects.latest("pk")


def text(client: Client, address: str = STUDY) -> str:
    page = client.get(address)
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    return " ".join(page.content.decode().split())


def shown(client: Client) -> tuple[Trial, list[str]]:
    """The pair that waits, and the addresses of its readings."""
    page = client.get(PAIR).content.decode()
    found = TRIAL.search(page)
    assert found is not None
    return Trial.objects.get(pk=found[1]), ADDRESS.findall(page)


def listen(client: Client) -> Trial:
    """Hear both readings of the pair that waits; that was a minute ago."""
    trial, addresses = shown(client)
    for address in addresses:
        assert client.get(address).status_code == 200
    trial.refresh_from_db()
    assert trial.first_heard_at and trial.second_heard_at
    trial.first_heard_at -= timedelta(minutes=1)
    trial.save()
    return trial


def vote(client: Client, trial: Trial, choice: str) -> int:
    return client.post(PAIR, {"trial": str(trial.pk), "choice": choice}).status_code


def voted(number: int, choices: dict[frozenset[str], list[str]], voice: str = VOICE) -> Participant:
    """Somebody who chose so of each pair: conditions, or '' for no difference."""
    participant = Participant.objects.create(voice=voice, number=number, text_version="1")
    position = 0
    for conditions, chosen in choices.items():
        for each in chosen:
            first, second = sorted(conditions, reverse=bool(position % 2))
            choice = {first: Trial.Choice.FIRST, second: Trial.Choice.SECOND}.get(
                each, Trial.Choice.SAME
            )
            Trial.objects.create(
                participant=participant,
                position=position,
                passage="moon-blanket",
                first=first,
                second=second,
                choice=choice,
                voted_at=timezone.now(),
                seconds=12.34,
            )
            position += 1
    return participant
