"""A family signs in and out, on several devices, and its account goes with everything."""

import re
import time

import pytest
from django.test import Client

from accounts import consent, grown_up
from accounts.models import Consent, Profile, User
from tests.family import EMAIL, LUCIA, PASSWORD, child_of, signed_in, speaking
from tests.people import Person, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

CHILD_VOICE = Consent.Purpose.CHILD_VOICE


def test_guessing_a_password_is_slowed_down_and_explained(client: Client, ana: User) -> None:
    guess = {"username": EMAIL, "password": "adivina"}
    answers = [client.post("/cuenta/entrar/", guess) for _ in range(5)]
    assert [a.status_code for a in answers] == [422, 422, 422, 422, 429]
    assert "no van juntos" in answers[0].content.decode()
    assert "Espera un cuarto de hora" in answers[-1].content.decode()
    right = {"username": "ANA@example.es", "password": PASSWORD}
    assert client.post("/cuenta/entrar/", right).status_code == 429


def test_an_unknown_address_and_a_wrong_password_look_the_same(client: Client, ana: User) -> None:
    pages = [
        client.post("/cuenta/entrar/", {"username": email, "password": "adivina"}).content.decode()
        for email in (EMAIL, "eva@example.es")
    ]
    same = [re.sub(r'name="csrf\S+" value="\S+"', "", page) for page in pages]
    assert same[0].replace(EMAIL, "x") == same[1].replace("eva@example.es", "x")


def test_a_typo_or_four_do_not_count_once_the_password_was_right(client: Client, ana: User) -> None:
    for _ in range(4):
        client.post("/cuenta/entrar/", {"username": EMAIL, "password": "adivina"})
    signed_in()
    wrong = client.post("/cuenta/entrar/", {"username": EMAIL, "password": "adivina"})
    assert wrong.status_code == 422


def test_after_signing_in_nobody_is_sent_to_another_site(client: Client, ana: User) -> None:
    sign_in = {"username": EMAIL, "password": PASSWORD, "next": "//example.com"}
    assert client.post("/cuenta/entrar/", sign_in)["Location"] == "/familia/perfil/"


def test_after_signing_in_one_goes_on_where_one_was(client: Client, ana: User) -> None:
    sign_in = {"username": EMAIL, "password": PASSWORD, "next": "/mis-sonidos/"}
    assert client.post("/cuenta/entrar/", sign_in)["Location"] == "/mis-sonidos/"
    assert client.get("/cuenta/entrar/")["Location"] == "/quien-aprende/"


def test_signing_out_forgets_the_family_in_this_browser(home: Client, ana: User) -> None:
    child = child_of(ana)
    home.post("/quien-aprende/", {"profile": child.pk})
    assert home.get("/cuenta/salir/").status_code == 405
    assert home.post("/cuenta/salir/").status_code == 302
    assert speaking(home) is None
    assert home.get("/familia/")["Location"] == "/cuenta/entrar/?next=%2Ffamilia%2F"
    assert home.get("/quien-aprende/")["Location"] == "/quien-habla/"


def test_changes_of_an_account_need_a_token_of_our_own_page(ana: User) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(ana)
    for page in ("/cuenta/salir/", "/cuenta/borrar/", "/familia/perfil/", "/quien-aprende/"):
        assert careful.post(page, {}).status_code == 403, page


# Two devices


def test_each_device_has_its_own_learner(ana: User) -> None:
    one, two = signed_in(), signed_in()
    lucia, leo = child_of(ana), child_of(ana, "Leo")
    one.post("/quien-aprende/", {"profile": lucia.pk})
    two.post("/quien-aprende/", {"profile": leo.pk})
    assert (speaking(one), speaking(two)) == (lucia, leo)
    two.post("/quien-aprende/", {"profile": lucia.pk})
    assert speaking(one) == speaking(two) == lucia


def test_a_new_password_shuts_the_other_devices_out(ana: User) -> None:
    one, two = signed_in(), signed_in()
    child = child_of(ana)
    for client in (one, two):
        client.post("/quien-aprende/", {"profile": child.pk})
    one.post("/familia/entrar/", {"password": PASSWORD})
    change = {"old_password": PASSWORD, "new_password1": "siete garzas blancas"}
    change["new_password2"] = change["new_password1"]
    assert one.post("/cuenta/clave/", change | {"old_password": "no"}).status_code == 422
    assert one.post("/cuenta/clave/", change)["Location"] == "/familia/"
    assert speaking(one) == child
    assert speaking(two) is None  # as a socket asks: by the session alone
    assert "Lucía" not in two.get("/mis-datos/").content.decode()


def test_deleting_the_profile_in_use_leaves_the_other_device_without_a_learner(ana: User) -> None:
    one, two = signed_in(), signed_in()
    child = child_of(ana)
    two.post("/quien-aprende/", {"profile": child.pk})
    assert one.post(f"/familia/perfil/{child.pk}/borrar/", {"sure": "on"}).status_code == 302
    assert speaking(two) is None
    for page in ("/", "/mis-datos/", "/mis-sonidos/", "/quien-aprende/"):
        assert two.get(page).status_code == 200, page
    assert two.post("/quien-aprende/", {"profile": child.pk}).status_code == 404


