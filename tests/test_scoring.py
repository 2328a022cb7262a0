"""The life of a scoring job, from the queue to the answer, and what a sweep mends."""

import threading
import uuid
from base64 import urlsafe_b64decode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts import consent
from accounts.models import Consent
from assessment import attempts, recordings, scoring, sweeping, tasks
from assessment.diagnosis import sounds_of, take_of
from assessment.models import Attempt
from assessment.protocol import Start
from learning.models import Exercise, Progress, SoundCount
from speech.criterion import Criterion
from tests import lessons
from tests.people import Person
from tests.queues import waiting
from tests.voices import hiss, voice

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
State = Attempt.State
FINDINGS = {
    "text": "we call it bear",
    "duration_s": 2.0,
    "accuracy": 0.5,
    "words": [],
    "notes": [],
}


@pytest.fixture
def exercise(db: None) -> Exercise:
    return lessons.exercise(voice().text)


@pytest.fixture(autouse=True)
def empty_queue() -> None:
    waiting()


def stored(person: Person, exercise: Exercise, pcm: bytes = voice().pcm) -> Attempt:
    start = Start(uuid.uuid4(), exercise.pk)
    return attempts.store(person.profile, start, exercise.criterion(model="test"), pcm)


def claimed(attempt: Attempt) -> uuid.UUID:
    token = scoring.claim(attempt.pk, timezone.now(), 60)
    assert token is not None
    attempt.refresh_from_db()
    return token


def files() -> list[str]:
    return list(recordings.names())


def test_a_stored_attempt_is_queued_once_it_is_committed(
    learner: Person,
    exercise: Exercise,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        attempt = stored(learner, exercise)
    assert waiting() == []
    assert files() == [attempt.recording]
    for callback in callbacks:
        callback()
    assert waiting() == [str(attempt.pk)]


def test_the_criterion_is_frozen_with_the_attempt(learner: Person, exercise: Exercise) -> None:
    attempt = stored(learner, exercise)
    exercise.text = "a rabbit"
    exercise.save()
    attempt.refresh_from_db()
    assert attempt.criterion["text"] == voice().text
    assert attempt.criterion["model"] == "test"


def test_the_strictness_of_the_learner_is_frozen_too(
    learner: Person, parent: Person, exercise: Exercise
) -> None:
    def asked(person: Person) -> str:
        prepared = attempts.prepare(person.profile, Start(uuid.uuid4(), exercise.pk))
        assert isinstance(prepared, Criterion)
        return prepared.strictness

    assert (asked(learner), asked(parent)) == ("gentle", "normal")
    learner.profile.strictness = "strict"
    assert asked(learner) == "strict"


def test_a_job_belongs_to_one_worker(learner: Person, exercise: Exercise) -> None:
    attempt = stored(learner, exercise)
    token = claimed(attempt)
    assert (attempt.state, attempt.tries, attempt.claim_token) == (State.SCORING, 1, token)
    assert scoring.claim(attempt.pk, timezone.now(), 60) is None


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_gets_the_job(learner: Person, exercise: Exercise) -> None:
    attempt = stored(learner, exercise)
    start, tokens = threading.Barrier(8), []

    def worker() -> None:
        start.wait()
        tokens.append(scoring.claim(attempt.pk, timezone.now(), 60))
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tokens) == 8 and sum(token is not None for token in tokens) == 1


def test_a_late_worker_cannot_overwrite_the_answer(learner: Person, exercise: Exercise) -> None:
    attempt = stored(learner, exercise)
    late = claimed(attempt)
    after = timezone.now() + timedelta(seconds=61)
    assert scoring.claim(attempt.pk, after - timedelta(seconds=2), 60) is None
    token = scoring.claim(attempt.pk, after, 60)
    assert token is not None and token != late
    assert not scoring.finish(attempt, late, FINDINGS | {"accuracy": 0.1}, after)
    assert not scoring.fail(attempt, late, "failed", after)
    assert not scoring.give_back(attempt, late, after, 2)
    assert scoring.finish(attempt, token, FINDINGS, after)
    assert not scoring.finish(attempt, token, FINDINGS, after)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.findings, attempt.tries) == (State.SCORED, FINDINGS, 2)
    progress = Progress.objects.get(profile=learner.profile, exercise=exercise)
    assert (progress.attempts, progress.best) == (1, 0.9)


