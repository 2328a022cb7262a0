"""The cast of the tests: the learner, her parent, and a stranger who must get nothing."""

from dataclasses import dataclass

from django.test import Client

from accounts import consent, profiles
from accounts.models import Consent, Profile


@dataclass
class Person:
    """Somebody at a browser of their own."""

    client: Client
    profile: Profile

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """What this browser sends when it opens a socket."""
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in self.client.cookies.items())
        return [(b"cookie", cookie.encode()), (b"origin", b"http://testserver")]


def visitor(kind: str = Profile.Kind.ANONYMOUS, name: str = "") -> Person:
    """Somebody with a session, who said who speaks unless they are anonymous."""
    client = Client()
    session = client.session
    if kind == Profile.Kind.ANONYMOUS:
        profile = profiles.current(session)
    else:
        profile = profiles.choose(session, kind)
    assert profile is not None
    profile.name = name
    profile.save()
    session.save()
    return Person(client, profile)


def learner() -> Person:
    """A girl of eight whose father allowed it."""
    person = visitor(Profile.Kind.CHILD, "Lucía")
    consent.grant(person.profile, Consent.Purpose.CHILD_VOICE, granted_by="su padre")
    return person


def parent() -> Person:
    """Her father, who practises too."""
    return visitor(Profile.Kind.ADULT, "Andrés")


def stranger() -> Person:
    """Somebody else, who guesses addresses."""
    return visitor(Profile.Kind.ADULT, "Nadie")
