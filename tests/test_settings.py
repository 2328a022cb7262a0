"""What the environment decides, and secrets that are made once."""

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from config import env, keys
from config.logs import OneLine
from tests.site import KEYS, ROOT

SHOW = """
import json
from django.conf import settings
names = ["SECRET_KEY", "RECORDING_KEYS", "ALLOWED_HOSTS", "DEBUG", "SESSION_COOKIE_SECURE",
         "CELERY_BROKER_URL"]
print(json.dumps({name: getattr(settings, name) for name in names}
                 | {"engine": settings.DATABASES["default"]["ENGINE"]}))
"""


def settings_with(folder: Path, **environment: str) -> dict[str, object]:
    """The settings of a fresh process with just this environment."""
    done = run_with(folder, **environment)
    assert done.returncode == 0, done.stderr
    shown: dict[str, object] = json.loads(done.stdout)
    return shown


def run_with(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_any_environment_it_is_a_safe_one_machine(tmp_path: Path) -> None:
    shown = settings_with(tmp_path)
    assert shown["DEBUG"] is False
    assert shown["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1"]
    assert shown["engine"] == "django.db.backends.sqlite3"
    assert shown["CELERY_BROKER_URL"] == "memory://localhost/"


def test_secrets_are_made_once_and_kept_from_others(tmp_path: Path) -> None:
    first = settings_with(tmp_path)
    second = settings_with(tmp_path)
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert first["RECORDING_KEYS"] == second["RECORDING_KEYS"]
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]


def test_of_many_that_make_secrets_at_once_all_read_the_same(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    seen: list[str] = []
    threads = [
        threading.Thread(target=lambda: seen.append(keys.load_or_create(path)["SECRET_KEY"]))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1


@pytest.mark.parametrize(
    "shared",
    [
        {"REDIS_URL": "redis://127.0.0.1:6379/0"},
        {"DATABASE_URL": "postgresql://cotorra@127.0.0.1/cotorra"},
    ],
)
def test_many_machines_refuse_to_start_without_shared_secrets(
    tmp_path: Path, shared: dict[str, str]
) -> None:
    refused = run_with(tmp_path, **shared)
    assert refused.returncode != 0
    assert "SECRET_KEY and RECORDING_KEYS must be set" in refused.stderr
    assert not (tmp_path / "secrets.json").exists()
    assert run_with(tmp_path, **shared, **KEYS).returncode == 0


def test_with_https_cookies_are_secure(tmp_path: Path) -> None:
    shown = settings_with(tmp_path, HTTPS="1", ALLOWED_HOSTS="cotorra.example")
    assert shown["SESSION_COOKIE_SECURE"] is True
    assert shown["ALLOWED_HOSTS"] == ["cotorra.example"]


def test_a_setting_that_makes_no_sense_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "maybe")
    with pytest.raises(ImproperlyConfigured, match="DEBUG='maybe'"):
        env.flag("DEBUG")
    monkeypatch.setenv("PORT", "eight")
    with pytest.raises(ImproperlyConfigured, match="PORT='eight'"):
        env.number("PORT", 8000)
    monkeypatch.setenv("HOSTS", " a, ,b ")
    assert env.listing("HOSTS") == ["a", "b"]


@pytest.mark.django_db
def test_pages_ask_no_third_party_for_anything(client: Client) -> None:
    response = client.get("/quien-habla/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert response["Permissions-Policy"].startswith("microphone=(self)")
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en-US,en", "fr", "de", "es-MX"])
def test_pages_are_spanish_whatever_the_browser_asks_for(client: Client, language: str) -> None:
    response = client.post(
        "/quien-habla/", {"kind": "robot"}, headers={"accept-language": language}
    )
    assert response["Content-Language"].startswith("es")


@pytest.mark.django_db
def test_health_says_that_the_database_answers(client: Client) -> None:
    response = client.get("/salud")
    assert (response.status_code, response.json()) == (200, {"ok": True, "database": True})
    assert client.post("/salud").status_code == 405


def test_a_log_record_is_one_line_whatever_is_in_it() -> None:
    import logging

    record = logging.LogRecord("x", logging.ERROR, "", 0, "a\r\nb %s", ("c\nd",), None)
    assert OneLine("%(message)s").format(record) == "a ⏎ b c ⏎ d"