def test_the_engine_answers_and_the_voice_is_deleted(learner: Person, exercise: Exercise) -> None:
    attempt = stored(learner, exercise)
    tasks.score_attempt(str(attempt.pk))
    attempt.refresh_from_db()
    assert attempt.state == State.SCORED and attempt.tries == 1
    assert attempt.findings is not None and attempt.scored_at is not None
    assert [word["word"] for word in attempt.findings["words"]] == voice().text.split()
    assert attempt.findings["model"]
    assert attempt.recording == "" and attempt.recording_deleted_at is not None
    assert files() == []
    assert Progress.objects.get(profile=learner.profile).attempts == 1


def test_a_job_that_is_delivered_twice_does_nothing_the_second_time(
    learner: Person, exercise: Exercise
) -> None:
    attempt = stored(learner, exercise)
    tasks.score_attempt(str(attempt.pk))
    first = Attempt.objects.values().get()
    tasks.score_attempt(str(attempt.pk))
    assert Attempt.objects.values().get() == first
    assert Progress.objects.get().attempts == 1
    attempt.refresh_from_db()
    told = [phone for phone, _ in sounds_of(take_of(attempt.findings or {}))]
    counted = SoundCount.objects.filter(profile=learner.profile)
    assert sum(row.right + row.unsure + row.wrong for row in counted) == len(told)
    assert {row.phone for row in counted} == set(told)


def test_a_job_of_an_attempt_that_is_gone_does_nothing(db: None) -> None:
    tasks.score_attempt(str(uuid.uuid4()))


def test_a_take_is_judged_also_when_its_exercise_is_gone(
    learner: Person, exercise: Exercise
) -> None:
    attempt = stored(learner, exercise)
    exercise.delete()
    tasks.score_attempt(str(attempt.pk))
    attempt.refresh_from_db()
    assert attempt.state == State.SCORED


def test_notes_of_the_recording_reach_the_answer(learner: Person, exercise: Exercise) -> None:
    attempt = stored(learner, exercise)
    Attempt.objects.update(notes=["clipped"])
    tasks.score_attempt(str(attempt.pk))
    attempt.refresh_from_db()
    assert attempt.findings is not None and attempt.findings["notes"] == ["clipped"]


# What goes wrong


def test_a_recording_that_is_lost_fails_at_once(learner: Person, exercise: Exercise) -> None:
    attempt = stored(learner, exercise)
    recordings.delete(attempt.recording)
    tasks.score_attempt(str(attempt.pk))
    attempt.refresh_from_db()
    assert (attempt.state, attempt.error_code) == (State.FAILED, "unreadable_audio")
    assert attempt.tries == 1


def test_a_recording_that_the_engine_refuses_fails_at_once(
    learner: Person, exercise: Exercise
) -> None:
    attempt = stored(learner, exercise, pcm=bytes(64_000))
    tasks.score_attempt(str(attempt.pk))
    attempt.refresh_from_db()
    assert (attempt.state, attempt.error_code) == (State.FAILED, "too_quiet")
    assert not Progress.objects.exists()


def test_a_storage_that_does_not_answer_is_asked_three_times(
    learner: Person, exercise: Exercise, tmp_path: Path
) -> None:
    attempt = stored(learner, exercise)
    file = tmp_path / "recordings" / attempt.recording
    file.unlink()
    file.mkdir()  # reading it fails, but it is there
    queued = []
    for _ in range(3):
        attempt.refresh_from_db()
        assert attempt.state == State.STORED
        tasks.score_attempt(str(attempt.pk))
        queued.append(len(waiting()))
    attempt.refresh_from_db()
    assert queued == [1, 1, 0]
    assert (attempt.state, attempt.error_code, attempt.tries) == (State.FAILED, "failed", 3)


