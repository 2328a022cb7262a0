"""What was learnt before anybody signed in: carried along, never lost, never somebody else's."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import models
from django.test import Client
from django.utils import timezone

from accounts import consent, merging, profiles
from accounts.models import Consent, Profile, User
from assessment.models import Attempt
from learning import progress
from learning.models import Day, Exercise, Progress, SoundCount
from tests.family import EMAIL, NEW, PASSWORD, account, child_of, signed_in, speaking
from tests.lessons import exercise
from tests.people import Person, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NOW = timezone.now()
A_DAY = date(2026, 1, 5)
SIGN_IN = {"username": EMAIL, "password": PASSWORD}
KEEP = Consent.Purpose.KEEP_RECORDINGS


def learnt(profile: Profile, word: str = "rabbit", score: float = 0.9, days: int = 0) -> None:
    """An exercise done, its take, its sounds, and a day of learning."""
    said = Exercise.objects.filter(text=word).first() or exercise(word)
    progress.record(profile, said, score, NOW + timedelta(days=days))
    Attempt.objects.create(
        take=uuid.uuid4(), profile=profile, exercise=said, criterion={}, duration_s=1
    )
    SoundCount.objects.create(profile=profile, phone="IH", day=A_DAY, right=2, wrong=1)
    Day.objects.create(profile=profile, day=A_DAY, seconds=60, answers=3)


@pytest.fixture
def begun() -> Person:
    """Somebody who has learnt without an account."""
    person = visitor()
    learnt(person.profile)
    return person


def test_signing_up_makes_it_the_familys_first_profile(begun: Person) -> None:
    answer = begun.client.post("/cuenta/nueva/", NEW)
    assert answer["Location"] == f"/familia/perfil/{begun.profile.pk}/"
    mine = Profile.objects.get()
    assert (mine, mine.user) == (begun.profile, User.objects.get())
    assert speaking(begun.client) == mine
    assert mine.progress.count() == mine.attempts.count() == mine.sounds.count() == 1

    page = answer["Location"]
    named = {"name": "Lucía", "picture": "🦊", "kind": "child"}
    assert begun.client.post(page, named).status_code == 302
    mine.refresh_from_db()
    assert (mine.name, mine.kind, mine.progress.count()) == ("Lucía", "child", 1)


def test_both_who_spoke_here_come_along() -> None:
    person = visitor(Profile.Kind.ADULT)
    learnt(person.profile)
    person.client.post("/quien-habla/", {"kind": "child"})
    child = speaking(person.client)
    assert child is not None
    learnt(child, "sheep")
    person.client.post("/cuenta/nueva/", NEW)
    assert set(User.objects.get().profiles.all()) == {person.profile, child}
    assert speaking(person.client) is None  # who of them learns today is asked


def test_signing_in_to_a_family_without_learners_makes_it_the_first(
    begun: Person, ana: User
) -> None:
    answer = begun.client.post("/cuenta/entrar/", SIGN_IN)
    assert answer["Location"] == f"/familia/perfil/{begun.profile.pk}/"
    assert list(ana.profiles.all()) == [begun.profile]


def test_signing_in_to_a_family_asks_whose_it_is_and_adds_it_up(begun: Person, ana: User) -> None:
    child = child_of(ana)
    learnt(child, score=0.5, days=1)
    answer = begun.client.post("/cuenta/entrar/", SIGN_IN)
    page = f"/familia/perfil/{begun.profile.pk}/juntar/"
    assert answer["Location"] == page
    assert "Lucía" in begun.client.get(page).content.decode()
    assert begun.client.post(page, {}).status_code == 422
    assert begun.client.post(page, {"target": str(child.pk)}).status_code == 302

    assert list(Profile.objects.all()) == [child]
    assert speaking(begun.client) == child
    done = child.progress.get()
    assert (done.attempts, done.best, done.last) == (2, 0.9, 0.5)
    sound, day = child.sounds.get(), child.days.get(day=A_DAY)
    assert (sound.right, sound.unsure, sound.wrong) == (4, 0, 2)
    assert (day.seconds, day.answers, day.lessons) == (120, 6, 0)
    assert child.attempts.count() == 2


def test_it_is_added_to_nobody_outside_the_family(begun: Person, ana: User) -> None:
    child_of(ana)
    stranger = child_of(account("otra@example.es"), "Nico")
    begun.client.post("/cuenta/entrar/", SIGN_IN)
    page = f"/familia/perfil/{begun.profile.pk}/juntar/"
    for target in (stranger.pk, begun.profile.pk, uuid.uuid4(), "x"):
        assert begun.client.post(page, {"target": str(target)}).status_code == 422
    assert not Progress.objects.filter(profile=stranger).exists()
    assert begun.profile.progress.count() == 1


def test_who_has_a_name_already_is_not_added_to_somebody_else(ana: User) -> None:
    lucia, leo = child_of(ana), child_of(ana, "Leo")
    home = signed_in()
    page = f"/familia/perfil/{lucia.pk}/juntar/"
    assert home.post(page, {"target": str(leo.pk)}).status_code == 404


def test_a_familys_profile_is_never_carried_to_another_family(begun: Person, ana: User) -> None:
    begun.client.post("/cuenta/entrar/", SIGN_IN)
    other = account("otra@example.es")
    session = Client().session
    session[profiles.CURRENT] = str(begun.profile.pk)  # as if a session were left over
    assert profiles.current(session, create=False) is None
    assert profiles.carry(session, other) == []
    begun.profile.refresh_from_db()
    assert begun.profile.user == ana


def test_nothing_learnt_is_nothing_to_carry(ana: User) -> None:
    child_of(ana)
    person = visitor()
    assert person.client.post("/cuenta/entrar/", SIGN_IN)["Location"] == "/quien-aprende/"
    assert ana.profiles.count() == 1
    assert speaking(person.client) is None


def test_a_permission_comes_along_and_counts_once(ana: User) -> None:
    child, begun = child_of(ana), visitor(Profile.Kind.CHILD)
    consent.grant(child, Consent.Purpose.CHILD_VOICE, granted_by="su madre")
    consent.grant(begun.profile, Consent.Purpose.CHILD_VOICE, granted_by="su padre")
    consent.grant(begun.profile, KEEP, granted_by="su padre")
    merging.merge(begun.profile, child)
    assert consent.given(child, Consent.Purpose.CHILD_VOICE)
    assert consent.given(child, KEEP)
    assert child.consents.count() == 3


def test_a_profile_is_not_merged_into_itself_or_into_one_that_is_gone(ana: User) -> None:
    child, gone = child_of(ana), child_of(ana, "Leo")
    with pytest.raises(ValueError, match="itself"):
        merging.merge(child, child)
    Profile.objects.filter(pk=gone.pk).delete()
    with pytest.raises(Profile.DoesNotExist):
        merging.merge(child, gone)
    assert Profile.objects.get() == child


def test_whatever_is_one_a_profile_knows_how_to_add_up() -> None:
    found = list(merging.relations())
    models_found = {field.model for field in found}
    assert {Consent, Progress, SoundCount, Attempt, Day} <= models_found
    for field in found:
        if merging.unique_with(field):
            assert callable(getattr(field.model, "absorb", None)), field.model
        conditional = [
            constraint.name
            for constraint in field.model._meta.constraints
            if isinstance(constraint, models.UniqueConstraint)
            and constraint.condition is not None
            and field.name in constraint.fields
        ]
        # Only merge() itself knows what a condition means.
        assert set(conditional) <= {"one_consent_in_force"}, field.model
