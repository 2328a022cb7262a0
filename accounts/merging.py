"""Two profiles that are one person: everything of the one becomes the other's.

What belongs to a profile is found by its relations, so that a new model needs no word here. Where
both have a row for the same thing (the same exercise, the same day) the model says what is true of
both: `absorb(other)` takes over what `other` holds, which is deleted afterwards.
"""

from collections.abc import Iterator
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Profile


def has_rows(profile: Profile) -> bool:
    """Whether anything belongs to the profile: something learnt, said or allowed."""
    return any(_rows(field, profile).exists() for field in relations())


def merge(source: Profile, target: Profile) -> None:
    """Give everything of `source` to `target`, and delete `source`."""
    if source.pk == target.pk:
        raise ValueError("a profile cannot be merged into itself")
    with transaction.atomic():
        both = Profile.objects.select_for_update().filter(pk__in=[source.pk, target.pk])
        if len(both.order_by("pk")) < 2:
            raise Profile.DoesNotExist("one of them is gone")
        # What the other allows already counts once; when this one did stays on record.
        allowed = target.consents.filter(withdrawn_at=None).values("purpose")
        source.consents.filter(withdrawn_at=None, purpose__in=allowed).update(
            withdrawn_at=timezone.now()
        )
        for field in relations():
            _move(field, source, target)
        source.delete()


def relations() -> Iterator[models.ForeignKey[Any, Any]]:
    """Every foreign key to a profile, those of many-to-many tables too."""
    for relation in Profile._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):  # one-to-one is a kind of it
            yield relation.field


def unique_with(field: models.ForeignKey[Any, Any]) -> list[tuple[str, ...]]:
    """What a profile has one row for each: the other fields of every unique constraint."""
    meta = field.model._meta
    groups: list[tuple[str, ...]] = [tuple(group) for group in meta.unique_together]
    groups += [
        tuple(constraint.fields)
        for constraint in meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition is None
    ]
    groups += [(field.name,)] if field.unique else []
    return [tuple(n for n in group if n != field.name) for group in groups if field.name in group]


def _rows(field: models.ForeignKey[Any, Any], profile: Profile) -> models.QuerySet[Any]:
    return field.model._base_manager.filter(**{field.name: profile})


def _move(field: models.ForeignKey[Any, Any], source: Profile, target: Profile) -> None:
    for others in unique_with(field):
        kept = {_key(row, others): row for row in _rows(field, target).select_for_update()}
        for row in _rows(field, source).select_for_update():
            twin = kept.get(_key(row, others))
            if twin is not None:
                twin.absorb(row)
                row.delete()
                twin.save()
    _rows(field, source).update(**{field.name: target})


def _key(row: models.Model, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(row.serializable_value(name) for name in names)
