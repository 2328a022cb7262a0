"""In which language a page speaks: as was chosen at its foot, else Spanish.

Whoever learns English here reads Spanish, and many a phone speaks English to them: so the browser
decides only between Spain's Spanish and Latin America's.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from django.views.i18n import JavaScriptCatalog

_SPANISH = re.compile(r"\bes(?:-(\w+))?\b", re.IGNORECASE)


def spanish(asked: str) -> str:
    """The Spanish that an Accept-Language header asks for: 'es-AR' and 'es-419' want 'es-mx'."""
    found = _SPANISH.search(asked)
    country = found[1] if found else None
    return "es" if country is None or country.lower() == "es" else "es-mx"


def spanish_unless_chosen(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Leaves the choice of a language to the cookie, and that of a Spanish to the browser."""

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
        request.META["HTTP_ACCEPT_LANGUAGE"] = spanish(asked)
        return get_response(request)

    return middleware


def of_socket(scope: Mapping[str, Any]) -> str:
    """The language of the page that opened a socket."""
    request = HttpRequest()
    request.COOKIES = scope["cookies"]
    asked = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    request.META["HTTP_ACCEPT_LANGUAGE"] = spanish(asked)
    return translation.get_language_from_request(request)


class Texts(JavaScriptCatalog):
    """What scripts say, in the language of the page."""

    domain = "djangojs"

    def get_paths(self, packages: list[str]) -> list[str]:
        """Ours alone: not what the admin's scripts say."""
        return [str(path) for path in settings.LOCALE_PATHS]


texts = cache_control(no_cache=True)(conditional_page(Texts.as_view(packages=["config"])))
