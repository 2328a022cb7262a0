"""The role of an author: all that lessons are made of, and nothing of anybody who learns."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

AUTHORS = "Autores"
WRITTEN = "course unit lesson exercise practice item word grammarpoint pairset book page".split()


def make(sender: AppConfig, using: str, **options: Any) -> None:
    """The group, after every migration; somebody's own changes to it stay."""
    group, created = Group.objects.using(using).get_or_create(name=AUTHORS)
    if not created:
        return
    create_permissions(sender, verbosity=0, using=using)
    permissions = Permission.objects.using(using).filter(
        content_type__app_label=sender.label, content_type__model__in=WRITTEN
    )
    group.permissions.add(*permissions)