def test_another_family_at_the_same_browser_finds_nothing_of_the_first(
    home: Client, ana: User, other_child: Profile
) -> None:
    home.post("/quien-aprende/", {"profile": child_of(ana).pk})
    home.force_login(User.objects.get(username="otra@example.es"))
    assert speaking(home) is None
    assert "Lucía" not in home.get("/quien-aprende/").content.decode()


# The grown-up's area


GUARDED = ["/familia/", "/familia/perfil/", "/cuenta/clave/", "/cuenta/borrar/"]


def test_picking_a_learner_shuts_the_grown_ups_area(home: Client, ana: User) -> None:
    child = child_of(ana)
    own = [f"/familia/perfil/{child.pk}/", f"/familia/perfil/{child.pk}/borrar/"]
    for page in GUARDED + own:
        assert home.get(page).status_code == 200, page
    home.post("/quien-aprende/", {"profile": child.pk})
    for page in GUARDED + own:
        assert home.get(page)["Location"].startswith("/familia/entrar/"), page
        assert home.post(page, LUCIA | {"sure": "on"})["Location"].startswith("/familia/entrar/")
    assert Profile.objects.count() == 1
    wrong = home.post("/familia/entrar/", {"password": "adivina"})
    assert wrong.status_code == 422
    back = {"password": PASSWORD, "next": "/familia/perfil/"}
    assert home.post("/familia/entrar/", back)["Location"] == "/familia/perfil/"
    assert home.get("/familia/").status_code == 200


def test_guessing_at_the_door_is_slowed_down_too(home: Client, ana: User) -> None:
    codes = [home.post("/familia/entrar/", {"password": "x"}).status_code for _ in range(5)]
    assert codes == [422, 422, 422, 422, 429]
    assert home.post("/familia/entrar/", {"password": PASSWORD}).status_code == 429


@pytest.mark.parametrize("until", [-1, 10 * grown_up.LASTS_S])
def test_the_area_shuts_by_itself_and_when_the_clock_goes_backwards(
    home: Client, until: float
) -> None:
    session = home.session
    session[grown_up.UNTIL] = time.time() + until
    session.save()
    assert home.get("/familia/").status_code == 302


def test_a_child_changes_and_erases_nothing_of_a_familys_profile(home: Client, ana: User) -> None:
    child = child_of(ana)
    consent.grant(child, CHILD_VOICE)
    home.post("/quien-aprende/", {"profile": child.pk})
    answer = home.post("/mis-datos/correccion/", {"strictness": "strict"})
    assert answer["Location"].startswith("/familia/entrar/")
    answer = home.post("/mis-datos/borrar/", {"sure": "on"}, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/familia/entrar/")
    child.refresh_from_db()
    assert child.strictness == ""


# The end


def test_an_account_goes_with_everything_and_leaves_the_others(
    home: Client, ana: User, other_child: Profile
) -> None:
    child = child_of(ana)
    consent.grant(child, CHILD_VOICE)
    phone = signed_in()
    phone.post("/quien-aprende/", {"profile": child.pk})
    assert home.post("/cuenta/borrar/", {"password": PASSWORD}).status_code == 422
    assert home.post("/cuenta/borrar/", {"password": "no", "sure": "on"}).status_code == 422
    assert User.objects.filter(pk=ana.pk).exists()
    assert home.post("/cuenta/borrar/", {"password": PASSWORD, "sure": "on"})["Location"] == "/"
    assert not User.objects.filter(pk=ana.pk).exists()
    assert list(Profile.objects.all()) == [other_child]
    assert not Consent.objects.exists()
    assert speaking(phone) is None
    assert phone.get("/quien-aprende/").status_code == 302
    again = home.post("/cuenta/entrar/", {"username": EMAIL, "password": PASSWORD})
    assert again.status_code == 422


def test_an_account_of_administration_is_not_deleted_here(home: Client, ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(is_staff=True)
    sure = {"password": PASSWORD, "sure": "on"}
    assert home.post("/cuenta/borrar/", sure)["Location"] == "/familia/"
    assert User.objects.filter(pk=ana.pk).exists()


def test_every_page_of_an_account_has_one_heading_and_its_labels(home: Client, ana: User) -> None:
    child, begun = child_of(ana), visitor().profile
    Profile.objects.filter(pk=begun.pk).update(user=ana)
    pages = [*GUARDED, "/quien-aprende/", "/familia/entrar/"]
    pages += [f"/familia/perfil/{child.pk}/", f"/familia/perfil/{child.pk}/borrar/"]
    pages += [f"/familia/perfil/{begun.pk}/juntar/", "/cuenta/correo/"]
    out = ["/cuenta/nueva/", "/cuenta/entrar/", "/cuenta/clave/olvidada/"]
    for client, page in [(home, page) for page in pages] + [(Client(), page) for page in out]:
        html = client.get(page).content.decode()
        assert html.count("<h1") == 1, page
        for found in re.findall(r'<input [^>]*id="(id_\w+)"[^>]*>', html):
            tag = re.search(rf'<input [^>]*id="{found}"[^>]*>', html)
            assert tag is not None
            labelled = f'for="{found}"' in html or re.search(
                rf"<label[^>]*>\s*{re.escape(tag[0])}", html
            )
            assert labelled, (page, found)


def test_nobody_at_a_browser_of_their_own_is_told_of_a_family(
    stranger: Person, ana: User, other_child: Profile
) -> None:
    for page in ("/", "/mis-datos/", "/quien-habla/"):
        assert "Nico" not in stranger.client.get(page).content.decode()