def test_half_a_minute_without_storage_fails_no_take(
    learner: Person, exercise: Exercise, tmp_path: Path
) -> None:
    attempt = stored(learner, exercise)
    file = tmp_path / "recordings" / attempt.recording
    aside = file.rename(tmp_path / "aside")
    file.mkdir()
    pauses = []
    for _ in range(2):
        now = timezone.now()
        tasks.score_attempt(str(attempt.pk))
        attempt.refresh_from_db()
        pauses.append((attempt.queued_at - now).total_seconds())
    assert 30 < sum(pauses) < 90 and pauses[0] < 10  # a hiccup is soon over
    file.rmdir()
    aside.rename(file)
    tasks.score_attempt(str(attempt.pk))
    attempt.refresh_from_db()
    assert (attempt.state, attempt.tries) == (State.SCORED, 3)


def test_a_broken_bundle_is_an_operators_matter_and_may_be_mended() -> None:
    from speech.errors import SpeechError

    assert scoring.mendable(SpeechError("bad_bundle"))
    assert scoring.mendable(SpeechError("deadline", permanent=False))
    assert not scoring.mendable(SpeechError("too_quiet"))
    assert not scoring.mendable(ZeroDivisionError())


def test_failed_takes_can_be_scored_again_by_the_operator(
    admin_client: Any, learner: Person, exercise: Exercise
) -> None:
    attempt = stored(learner, exercise)
    token = claimed(attempt)
    scoring.fail(attempt, token, "failed", timezone.now())
    page = "/admin/assessment/attempt/"
    assert admin_client.get(page).status_code == 200
    assert admin_client.get(f"{page}{attempt.pk}/change/").status_code == 200
    chosen = {"action": "score_again", "_selected_action": [str(attempt.pk)]}
    assert admin_client.post(page, chosen).status_code == 302
    assert waiting() == [str(attempt.pk)]
    tasks.score_attempt(str(attempt.pk))
    attempt.refresh_from_db()
    assert attempt.state == State.SCORED


# The sweep


def test_an_attempt_that_was_never_queued_is_found(learner: Person, exercise: Exercise) -> None:
    attempt = stored(learner, exercise)
    now = timezone.now()
    sweeping.sweep(now + timedelta(seconds=5))
    assert waiting() == []  # its job may be on its way
    sweeping.sweep(now + timedelta(seconds=15))
    assert waiting() == [str(attempt.pk)]
    sweeping.sweep(now + timedelta(seconds=20))
    assert waiting() == []


def test_an_attempt_whose_worker_died_is_queued_when_the_lease_is_over(
    learner: Person, exercise: Exercise
) -> None:
    attempt = stored(learner, exercise)
    claimed(attempt)
    now = timezone.now()
    sweeping.sweep(now + timedelta(seconds=50))
    assert waiting() == []
    sweeping.sweep(now + timedelta(seconds=65))
    assert waiting() == [str(attempt.pk)]


def test_what_was_given_back_waits_its_time(learner: Person, exercise: Exercise) -> None:
    attempt = stored(learner, exercise)
    token = claimed(attempt)
    now = timezone.now()
    assert scoring.give_back(attempt, token, now, 2)
    assert waiting() == [str(attempt.pk)]  # with a countdown
    sweeping.sweep(now + timedelta(seconds=11))
    assert waiting() == []
    sweeping.sweep(now + timedelta(seconds=13))
    assert waiting() == [str(attempt.pk)]


