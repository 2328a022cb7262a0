"""What Django's and django-csp's own middleware leaves to do."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

POLICY = "microphone=(self), camera=(), geolocation=(), payment=(), usb=()"
TEXT = ("text/", "application/json", "image/svg+xml")


class GzippedText(GZipMiddleware):
    """Sound goes as it is: it hardly shrinks, and parts of it are counted in its own bytes."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith(TEXT):
            return response
        return super().process_response(request, response)


def permissions_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Only our own pages may ask for the microphone, and for nothing else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response

    return middleware
