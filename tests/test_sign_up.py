"""Signing up, and the letters that confirm an address or replace a password."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail as outgoing
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts import families, mail
from accounts.models import User
from accounts.tasks import send_mail
from tests.family import EMAIL, NEW, PASSWORD
from tests.queues import jobs, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def letters(settings: Settings) -> Iterator[None]:
    """A mail server, and nothing waiting for it yet."""
    settings.EMAIL_HOST = "mail.example.es"
    waiting("maintain")
    yield
    waiting("maintain")


def test_a_family_signs_up_without_a_mail_server_and_is_in_at_once(client: Client) -> None:
    answer = client.post("/cuenta/nueva/", NEW | {"email": "  Ana@Example.ES "})
    assert answer["Location"] == "/familia/perfil/"
    user = User.objects.get()
    assert (user.username, user.email, user.awaiting_email) == (EMAIL, EMAIL, False)
    assert user.check_password(PASSWORD)
    assert client.get("/familia/").status_code == 200
    assert client.get("/cuenta/nueva/")["Location"] == "/quien-aprende/"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": "ana"}, "Esto no parece un correo"),
        ({"email": ""}, "Escribe tu correo"),
        ({"email": f"{'a' * 250}@example.es"}, "254"),
        ({"password1": "loro", "password2": "loro"}, "demasiado corta"),
        ({"password1": "password1", "password2": "password1"}, "demasiado com"),
        ({"password1": "5729148306", "password2": "5729148306"}, "numérica"),
        ({"password1": "ana@example.es", "password2": "ana@example.es"}, "demasiado similar"),
        ({"password2": "cuatro loros rojos"}, "no son iguales"),
        ({"password1": "", "password2": ""}, "Escribe la contraseña"),
        ({"adult": ""}, "una persona adulta"),
    ],
)
def test_what_is_wrong_with_a_sign_up_is_said(
    client: Client, wrong: dict[str, str], words: str
) -> None:
    answer = client.post("/cuenta/nueva/", NEW | wrong)
    assert answer.status_code == 422
    errors = re.findall(r'class="errorlist.*?</ul>', answer.content.decode(), re.S)
    assert any(words in error for error in errors), errors
    assert not User.objects.exists()


def test_a_taken_address_changes_nothing_and_guesses_count(client: Client, ana: User) -> None:
    guess = NEW | {"password1": "otros loros rojos", "password2": "otros loros rojos"}
    codes = [client.post("/cuenta/nueva/", guess).status_code for _ in range(5)]
    assert (codes[0], codes[-1]) == (422, 429)
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)
    assert User.objects.count() == 1
    guess = {"username": EMAIL, "password": "otros loros rojos"}
    assert client.post("/cuenta/entrar/", guess).status_code == 429


def test_who_signs_up_again_with_the_password_is_simply_in(client: Client, ana: User) -> None:
    assert client.post("/cuenta/nueva/", NEW)["Location"] == "/familia/perfil/"
    assert User.objects.count() == 1


def test_an_address_is_taken_in_capitals_too_and_by_an_administrator(ana: User) -> None:
    assert families.register(EMAIL, PASSWORD, awaiting_email=True) is None
    User.objects.create_user("admin", "Jefa@Example.es", "x")
    assert families.register("jefa@example.es", PASSWORD, awaiting_email=False) is None


# Letters


def without_token(page: bytes) -> str:
    """The page as it is every time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.decode())


def link() -> str:
    """The link of the one letter that waits for the mail server."""
    [(_subject, body, _to)] = jobs("maintain")
    [found] = re.findall(r"http://testserver(/\S+)", body)
    return str(found)


