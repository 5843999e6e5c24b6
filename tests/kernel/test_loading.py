"""Many rows at once."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from members.countries.models import Country
from registry.kernel.loading import load

pytestmark = pytest.mark.django_db
TABLE = "loaded"


@pytest.fixture
def table():
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {TABLE} (number integer, word varchar(10))")
    yield TABLE
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {TABLE}")


def _rows(table: str) -> list[tuple[int, str | None]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number, word FROM {table} ORDER BY number")
        return [tuple(row) for row in cursor.fetchall()]


@pytest.mark.parametrize("count", [0, 1, 4_000, 9_001])
def test_all_rows_are_there_in_their_values(table, count: int):
    wanted = [(number, None if number % 3 else "%s ?") for number in range(count)]

    load(table, ("number", "word"), iter(wanted))

    assert _rows(table) == wanted


def test_any_number_of_rows_is_the_same_statement(table):
    # None at all where rows are copied.
    seen: set[str] = set()

    def note(execute, sql, params, many, context):
        seen.add(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        for count in range(1, 500, 7):
            load(table, ("number", "word"), [(number, None) for number in range(count)])

    assert len(seen) == (connection.vendor == "sqlite")


def test_rows_that_ask_the_database_while_they_are_made_are_refused(table):
    rows = ((number, str(Country.objects.count())) for number in range(3))

    with pytest.raises(RuntimeError), transaction.atomic():
        load(table, ("number", "word"), rows)
