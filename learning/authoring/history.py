"""What rows were like before, so that any change can be undone."""

from __future__ import annotations

from collections.abc import Iterable

import reversion
from django.core import serializers
from django.db import transaction
from django.db.models import Model
from reversion.models import Version

BEFORE = "Como estaba antes del cambio."


def remember(rows: Iterable[Model]) -> None:
    """Keep rows as they are, but those whose history ends in that; loaded rows have none yet.

    Not within a revision that is to keep the change itself: that keeps a row once.
    """
    changed = [row for row in rows if not _is_last(row)]
    if not changed:
        return
    with transaction.atomic(), reversion.create_revision():
        for row in changed:
            reversion.add_to_revision(row)
        reversion.set_comment(BEFORE)


def _is_last(row: Model) -> bool:
    last = Version.objects.get_for_object(row).order_by("-pk").first()
    return last is not None and last.serialized_data == serializers.serialize("json", [row])