def test_only_the_letter_tells_who_has_an_account_already(
    letters: None,
    client: Client,
    ana: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    pages, subjects = [], []
    for email in (EMAIL, "nueva@example.es"):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post("/cuenta/nueva/", NEW | {"email": email}, follow=True)
        pages.append(without_token(answer.content))
        subjects += waiting("maintain")
    assert pages[0] == pages[1]
    assert subjects == ["Ya tienes una cuenta en Cotorra", "Confirma tu correo en Cotorra"]
    assert "_auth_user_id" not in client.session


def test_an_address_is_confirmed_by_its_letter_and_the_password(
    letters: None,
    client: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/cuenta/nueva/", NEW)
    sign_in = {"username": EMAIL, "password": PASSWORD}
    early = client.post("/cuenta/entrar/", sign_in)
    assert early.status_code == 422
    assert "falta confirmar" in early.content.decode()

    letter = link()
    assert EMAIL in client.get(letter).content.decode()
    assert User.objects.get().awaiting_email  # opening it is not enough: mail scanners do
    stranger = client.post(letter, {"username": EMAIL, "password": "no es esta"})
    assert stranger.status_code == 422
    assert client.post(letter, sign_in).status_code == 302
    assert not User.objects.get().awaiting_email
    assert client.get(letter).status_code == 410


def test_a_confirmation_link_confirms_nobody_else(
    letters: None,
    client: Client,
    ana: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/cuenta/nueva/", NEW | {"email": "nueva@example.es"})
    client.post(link(), {"username": EMAIL, "password": PASSWORD})
    assert User.objects.get(email="nueva@example.es").awaiting_email
    for bad in ("x", "!!", "MTIz", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"):
        assert client.get(f"/cuenta/confirmar/{bad}/abc-123/").status_code == 410


def test_who_never_confirmed_loses_the_address_to_who_reads_its_letters(
    letters: None,
    client: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    impostor = {"password1": "la del impostor", "password2": "la del impostor"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/cuenta/nueva/", NEW | impostor)
    old = link()
    User.objects.update(mailed_at=None)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/cuenta/nueva/", NEW)
    assert client.get(old).status_code == 410
    sign_in = {"username": EMAIL, "password": PASSWORD}
    assert client.post(link(), sign_in).status_code == 302
    assert User.objects.count() == 1


def test_nobody_is_flooded_with_letters(
    letters: None,
    client: Client,
    ana: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(4):
            client.post("/cuenta/clave/olvidada/", {"email": EMAIL})
    assert waiting("maintain") == ["Una contraseña nueva para Cotorra"]
    User.objects.update(mailed_at=timezone.now() - mail.LEAST_GAP)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/cuenta/clave/olvidada/", {"email": EMAIL.upper()})
    assert len(waiting("maintain")) == 1


def test_after_a_clock_was_set_back_letters_go_on(
    letters: None,
    client: Client,
    ana: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    User.objects.update(mailed_at=timezone.now() + timedelta(days=365))
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/cuenta/clave/olvidada/", {"email": EMAIL})
    assert waiting("maintain") == ["Una contraseña nueva para Cotorra"]
    ana.refresh_from_db()
    assert ana.mailed_at is not None and ana.mailed_at < timezone.now()


@pytest.mark.parametrize(
    ("language", "subject", "begins"),
    [
        ("es", "Una contraseña nueva para Cotorra", "Hola:"),
        ("es-mx", "Una contraseña nueva para Cotorra", "Hola:"),
        ("en", "A new password for Cotorra", "Hello,"),
    ],
)
def test_a_letter_is_in_the_language_of_the_page_that_asked_for_it(
    letters: None,
    client: Client,
    ana: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    language: str,
    subject: str,
    begins: str,
) -> None:
    """It is written with the page; the job, whatever its worker speaks, only hands it over."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/cuenta/clave/olvidada/", {"email": EMAIL})
    [job] = jobs("maintain")
    with override("en" if language != "en" else "es"):
        send_mail(*job)
    [letter] = outgoing.outbox
    assert (letter.subject, letter.to) == (subject, [EMAIL])
    assert str(letter.body).startswith(begins)


def test_a_letter_leaves_through_the_mail_server() -> None:
    send_mail("Hola", "¿Qué tal?", EMAIL)
    assert [(each.subject, each.to) for each in outgoing.outbox] == [("Hola", [EMAIL])]


def test_a_forgotten_password_is_replaced_by_the_letters_link(
    letters: None,
    client: Client,
    ana: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    known = client.post("/cuenta/clave/olvidada/", {"email": EMAIL}, follow=True)
    unknown = client.post("/cuenta/clave/olvidada/", {"email": "nadie@example.es"}, follow=True)
    assert without_token(known.content) == without_token(unknown.content)
    assert client.post("/cuenta/clave/olvidada/", {"email": "ana"}).status_code == 422

    for _ in range(5):
        client.post("/cuenta/entrar/", {"username": EMAIL, "password": "adivina"})
    User.objects.update(mailed_at=None)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/cuenta/clave/olvidada/", {"email": EMAIL})
    letter = link()
    page = client.get(letter, follow=True).redirect_chain[-1][0]
    weak = {"new_password1": "loro", "new_password2": "loro"}
    assert client.post(page, weak).status_code == 422
    good = {"new_password1": "siete garzas blancas", "new_password2": "siete garzas blancas"}
    assert client.post(page, good)["Location"] == "/cuenta/entrar/"
    sign_in = {"username": EMAIL, "password": good["new_password1"]}
    assert client.post("/cuenta/entrar/", sign_in).status_code == 302
    assert "Este enlace ya no vale" in Client().get(letter, follow=True).content.decode()


def test_without_a_mail_server_a_forgotten_password_is_honest(client: Client, ana: User) -> None:
    assert "changepassword" in client.get("/cuenta/clave/olvidada/").content.decode()
    client.post("/cuenta/clave/olvidada/", {"email": EMAIL})
    ana.refresh_from_db()
    assert ana.mailed_at is None
