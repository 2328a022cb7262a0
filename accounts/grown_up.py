"""The grown-up's area: the password opens it for a while, picking a learner shuts it."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

UNTIL = "grown_up_until"
LASTS_S = 15 * 60


def unlock(request: HttpRequest) -> None:
    request.session[UNTIL] = time.time() + LASTS_S


def lock(request: HttpRequest) -> None:
    request.session.pop(UNTIL, None)


def is_open(request: HttpRequest) -> bool:
    """Also where the clock went backwards it is not open for longer."""
    return 0 < request.session.get(UNTIL, 0) - time.time() <= LASTS_S


def ask(request: HttpRequest, back_to: str = "") -> HttpResponse:
    """To where the password is typed, and back to the page that was asked for."""
    path = request.get_full_path() if request.method == "GET" else reverse("accounts:family")
    name = "accounts:grown_up" if request.user.is_authenticated else "accounts:sign_in"
    return redirect(f"{reverse(name)}?{urlencode({'next': back_to or path})}")


def required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page for the grown-up who signed in, and for no child at the same browser."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (request.user.is_authenticated and is_open(request)):
            return ask(request)
        unlock(request)
        return view(request, *args, **kwargs)

    return guarded
