"""Who speaks, what they allow, and what is left of them afterwards."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts import consent, gate, profiles
from accounts.models import Consent, Profile
from accounts.signals import consent_withdrawn
from speech.thresholds import STRICTNESS
from tests.people import Person, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

CHILD_VOICE = Consent.Purpose.CHILD_VOICE
KEEP = Consent.Purpose.KEEP_RECORDINGS


def speaking(client: Client) -> Profile | None:
    return profiles.current(client.session, create=False)


def pass_gate(client: Client, path: str, **data: str) -> int:
    """Answer the question of the page as an adult would; gives the status."""
    client.get(path)
    a, b = client.session[gate.KEY]
    return client.post(path, {"answer": a * b, "agree": "on", **data}).status_code


def test_nobody_is_remembered_before_saying_who_speaks(client: Client) -> None:
    assert client.get("/quien-habla/").status_code == 200
    assert client.get("/mis-datos/").status_code == 200
    assert not Profile.objects.exists()


def test_nobody_may_record_before_saying_who_speaks() -> None:
    assert not consent.may_record(None)
    assert not consent.may_record(visitor().profile)


def test_an_adult_may_record_at_once_and_returns_where_she_was(client: Client) -> None:
    answer = client.post("/quien-habla/", {"kind": "adult", "next": "/leccion/animales/"})
    assert (answer.status_code, answer["Location"]) == (302, "/leccion/animales/")
    assert consent.may_record(speaking(client))


def test_a_child_may_record_only_after_the_adult_gate(client: Client) -> None:
    answer = client.post("/quien-habla/", {"kind": "child", "next": "/leccion/animales/"})
    assert answer["Location"] == "/quien-habla/permiso/?next=%2Fleccion%2Fanimales%2F"
    assert not consent.may_record(speaking(client))

    assert pass_gate(client, answer["Location"]) == 302
    profile = speaking(client)
    assert profile is not None
    assert profile.kind == Profile.Kind.CHILD
    assert consent.may_record(profile)
    given = Consent.objects.get()
    assert (given.purpose, given.text_version) == (CHILD_VOICE, consent.VERSIONS[CHILD_VOICE])
    assert given.granted_by


@pytest.mark.parametrize(
    "wrong",
    [
        {"answer": "1", "agree": "on"},
        {"answer": "ocho", "agree": "on"},
        {"answer": "", "agree": "on"},
        {"answer": "9" * 400, "agree": "on"},
        {},
    ],
)
def test_a_wrong_answer_opens_no_gate(client: Client, wrong: dict[str, str]) -> None:
    client.post("/quien-habla/", {"kind": "child"})
    client.get("/quien-habla/permiso/")
    assert client.post("/quien-habla/permiso/", wrong).status_code == 422
    assert not consent.may_record(speaking(client))


def test_the_right_answer_without_agreeing_opens_no_gate(client: Client) -> None:
    client.post("/quien-habla/", {"kind": "child"})
    client.get("/quien-habla/permiso/")
    a, b = client.session[gate.KEY]
    page = client.post("/quien-habla/permiso/", {"answer": a * b})
    assert page.status_code == 422
    assert "Marca la casilla" in page.content.decode()
    assert f'value="{a * b}"' not in page.content.decode()  # the question is another one now
    assert not Consent.objects.exists()


def test_each_question_of_the_gate_is_good_for_one_answer(client: Client) -> None:
    client.post("/quien-habla/", {"kind": "child"})
    client.get("/quien-habla/permiso/")
    a, b = client.session[gate.KEY]
    session = client.session
    session[gate.KEY] = [2, 2]
    session.save()
    assert client.post("/quien-habla/permiso/", {"answer": "5", "agree": "on"}).status_code == 422
    assert client.session[gate.KEY] != [2, 2]


def test_a_choice_that_is_not_offered_changes_nothing(client: Client) -> None:
    assert client.post("/quien-habla/", {"kind": "anonymous"}).status_code == 422
    assert client.post("/quien-habla/", {"kind": "robot"}).status_code == 422
    assert client.post("/quien-habla/", {}).status_code == 422
    assert speaking(client) is None


@pytest.mark.parametrize(
    "elsewhere", ["https://example.com/", "//example.com", "javascript:alert(1)", "\\\\example.com"]
)
def test_nobody_is_sent_to_another_site(client: Client, elsewhere: str) -> None:
    answer = client.post("/quien-habla/", {"kind": "adult", "next": elsewhere})
    assert answer["Location"] == "/"


def test_a_parent_and_her_child_share_a_browser_but_not_a_profile(client: Client) -> None:
    client.post("/quien-habla/", {"kind": "adult"})
    adult = speaking(client)
    client.post("/quien-habla/", {"kind": "child"})
    pass_gate(client, "/quien-habla/permiso/")
    child = speaking(client)
    client.post("/quien-habla/", {"kind": "adult"})
    assert speaking(client) == adult != child
    answer = client.post("/quien-habla/", {"kind": "child"})
    assert (answer["Location"], speaking(client)) == ("/", child)


def test_who_was_anonymous_keeps_what_they_did() -> None:
    person = visitor()
    person.client.post("/quien-habla/", {"kind": "adult"})
    assert speaking(person.client) == person.profile


def test_the_gate_is_only_for_a_child(parent: Person) -> None:
    answer = parent.client.get("/quien-habla/permiso/")
    assert answer["Location"] == reverse("accounts:who_speaks")


def test_recordings_are_kept_only_while_an_adult_wants_it(parent: Person) -> None:
    parent.client.post("/mis-datos/", {"keep": "1"})
    assert consent.given(parent.profile, KEEP)
    parent.client.post("/mis-datos/", {"keep": "0"})
    assert not consent.given(parent.profile, KEEP)
    assert Consent.objects.get().withdrawn_at is not None


def test_a_child_cannot_decide_to_keep_recordings(learner: Person) -> None:
    assert learner.client.post("/mis-datos/", {"keep": "1"}).status_code == 422
    assert not consent.given(learner.profile, KEEP)
    assert pass_gate(learner.client, "/mis-datos/", keep="1") == 302
    assert consent.given(learner.profile, KEEP)


def test_the_permission_to_hear_a_child_can_be_withdrawn(learner: Person) -> None:
    page = learner.client.get("/mis-datos/").content.decode()
    assert "Retirar el permiso" in page
    assert learner.client.post("/mis-datos/", {"voice": "0"}).status_code == 302
    assert not consent.may_record(learner.profile)
    assert Consent.objects.get().withdrawn_at is not None
    assert "Retirar el permiso" not in learner.client.get("/mis-datos/").content.decode()


def test_keeping_recordings_waits_until_it_is_known_who_speaks() -> None:
    person = visitor()
    answer = person.client.post("/mis-datos/", {"keep": "1"})
    assert answer["Location"] == "/quien-habla/?next=%2Fmis-datos%2F"
    assert not Consent.objects.exists()


def test_who_acts_on_a_withdrawal_is_told_once(parent: Person) -> None:
    told: list[tuple[Profile, str]] = []

    def note(profile: Profile, purpose: str, **rest: object) -> None:
        told.append((profile, purpose))

    consent_withdrawn.connect(note)
    try:
        consent.withdraw(parent.profile, KEEP)
        consent.grant(parent.profile, KEEP)
        consent.withdraw(parent.profile, KEEP)
        consent.withdraw(parent.profile, KEEP)
    finally:
        consent_withdrawn.disconnect(note)
    assert told == [(parent.profile, KEEP)]


def test_a_new_text_needs_a_new_consent(learner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(consent.VERSIONS, CHILD_VOICE, "2")
    assert not consent.may_record(learner.profile)
    consent.grant(learner.profile, CHILD_VOICE)
    assert consent.may_record(learner.profile)
    history = learner.profile.consents.order_by("granted_at")
    assert [(c.text_version, c.withdrawn_at is None) for c in history] == [
        ("1", False),
        ("2", True),
    ]


def test_a_consent_given_twice_is_recorded_once(learner: Person) -> None:
    consent.grant(learner.profile, CHILD_VOICE)
    assert Consent.objects.count() == 1


def test_two_consents_for_one_purpose_cannot_be_in_force(learner: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(profile=learner.profile, purpose=CHILD_VOICE, text_version="1")


def test_erasing_leaves_nothing_of_the_learner_and_all_of_the_stranger(
    learner: Person, stranger: Person
) -> None:
    consent.grant(stranger.profile, KEEP)
    assert learner.client.post("/mis-datos/borrar/", {}).status_code == 422
    assert Profile.objects.count() == 2
    learner.client.post("/mis-datos/borrar/", {"sure": "on"})
    assert list(Profile.objects.all()) == [stranger.profile]
    assert [c.profile for c in Consent.objects.all()] == [stranger.profile]
    assert speaking(learner.client) is None
    assert "Todavía no guardamos nada tuyo" in learner.client.get("/mis-datos/").content.decode()


def test_the_stranger_is_told_nothing_of_the_learner(learner: Person, stranger: Person) -> None:
    assert "Lucía" in learner.client.get("/mis-datos/").content.decode()
    assert "Lucía" not in stranger.client.get("/mis-datos/").content.decode()


def test_a_session_that_names_no_profile_is_like_a_new_one() -> None:
    person = visitor()
    session = person.client.session
    for broken in ("", "not-a-uuid", "00000000-0000-0000-0000-000000000000", 7):
        session["profile"] = broken
        assert profiles.current(session, create=False) is None


def test_changes_need_a_token_of_our_own_page(db: None) -> None:
    careful = Client(enforce_csrf_checks=True)
    assert careful.post("/quien-habla/", {"kind": "adult"}).status_code == 403
    assert careful.post("/mis-datos/borrar/", {"sure": "on"}).status_code == 403


def test_an_author_reads_consents_but_never_edits_them(
    admin_client: Client, learner: Person
) -> None:
    row = learner.profile.consents.get()
    assert admin_client.get("/admin/accounts/consent/").status_code == 200
    assert (
        admin_client.get(f"/admin/accounts/profile/{learner.profile.pk}/change/").status_code == 200
    )
    assert admin_client.get("/admin/accounts/consent/add/").status_code == 403
    page = f"/admin/accounts/consent/{row.pk}"
    assert admin_client.post(f"{page}/change/", {"granted_by": "nadie"}).status_code == 403
    assert admin_client.post(f"{page}/delete/", {"post": "yes"}).status_code == 403
    assert learner.profile.consents.count() == 1


def test_an_administrator_can_delete_a_profile_with_all_that_is_its(
    admin_client: Client, learner: Person
) -> None:
    page = f"/admin/accounts/profile/{learner.profile.pk}/delete/"
    assert admin_client.post(page, {"post": "yes"}).status_code == 302
    assert not Profile.objects.exists()
    assert not Consent.objects.exists()


def test_guessing_a_password_is_slowed_down(client: Client) -> None:
    guess = {"username": "admin", "password": "adivina"}
    codes = [client.post("/admin/login/", guess).status_code for _ in range(6)]
    assert codes[0] == 200
    assert codes[-1] == 429


# How strictly a learner is corrected


def test_children_are_corrected_gently_and_everybody_else_as_usual() -> None:
    kinds = Profile.Kind
    by_age = {kind: Profile(kind=kind).strictness_in_force.value for kind in kinds}
    assert by_age == {kinds.CHILD: "gentle", kinds.ADULT: "normal", kinds.ANONYMOUS: "normal"}
    assert set(Profile.Strictness.values) == set(STRICTNESS)


def test_a_parent_chooses_how_strictly_and_goes_back_to_the_age(learner: Person) -> None:
    page = "/mis-datos/correccion/"
    for choice, in_force in (("strict", "strict"), ("normal", "normal"), ("", "gentle")):
        answer = learner.client.post(page, {"strictness": choice}, follow=True)
        html = answer.content.decode()
        assert "Hecho: desde ahora la corrección es" in html
        assert re.search(rf'value="{choice}"[^>]*checked', html)
        learner.profile.refresh_from_db()
        assert learner.profile.strictness_in_force.value == in_force


def test_a_strictness_that_there_is_not_changes_nothing(
    learner: Person, stranger: Person, client: Client
) -> None:
    page = "/mis-datos/correccion/"
    answer = learner.client.post(page, {"strictness": "cruel"}, follow=True)
    assert "Elige una de las opciones." in answer.content.decode()
    assert stranger.client.post(page, {"strictness": "strict"}).status_code == 302
    assert client.post(page, {"strictness": "strict"})["Location"].startswith("/quien-habla/")
    assert learner.client.get(page).status_code == 405
    learner.profile.refresh_from_db()
    assert learner.profile.strictness == ""


def test_a_teacher_sets_it_in_admin(admin_client: Client, learner: Person) -> None:
    html = admin_client.get(f"/admin/accounts/profile/{learner.profile.pk}/change/")
    assert 'name="strictness"' in html.content.decode()