def test_an_attempt_that_kills_its_workers_steps_aside(learner: Person, exercise: Exercise) -> None:
    attempt, healthy = stored(learner, exercise), stored(learner, exercise)
    now = timezone.now()
    for _ in range(3):
        assert scoring.claim(attempt.pk, now, 60) is not None
        now += timedelta(seconds=61)
    assert scoring.claim(attempt.pk, now, 60) is None
    sweeping.sweep(now)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.error_code) == (State.FAILED, "failed")
    assert waiting() == [str(healthy.pk)]


def test_failed_recordings_expire(learner: Person, exercise: Exercise) -> None:
    attempt = stored(learner, exercise)
    now = timezone.now()
    scoring.fail(attempt, claimed(attempt), "failed", now)
    sweeping.sweep(now + timedelta(hours=23))
    assert files() == [attempt.recording]
    sweeping.sweep(now + timedelta(hours=25))
    attempt.refresh_from_db()
    assert files() == [] and attempt.recording == "" and attempt.recording_deleted_at is not None


def test_a_voice_that_its_worker_could_not_delete_is_deleted_later(
    learner: Person, exercise: Exercise
) -> None:
    attempt = stored(learner, exercise)
    now = timezone.now()
    assert scoring.finish(attempt, claimed(attempt), FINDINGS, now)  # and the worker dies here
    assert files() == [attempt.recording]
    sweeping.sweep(now)
    assert files() == []


def test_a_file_without_a_row_is_deleted_once_it_is_old(
    learner: Person, exercise: Exercise
) -> None:
    attempt = stored(learner, exercise)
    recordings.write(uuid.uuid4(), voice().pcm)
    now = timezone.now()
    sweeping.delete_orphans(now)
    assert len(files()) == 2  # its row may be on its way
    sweeping.delete_orphans(now + timedelta(minutes=16))
    assert files() == [attempt.recording]


def test_a_sweep_before_the_first_recording_finds_nothing(db: None) -> None:
    tasks.sweep()
    tasks.tidy()


# Voices are kept only where somebody allowed it, and never in the clear


