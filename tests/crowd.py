"""Ten thousand learners of a PostgreSQL, who have reviewed a million times.

Run inside an installation: `manage.py shell -c "from tests import crowd; crowd.gather()"`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.test import Client

from accounts import grown_up
from accounts.models import Profile, User
from accounts.profiles import CURRENT
from learning.models import Answer, Day, Progress, Review, Sitting, SoundCount

FAMILIES, CHILDREN = 5_000, 2
REVIEWS = 100  # of most learners; what they have begun goes along with it
LOOKED_AT = 100  # learners, who have done anything from nothing to the whole course
YEAR, MONTH = 365, 30  # days that they learnt, and that the others did
SPOKE = 3  # of them, days on which the others spoke
FAMILY = "generate_series(1, %(families)s) f"
LEARNERS = """(
    SELECT id AS profile, chosen, days, CASE WHEN chosen
        THEN (n / (%(learners)s / %(chosen)s)) * (SELECT count(*) FROM learning_item) / %(chosen)s
        ELSE %(reviews)s END AS far
    FROM (SELECT id, n, n %% (%(learners)s / %(chosen)s) = 0 AS chosen,
          CASE WHEN n %% (%(learners)s / %(chosen)s) = 0 THEN %(year)s ELSE %(month)s END AS days
          FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM accounts_profile) a) b
) l"""
ITEMS = '(SELECT id, row_number() OVER (ORDER BY "order", id) AS at FROM learning_item) i'
EXERCISES = """(
    SELECT e.id, e.lesson_id, row_number() OVER (ORDER BY u."order", s."order", e."order") AS at
    FROM learning_exercise e JOIN learning_lesson s ON s.id = e.lesson_id
    JOIN learning_unit u ON u.id = s.unit_id WHERE NOT e.retired
) e"""
PHONES = "(SELECT key FROM learning_item WHERE kind = 'sound') s"
KEYS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid::regclass::text = ANY(%s) AND contype = 'u' ORDER BY conname
"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid::regclass::text = ANY(%s) AND NOT indisprimary
"""
NUMBERS = {
    "families": FAMILIES,
    "learners": FAMILIES * CHILDREN,
    "chosen": LOOKED_AT,
    "reviews": REVIEWS,
    "year": YEAR,
    "month": MONTH,
}


def gather() -> None:
    """Fill the empty tables; prints as JSON how many rows there are, and who is looked at."""
    started = time.monotonic()
    tables = (Profile, Review, Progress, Sitting, Answer, Day, SoundCount)
    with transaction.atomic(), without_indexes(User, *tables):
        fill_all()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows = {model.__name__.lower(): model._default_manager.count() for model in tables}
    learners = Profile.objects.select_related("user").order_by("pk")
    print(
        json.dumps(
            {
                "rows": rows,
                "filled_s": round(time.monotonic() - started, 1),
                "cookies": [cookies(each) for each in learners[:: len(learners) // LOOKED_AT]],
            }
        )
    )


@contextmanager
def without_indexes(*filled: type[models.Model]) -> Iterator[None]:
    """Empty tables lose their keys and indexes, and get them back: built at once, not row by row.

    Emptied in the same transaction they are not logged either where wal_level is minimal.
    """
    tables = [model._meta.db_table for model in filled]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        cursor.execute(KEYS, [tables])
        keys = cursor.fetchall()
        for table, name, _definition in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute(INDEXES, [tables])
        indexes = cursor.fetchall()  # those of keys went with them
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in keys:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def fill_all() -> None:
    ago = "now() - random() * interval '300 days'"
    done = f"{LEARNERS} JOIN {EXERCISES} ON e.at <= l.far"
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # foreign keys are not looked up
        fill(User, FAMILY, username="'familia' || f || '@example.es'", password="'!'")
        of_user = f"accounts_user u, generate_series(1, {CHILDREN})"
        fill(Profile, of_user, id="gen_random_uuid()", user="u.id", kind="'child'", name="'Lucía'")
        fill(
            Review,
            f"{LEARNERS} JOIN {ITEMS} ON i.at <= l.far",
            profile="l.profile",
            item="i.id",
            state="2",
            stability="random() * 30",
            difficulty="5",
            due="now() + (random() * 20 - 5) * interval '1 day'",
            last_review="now() - random() * 10 * interval '1 day'",
            reps="3",
        )
        best = "round(random()::numeric, 2)"
        fill(Progress, done, profile="l.profile", exercise="e.id", best=best, last_at=ago)
        fill(
            Sitting,
            f"(SELECT DISTINCT l.profile, e.lesson_id FROM {done}) d",
            id="gen_random_uuid()",
            profile="d.profile",
            lesson="d.lesson_id",
            started=ago,
            ended="now()",
            score="random()",
        )
        fill(
            Answer,
            f"{done} JOIN learning_sitting s ON s.lesson_id = e.lesson_id"
            " AND s.profile_id = l.profile",
            profile="l.profile",
            exercise="e.id",
            sitting="s.id",
            turn="e.at",
            right="random() < 0.8",
            created=ago,
        )
        days = f"{LEARNERS}, generate_series(1, l.days) d"
        counts = {"seconds": "300", "answers": "12", "lessons": "1"}
        fill(Day, days, profile="l.profile", day="current_date - d", **counts)
        fill(
            SoundCount,
            f"{days}, {PHONES} WHERE l.chosen OR d <= {SPOKE}",
            profile="l.profile",
            phone="s.key",
            day="current_date - d",
            right="4",
            wrong="(random() * 3)::int",
        )
        cursor.execute("SET session_replication_role = DEFAULT")


def fill(model: type[models.Model], source: str, **given: str) -> None:
    """Rows of a model from SQL; fields that are not given are as they are by default."""
    columns, values, literals = [], [], {}
    for field in model._meta.local_fields:
        if field.name not in given and field.primary_key:
            continue  # counted by the database
        columns.append(f'"{field.column}"')
        values.append(given.get(field.name, f"%({field.name})s"))
        literals[field.name] = field.get_db_prep_save(field.get_default(), connection)
    sql = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
    sql += f"SELECT {', '.join(values)} FROM {source}"
    with connection.cursor() as cursor:
        cursor.execute(sql, {**NUMBERS, **literals})


def cookies(profile: Profile) -> str:
    """Of a browser in which the family is signed in, the grown-up's pages open, and who learns."""
    client = Client()
    assert profile.user is not None
    client.force_login(profile.user, "django.contrib.auth.backends.ModelBackend")
    session: Any = client.session
    session[CURRENT] = str(profile.pk)
    session[grown_up.UNTIL] = time.time() + grown_up.LASTS_S
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
