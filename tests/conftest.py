"""Fixtures: the cast, real servers, and Cotorra running in processes of its own."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
import redis
from django.test import Client
from pytest_django import Settings

from accounts.models import Profile, User
from tests import authors, family, people, servers
from tests.site import Site

# A busy machine is no failure.
hypothesis.settings.register_profile("cotorra", deadline=None)
hypothesis.settings.load_profile("cotorra")


@pytest.fixture(autouse=True)
def files_of_this_test(settings: Settings, tmp_path: Path) -> None:
    """Media of one test are not seen by the next."""
    storages = {name: dict(storage) for name, storage in settings.STORAGES.items()}
    for name, folder in (("default", "public"), ("recordings", "recordings")):
        storages[name]["OPTIONS"] = {**storages[name]["OPTIONS"], "location": tmp_path / folder}
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = storages


@pytest.fixture
def learner(db: None) -> people.Person:
    return people.learner()


@pytest.fixture
def parent(db: None) -> people.Person:
    return people.parent()


@pytest.fixture
def stranger(db: None) -> people.Person:
    return people.stranger()


@pytest.fixture
def author(db: None) -> Client:
    """A browser of somebody who may write lessons and nothing else."""
    return authors.author()


@pytest.fixture
def ana(db: None) -> User:
    """A grown-up with an account."""
    return family.account()


@pytest.fixture
def home(ana: User) -> Client:
    """Her browser, signed in."""
    return family.signed_in()


@pytest.fixture
def other_child(db: None) -> Profile:
    """Of another family."""
    return family.child_of(family.account("otra@example.es"), "Nico")


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real Redis, for the whole run."""
    with servers.redis_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL, for the whole run."""
    with servers.postgres_server() as url:
        yield url


@pytest.fixture
def many_machines(tmp_path: Path, redis_url: str, postgres_url: str) -> Iterator[Site]:
    """An empty, migrated installation on Redis and PostgreSQL; the test starts its processes."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    name = f"cotorra_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    database = postgres_url.rpartition("/")[0] + f"/{name}"
    site = Site(tmp_path, REDIS_URL=redis_url, DATABASE_URL=database)
    site.manage("migrate", "--verbosity", "0")
    yield site
    site.close()


@pytest.fixture
def one_machine(tmp_path: Path) -> Iterator[Site]:
    """An empty, migrated installation of the one-process form; the test starts it."""
    site = Site(tmp_path, REDIS_URL="", DATABASE_URL="")
    site.manage("migrate", "--verbosity", "0")
    yield site
    site.close()
