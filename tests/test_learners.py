"""The learners of a family: added, renamed, picked, deleted by nobody but their family."""

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from accounts import consent, profiles
from accounts.family_views import MOST_PROFILES
from accounts.models import Consent, Profile, User
from tests.family import EMAIL, LUCIA, PASSWORD, child_of, speaking

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

CHILD_VOICE = Consent.Purpose.CHILD_VOICE
THIS_YEAR = timezone.localdate().year


def test_a_grown_up_adds_renames_and_deletes_a_learner(home: Client, ana: User) -> None:
    assert home.post("/familia/perfil/", LUCIA | {"voice": "on"})["Location"] == "/familia/"
    child = Profile.objects.get()
    assert (child.user, child.name, child.picture, child.kind) == (ana, "Lucía", "🦊", "child")
    assert consent.may_record(child)
    assert child.consents.get().granted_by == EMAIL

    page = f"/familia/perfil/{child.pk}/"
    assert home.post(page, LUCIA | {"name": "Lu", "picture": "🐸"}).status_code == 302
    child.refresh_from_db()
    assert (child.name, child.picture) == ("Lu", "🐸")
    assert not consent.may_record(child)  # the box was not ticked any more

    assert home.post(f"{page}borrar/", {}).status_code == 422
    assert home.post(f"{page}borrar/", {"sure": "on"}).status_code == 302
    assert not Profile.objects.exists()
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "   "},
        {"name": "a" * 61},
        {"name": "a\0b"},
        {"picture": "💩"},
        {"picture": ""},
        {"kind": "anonymous"},
        {"kind": ""},
        {"birth_year": str(THIS_YEAR + 1)},
        {"birth_year": "12"},
        {"birth_year": "9" * 400},
        {"birth_year": str(THIS_YEAR - 30)},
        {"kind": "adult", "birth_year": str(THIS_YEAR - 9)},
        {"strictness": "cruel"},
    ],
)
def test_a_learner_that_cannot_be_is_not_saved(home: Client, wrong: dict[str, str]) -> None:
    assert home.post("/familia/perfil/", LUCIA | wrong).status_code == 422
    assert not Profile.objects.exists()


@pytest.mark.parametrize(
    ("age", "in_force"), [(None, "gentle"), (8, "gentle"), (12, "gentle"), (13, "normal")]
)
def test_the_age_says_how_strictly_until_somebody_chooses(age: int | None, in_force: str) -> None:
    year = THIS_YEAR - age if age is not None else None
    profile = Profile(kind=Profile.Kind.CHILD, birth_year=year)
    assert profile.strictness_in_force.value == in_force
    profile.strictness = "strict"
    assert profile.strictness_in_force.value == "strict"


def test_of_a_grown_up_no_year_is_kept(home: Client) -> None:
    home.post("/familia/perfil/", LUCIA | {"kind": "adult", "birth_year": str(THIS_YEAR - 40)})
    assert Profile.objects.get().birth_year is None


def test_a_family_has_an_end(home: Client, ana: User) -> None:
    Profile.objects.bulk_create([Profile(user=ana, name="x") for _ in range(MOST_PROFILES)])
    assert home.post("/familia/perfil/", LUCIA)["Location"] == "/familia/"
    assert Profile.objects.count() == MOST_PROFILES


def test_a_child_without_permission_is_led_to_it_and_may_go_on(home: Client, ana: User) -> None:
    child = child_of(ana)
    pick = {"profile": child.pk, "next": "/mis-sonidos/"}
    answer = home.post("/quien-aprende/", pick)
    assert answer["Location"] == "/quien-habla/permiso/?next=%2Fmis-sonidos%2F"
    assert (
        'href="/mis-sonidos/">Seguir sin micrófono' in home.get(answer["Location"]).content.decode()
    )
    consent.grant(child, CHILD_VOICE)
    assert home.post("/quien-aprende/", pick)["Location"] == "/mis-sonidos/"


def test_a_family_picks_where_others_say_who_speaks(home: Client, ana: User) -> None:
    assert home.get("/quien-habla/").status_code == 200  # nobody to pick from yet
    child_of(ana)
    answer = home.get("/quien-habla/?next=/mis-sonidos/")
    assert answer["Location"] == "/quien-aprende/?next=%2Fmis-sonidos%2F"
    assert home.post("/quien-habla/", {"kind": "adult"}).status_code == 302
    assert Profile.objects.count() == 1


def test_what_is_begun_without_picking_is_the_familys(home: Client, ana: User) -> None:
    session = home.session
    profile = profiles.current(session)
    session.save()
    assert profile is not None
    assert (profile.user, speaking(home)) == (ana, profile)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", ["", "borrar/", "juntar/"])
def test_a_profile_of_another_family_is_not_there(
    home: Client, ana: User, other_child: Profile, page: str, method: str
) -> None:
    mine = child_of(ana)
    for pk in (other_child.pk, uuid.uuid4()):
        data = LUCIA | {"sure": "on", "target": str(mine.pk)} if method == "post" else {}
        answer = getattr(home, method)(f"/familia/perfil/{pk}/{page}", data)
        assert answer.status_code == 404
        assert home.post("/quien-aprende/", {"profile": pk}).status_code == 404
        assert home.post("/familia/entrar/", {"password": PASSWORD}).status_code == 302
    other_child.refresh_from_db()
    assert other_child.name == "Nico"
    for broken in ("", "7", "not-a-uuid"):
        assert home.post("/quien-aprende/", {"profile": broken}).status_code == 404
    assert home.post("/quien-aprende/").status_code == 404
