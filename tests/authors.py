"""An author at admin, and a small course to write on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from learning import course_folder, loading
from learning.admin.fields import MARK
from learning.authoring.role import AUTHORS
from learning.models import Course
from tests import syllabus

ADMIN = "/admin/learning"


def author() -> Client:
    """Somebody in the group of authors, and nothing more."""
    user = User.objects.create_user("autora", password="x", is_staff=True)
    user.groups.add(Group.objects.get(name=AUTHORS))
    client = Client()
    client.force_login(user)
    return client


def course(folder: Path) -> Course:
    """The course of the tests, in the database."""
    part, _ = course_folder.read_course(syllabus.write(folder))
    loading.load(part)
    return Course.objects.get(slug="curso")


def form_of(client: Client, address: str) -> dict[str, Any]:
    """What the form of a page sends when nothing is changed in it."""
    response = client.get(address)
    assert response.status_code == 200, address
    form = response.context["adminform"].form
    sent: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        name = bound.html_name
        if hasattr(bound.field, "columns"):
            sent |= rows(name, value or [])
        elif isinstance(value, bool):
            sent |= {name: "on"} if value else {}
        elif isinstance(value, (list, tuple)) or hasattr(value, "all"):
            sent[name] = [getattr(each, "pk", each) for each in value]
        elif value is not None:
            sent[name] = value
    for formset in response.context["inline_admin_formsets"]:
        forms = formset.formset
        sent |= {field.html_name: field.value() for field in forms.management_form}
        for each in forms.forms:
            sent |= {f.html_name: f.value() for f in each if f.value() is not None}
    return sent


def rows(name: str, given: list[dict[str, str]]) -> dict[str, str]:
    """What a table of rows sends."""
    sent = {f"{name}-count": str(len(given))}
    for at, row in enumerate(given):
        sent |= {f"{name}-{at}-{key}": value for key, value in row.items() if key != MARK}
        if row.get(MARK):
            sent[f"{name}-right"] = str(at)
    return sent


def errors(response: Any) -> dict[str, list[str]]:
    """What the form of a page complains about, by field."""
    if response.status_code == 302:
        return {}
    found = {k: list(v) for k, v in response.context["adminform"].form.errors.items()}
    for formset in response.context["inline_admin_formsets"]:
        found |= {formset.formset.prefix: list(formset.formset.non_form_errors())}
        for each in formset.formset.errors:
            found |= {k: list(v) for k, v in each.items()}
    return found


def text_of(response: Any) -> str:
    """The words of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
