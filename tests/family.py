"""A family with an account, for tests."""

from django.test import Client

from accounts import families, profiles
from accounts.models import Profile, User

PASSWORD = "cuatro loros verdes"
EMAIL = "ana@example.es"
NEW = {"email": EMAIL, "password1": PASSWORD, "password2": PASSWORD, "adult": "on"}
LUCIA = {"name": "Lucía", "picture": "🦊", "kind": "child", "birth_year": "", "strictness": ""}


def account(email: str = EMAIL) -> User:
    user = families.register(email, PASSWORD, awaiting_email=False)
    assert user is not None
    return user


def signed_in(email: str = EMAIL) -> Client:
    """A browser of this family."""
    client = Client()
    answer = client.post("/cuenta/entrar/", {"username": email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def child_of(user: User, name: str = "Lucía") -> Profile:
    return Profile.objects.create(user=user, kind=Profile.Kind.CHILD, name=name)


def speaking(client: Client) -> Profile | None:
    """Who speaks in this browser, as a socket asks: by the session alone."""
    return profiles.current(client.session, create=False)
