"""How many accounts and letters one network address may ask for within an hour."""

import re
from html import unescape
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client, RequestFactory
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts import throttle
from accounts.models import User
from tests.family import EMAIL, NEW, PASSWORD
from tests.queues import waiting

FORGOTTEN = "/cuenta/clave/olvidada/"


@pytest.fixture(autouse=True)
def nothing_counted_yet() -> None:
    cache.clear()


def sign_up(who: str, **address: Any) -> Any:
    """From a browser of its own, as in a classroom."""
    return Client().post("/cuenta/nueva/", NEW | {"email": f"{who}@example.es"}, **address)


@pytest.mark.django_db
def test_one_address_creates_so_many_accounts_an_hour_and_loses_nothing(
    settings: Settings,
) -> None:
    settings.SIGN_UPS_PER_HOUR = 3
    assert [sign_up(who).status_code for who in ("a", "b", "c")] == [302] * 3
    answer = sign_up("d")
    page = unescape(answer.content.decode())
    assert answer.status_code == 429 and "Espera una hora" in page
    typed = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', page))
    passwords = (typed["password1"], typed["password2"])
    assert (typed["email"], *passwords) == ("d@example.es", PASSWORD, PASSWORD)
    assert re.search(r'<input[^>]* name="adult"[^>]* checked', page)
    assert User.objects.count() == 3
    assert sign_up("d", REMOTE_ADDR="10.0.0.2").status_code == 302


@pytest.mark.django_db
def test_what_is_wrong_in_the_form_does_not_count(settings: Settings) -> None:
    settings.SIGN_UPS_PER_HOUR = 1
    assert [sign_up("no es un correo").status_code for _ in range(3)] == [422] * 3
    assert sign_up("a").status_code == 302


@pytest.mark.django_db
def test_a_school_signs_up_behind_one_address() -> None:
    assert [sign_up(f"familia-{n}").status_code for n in range(60)] == [302] * 60


@pytest.mark.django_db
def test_one_address_asks_for_so_many_letters_an_hour(
    settings: Settings,
    client: Client,
    ana: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.EMAIL_HOST = "mail.example.es"
    settings.RESETS_PER_HOUR = 2
    for _ in range(2):
        assert client.post(FORGOTTEN, {"email": "nadie@example.es"}).status_code == 302
    waiting("maintain")
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(FORGOTTEN, {"email": EMAIL})
    page = answer.content.decode()
    assert answer.status_code == 429 and "Espera una hora" in page
    assert f'value="{EMAIL}"' in page
    assert waiting("maintain") == []
    elsewhere = client.post(FORGOTTEN, {"email": EMAIL}, REMOTE_ADDR="10.0.0.2")
    assert elsewhere.status_code == 302


@pytest.mark.parametrize(
    ("behind", "remote", "forwarded", "found"),
    [
        (False, "10.0.0.1", "1.2.3.4", "10.0.0.1"),
        (True, "10.0.0.1", "1.2.3.4", "1.2.3.4"),
        (True, "10.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),  # the first one is what a client wrote
        (True, "10.0.0.1", "", "10.0.0.1"),
        (True, "10.0.0.1", "unknown", "10.0.0.1"),
        (True, "10.0.0.1", "2001:DB8::1", "2001:db8::1"),
        (False, "::ffff:10.0.0.1", "", "10.0.0.1"),
        (False, "", "", None),
    ],
)
def test_where_a_request_comes_from(
    settings: Settings, behind: bool, remote: str, forwarded: str, found: str | None
) -> None:
    settings.BEHIND_PROXY = behind
    request = RequestFactory(REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded).get("/")
    assert throttle.address(request) == found


@pytest.mark.django_db
def test_guesses_behind_a_proxy_are_those_of_who_guesses(settings: Settings, ana: User) -> None:
    settings.BEHIND_PROXY = True
    guess = {"username": EMAIL, "password": "adivina"}
    Client().post("/cuenta/entrar/", guess, HTTP_X_FORWARDED_FOR="6.6.6.6, 1.2.3.4")
    assert [each.ip_address for each in AccessAttempt.objects.all()] == ["1.2.3.4"]


def from_address(remote: str, most: int = 1) -> bool:
    return throttle.too_often(RequestFactory(REMOTE_ADDR=remote).get("/"), "test", most)


def test_the_devices_of_one_ipv6_connection_are_one() -> None:
    connection = ["2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1"]
    assert [from_address(each) for each in connection] == [False, True, False]
    assert not from_address("") and not from_address("")


@pytest.fixture
def redis_cache(settings: Settings, redis_url: str) -> None:
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": redis_url}}
    cache.clear()


def test_many_machines_count_together(redis_cache: None) -> None:
    assert [from_address("10.0.0.1", 2) for _ in range(3)] == [False, False, True]


def test_without_its_redis_nobody_is_kept_out(
    settings: Settings, redis_cache: None, caplog: pytest.LogCaptureFixture
) -> None:
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:1"}}
    assert not from_address("10.0.0.1", 0)
    assert "no cache" in caplog.text
