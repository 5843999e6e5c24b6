"""What is done at night: what has served its time is removed, and SQLite learns how its tables have grown."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from registry.kernel.documents import actions as documents
from registry.kernel.idempotency import actions as idempotency


def remove_expired(*, at: datetime) -> int:
    """Remove what had expired at the real moment `at`; answers the number of rows and files."""
    sessions, _ = Session.objects.filter(expire_date__lt=at).delete()
    return sessions + idempotency.forget(before=at - settings.API_IDEMPOTENCY_KEPT) + documents.sweep(at=at)


# Entries of an index that are looked at: so a table of millions keeps writers out for a moment only. With a tenth, the
# page of a thousand companies took four times as long: what is guessed of ten thousand rows misleads.
_LOOKED_AT = 100_000


def learn_sizes() -> None:
    """Let SQLite count anew what its planner goes by, each table by itself; PostgreSQL does so without being asked."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {_LOOKED_AT}")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
