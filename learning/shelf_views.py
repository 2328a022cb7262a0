"""The shelf: its books, their pictures, and how far somebody has read."""

from __future__ import annotations

import hashlib

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import consent, profiles
from learning.models import Book, Page, Reading
from learning.progress import GOOD
from learning.shelf import showing, turns
from learning.shelf.showing import OnShelf

SVG = {
    "Content-Type": "image/svg+xml; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}


@never_cache
@require_safe
def shelf(request: HttpRequest) -> HttpResponse:
    """The covers, and which books were read."""
    profile = profiles.current(request, create=False)
    context = {"profile": profile, "books": showing.shelf(profile)}
    return render(request, "learning/shelf/shelf.html", context)


@never_cache
@require_safe
def book(request: HttpRequest, slug: str) -> HttpResponse:
    """A book, to be listened to or read in turns; a summary of it at the end."""
    profile = profiles.current(request, create=False)
    found = get_object_or_404(_books(request), slug=slug)
    pages = showing.pages(found)
    reading = Reading.objects.filter(profile=profile, book=found).first() if profile else None
    context = {
        "profile": profile,
        "book": found,
        "pages": pages,
        "reading": OnShelf(found, len(pages), reading),
        "may_record": consent.may_record(profile),
        "good_from": GOOD,
    }
    return render(request, "learning/shelf/book.html", context)


@require_POST
def turned(request: HttpRequest, slug: str) -> HttpResponse:
    """So many pages are read."""
    found = get_object_or_404(Book, slug=slug, published=True)
    sent = request.POST.get("page", "")
    if not (sent.isascii() and sent.isdecimal() and 0 < int(sent[:5]) <= found.shown_pages.count()):
        return HttpResponse(status=422)
    profile = profiles.current(request)
    assert profile is not None
    turns.turned(profile, found, int(sent[:5]), timezone.now())
    return HttpResponse(status=204)


@require_safe
def cover(request: HttpRequest, slug: str) -> HttpResponse:
    return _picture(request, get_object_or_404(_books(request), slug=slug).cover)


@require_safe
def picture(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    pages = Page.objects.filter(book__in=_books(request).filter(slug=slug))
    return _picture(request, get_object_or_404(pages, pk=pk).picture)


def _picture(request: HttpRequest, svg: str) -> HttpResponse:
    """To be shown within a page; opened by itself, nothing of it runs or loads."""
    etag = f'"{hashlib.sha256(svg.encode()).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(svg, headers=SVG)
    response.headers["ETag"] = etag
    patch_cache_control(response, max_age=600)
    return response


def _books(request: HttpRequest) -> QuerySet[Book]:
    """Authors see a book before it is published."""
    author = request.user.has_perm("learning.change_book")
    return Book.objects.all() if author else Book.objects.filter(published=True)