def test_the_voice_is_kept_with_a_consent_and_only_as_long(
    learner: Person,
    exercise: Exercise,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    consent.grant(learner.profile, Consent.Purpose.KEEP_RECORDINGS, granted_by="su padre")
    attempt = stored(learner, exercise)
    tasks.score_attempt(str(attempt.pk))
    sweeping.sweep(timezone.now() + timedelta(days=400))
    assert files() == [attempt.recording]
    with django_capture_on_commit_callbacks(execute=True):
        consent.withdraw(learner.profile, Consent.Purpose.KEEP_RECORDINGS)
    assert files() == []


def test_a_consent_that_ends_unheard_is_acted_on_by_the_sweep(
    learner: Person, exercise: Exercise
) -> None:
    consent.grant(learner.profile, Consent.Purpose.KEEP_RECORDINGS)
    attempt = stored(learner, exercise)
    tasks.score_attempt(str(attempt.pk))
    Consent.objects.filter(purpose=Consent.Purpose.KEEP_RECORDINGS).update(text_version="0")
    sweeping.sweep(timezone.now())
    assert files() == []
    attempt.refresh_from_db()
    assert attempt.state == State.SCORED and attempt.recording == ""


def test_the_consent_of_one_learner_keeps_no_other_voice(
    learner: Person, parent: Person, exercise: Exercise
) -> None:
    consent.grant(parent.profile, Consent.Purpose.KEEP_RECORDINGS)
    hers, his = stored(learner, exercise), stored(parent, exercise)
    for attempt in (hers, his):
        tasks.score_attempt(str(attempt.pk))
    assert files() == [his.recording]


def test_the_voices_of_a_learner_go_with_the_learner(
    learner: Person,
    parent: Person,
    exercise: Exercise,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    stored(learner, exercise)
    his = stored(parent, exercise)
    with django_capture_on_commit_callbacks(execute=True):
        learner.profile.delete()
    assert files() == [his.recording]
    assert list(Attempt.objects.all()) == [his]


def test_a_recording_lies_encrypted_on_the_disk(
    learner: Person, exercise: Exercise, tmp_path: Path
) -> None:
    attempt = stored(learner, exercise)
    file = tmp_path / "recordings" / attempt.recording
    lying = file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    pcm = voice().pcm
    pieces = [p for at in range(0, len(pcm), 16) if len(set(p := pcm[at : at + 16])) > 8]
    for form in (lying, urlsafe_b64decode(lying)):
        assert not form.startswith((b"RIFF", b"fLaC", b"OggS"))
        assert not any(piece in form for piece in pieces[::20])
    assert len(pieces) > 1000
    assert str(learner.profile.pk) not in attempt.recording
    assert recordings.read(attempt.recording) == voice().pcm


def test_keys_can_be_changed_and_a_lost_key_is_no_crash(
    learner: Person, exercise: Exercise, settings: Any
) -> None:
    from cryptography.fernet import Fernet

    attempt = stored(learner, exercise)
    old, new = settings.RECORDING_KEYS[0], Fernet.generate_key().decode()
    settings.RECORDING_KEYS = [new, old]
    assert recordings.read(attempt.recording) == voice().pcm
    settings.RECORDING_KEYS = [new]
    tasks.score_attempt(str(attempt.pk))
    attempt.refresh_from_db()
    assert (attempt.state, attempt.error_code) == (State.FAILED, "unreadable_audio")


# What learners see of it


def test_the_answer_is_for_the_learner_and_nobody_else(
    learner: Person, stranger: Person, parent: Person, client: Any, exercise: Exercise
) -> None:
    attempt = stored(learner, exercise)
    waiting_page = learner.client.get(f"/tomas/{attempt.pk}/")
    assert waiting_page.status_code == 202 and 'data-state="stored"' in waiting_page.text
    tasks.score_attempt(str(attempt.pk))
    answer = learner.client.get(f"/tomas/{attempt.pk}/")
    assert answer.status_code == 200 and 'data-state="scored"' in answer.text
    assert answer["X-Attempt-State"] == "scored" and "no-store" in answer["Cache-Control"]
    for other in (stranger.client, parent.client, client):
        assert other.get(f"/tomas/{attempt.pk}/").status_code == 404
        assert other.get(f"/tomas/{attempt.pk}/audio.wav").status_code == 404
    assert learner.client.get(f"/tomas/{uuid.uuid4()}/").status_code == 404
    assert learner.client.post(f"/tomas/{attempt.pk}/").status_code == 405


def test_a_failed_take_says_so_in_plain_words(learner: Person, exercise: Exercise) -> None:
    attempt = stored(learner, exercise, pcm=hiss(1.0))
    scoring.fail(attempt, claimed(attempt), "no_speech", timezone.now())
    answer = learner.client.get(f"/tomas/{attempt.pk}/")
    assert answer.status_code == 200 and 'data-state="failed"' in answer.text
    assert "No hemos oído ninguna voz" in answer.text


def test_ones_own_voice_can_be_heard_if_it_was_kept(
    learner: Person, stranger: Person, admin_client: Any, exercise: Exercise
) -> None:
    consent.grant(learner.profile, Consent.Purpose.KEEP_RECORDINGS)
    attempt = stored(learner, exercise)
    address = f"/tomas/{attempt.pk}/audio.wav"
    assert learner.client.get(address).status_code == 404  # not before it is scored
    tasks.score_attempt(str(attempt.pk))
    wav = learner.client.get(address)
    assert wav.status_code == 200 and wav["Content-Type"] == "audio/wav"
    assert wav.content.startswith(b"RIFF") and wav.content.endswith(voice().pcm)
    assert stranger.client.get(address).status_code == 404
    assert admin_client.get(address).status_code == 404
    assert attempt.recording not in admin_client.get("/admin/assessment/attempt/").text
