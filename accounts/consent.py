"""What was allowed, and whether it still is. A text that changes needs a new consent."""

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Consent, Profile
from accounts.signals import consent_withdrawn

# The text in force; its words are in templates/accounts/consent/<purpose>-<version>.html.
VERSIONS = {
    Consent.Purpose.CHILD_VOICE: "1",
    Consent.Purpose.KEEP_RECORDINGS: "1",
}


def text_template(purpose: str) -> str:
    """The template with the words that are agreed to."""
    purpose = Consent.Purpose(purpose)
    return f"accounts/consent/{purpose.value}-{VERSIONS[purpose]}.html"


def given(profile: Profile, purpose: str) -> bool:
    """Whether the text in force was agreed to and not withdrawn."""
    return standing(purpose).filter(profile=profile).exists()


def standing(purpose: str) -> models.QuerySet[Consent]:
    """Every consent to the text in force that was not withdrawn."""
    return Consent.objects.filter(
        purpose=purpose,
        text_version=VERSIONS[Consent.Purpose(purpose)],
        withdrawn_at__isnull=True,
    )


def grant(profile: Profile, purpose: str, granted_by: str = "") -> None:
    """Record a consent to the text in force; one already in force stays as it is."""
    with transaction.atomic():
        Profile.objects.select_for_update().get(pk=profile.pk)
        if given(profile, purpose):
            return
        in_force(profile, purpose).update(withdrawn_at=timezone.now())
        Consent.objects.create(
            profile=profile,
            purpose=purpose,
            text_version=VERSIONS[Consent.Purpose(purpose)],
            granted_by=granted_by,
        )


def withdraw(profile: Profile, purpose: str) -> None:
    """End a consent, and tell who acts on it."""
    with transaction.atomic():
        if in_force(profile, purpose).update(withdrawn_at=timezone.now()):
            consent_withdrawn.send(sender=Consent, profile=profile, purpose=purpose)


def in_force(profile: Profile, purpose: str) -> models.QuerySet[Consent]:
    return Consent.objects.filter(profile=profile, purpose=purpose, withdrawn_at__isnull=True)


def may_record(profile: Profile | None) -> bool:
    """Whether the microphone may be used: an adult speaks, or an adult allowed it for the child."""
    if profile is None:
        return False
    if profile.kind == Profile.Kind.CHILD:
        return given(profile, Consent.Purpose.CHILD_VOICE)
    return profile.kind == Profile.Kind.ADULT
