"""What is done at night."""

from __future__ import annotations

import pytest
from django.db import connection

from registry.celery import housekeep
from tests.factories import training

pytestmark = pytest.mark.django_db


def _known() -> set[str]:
    """Tables whose size the planner knows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if not cursor.fetchall():
            return set()
        cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1")
        return {table for (table,) in cursor.fetchall()}


def test_sqlite_learns_at_night_how_large_its_tables_are():
    training.make_staff()
    asked: list[str] = []

    def note(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        housekeep()

    learning = [sql for sql in asked if sql.startswith("ANALYZE")]
    if connection.vendor == "sqlite":
        assert {"codesign_staffmember", "codesign_statustile", "codesign_posting"} <= _known()
        assert 'ANALYZE "codesign_completion"' in learning
    else:
        assert learning == []
