"""The role of an author: all that lessons are made of, and nothing of anybody who learns."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

AUTHORS = "Autores"
WRITTEN = "course unit lesson exercise practice item word grammarpoint pairset book page".split()


def make(sender: AppConfig, using: str, **options: Any) -> None:
    """The group, after every migration, with the rights on what is written.

    A right is given once: when the group is made, or when the right itself first is there, with the
    model it is on. One that an operator has taken away stays away.
    """
    group, created = Group.objects.using(using).get_or_create(name=AUTHORS)
    of_written = Permission.objects.using(using).filter(
        content_type__app_label=sender.label, content_type__model__in=WRITTEN
    )
    known = [] if created else list(of_written.values_list("pk", flat=True))
    create_permissions(sender, verbosity=0, using=using)
    group.permissions.add(*of_written.exclude(pk__in=known))
