"""Which files the courses in the database were loaded from, so that a start need not read them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings

from learning.models import LoadedContent

NO_ROW = ""  # no row of a course has this path
# What makes rows of a file, and decides whether a lesson lacks something.
_LOADER = ("learning/**/*.py", "speech/*.py", "speech/*.dict", "requirements/*.txt")


def fingerprint(courses: Sequence[Path]) -> str:
    """Of the names and contents of course files or folders, in order, and of what loads them."""
    digest = hashlib.sha256()
    for top in courses:
        for file in [top] if top.is_file() else _files(top):
            _add(digest, f"{top.name}/{file.relative_to(top)}", file)
    for pattern in _LOADER:
        for file in sorted(settings.BASE_DIR.glob(pattern)):
            _add(digest, str(file.relative_to(settings.BASE_DIR)), file)
    return digest.hexdigest()


def are_loaded(found: str) -> bool:
    return LoadedContent.objects.filter(path=NO_ROW, digest=found).exists()


def remember(found: str) -> None:
    LoadedContent.objects.update_or_create(path=NO_ROW, defaults={"digest": found})


def forget() -> None:
    LoadedContent.objects.filter(path=NO_ROW).delete()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _add(digest: hashlib._Hash, name: str, file: Path) -> None:
    digest.update(f"{name}\n{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
