"""How static files are named, and how others are written."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

_REWRITE = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Names that change with the content, in the imports of our scripts too."""

    support_js_module_import_aggregation = True
    # Only ours: those of packages have imports in their comments.
    _js_module_import_aggregation_patterns = ("js/*.js", _REWRITE)


class WholeFiles(FileSystemStorage):
    """Files that are there whole or not at all, as S3 keeps them; the same name again replaces."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: File[Any]) -> str:
        part_of_it = f"{name}.{uuid4().hex}.part"
        # django-stubs leave it out.
        part = super()._save(part_of_it, content)  # type: ignore[misc]
        Path(self.path(part)).replace(self.path(name))
        return name
