"""How somebody gets on with a book, and what of it counts for the day."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Profile
from learning import streaks
from learning.models import Book, Reading


def turned(profile: Profile, book: Book, page: int, now: datetime) -> Reading:
    """The first `page` pages are read; with the last, the book. Sent twice, it counts once."""
    pages = book.shown_pages.count()
    page = min(page, pages)
    with transaction.atomic():
        reading, _ = Reading.objects.select_for_update().get_or_create(
            profile=profile, book=book, defaults={"last_at": now}
        )
        if page != reading.page:
            streaks.count(profile, now, pages=1)
            reading.page = page
            reading.times += page == pages
            reading.last_at = now
            reading.save()
    return reading


def heard(profile: Profile, now: datetime) -> None:
    """A page was read aloud: time that counts; the page itself counts when it is turned."""
    streaks.count(profile, now)
