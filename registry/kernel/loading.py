"""Many rows into a table at once: COPY on PostgreSQL, statements of thousands of rows on SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from django.db import connection

# Rows of one statement on SQLite: all the statuses that a push of a thousand completions changes.
_STATEMENT = 4_000


def load(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of plain values: identifiers as 32 hex digits, days and moments as text, JSON as text.

    Both engines read those; nothing is converted on the way, which costs more than the writing. Raises RuntimeError
    where the making of `rows` asks the database: its connection is busy with them, and would wait for itself.
    """
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {quote(table)} ({names}) FROM STDIN") as copy, connection.execute_wrapper(_busy):
                for row in rows:
                    copy.write_row(row)
            return
        # A statement for each row, prepared once, costs 1.7 times as much on a table with triggers: each keeps a
        # journal of its own, to be undone by itself. Marks as SQLite has them: nobody looks through the text again.
        most = min(_STATEMENT, connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER) // len(columns))
        marks = f"({', '.join('?' * len(columns))})"
        source = iter(rows)
        while some := _drawn(source, most):
            sql = f"INSERT INTO {quote(table)} ({names}) VALUES {', '.join([marks] * len(some))}"  # noqa: S608
            cursor.executemany(sql, [list(chain.from_iterable(some))])


def _drawn(rows: Iterator[Sequence[Any]], most: int) -> list[Sequence[Any]]:
    with connection.execute_wrapper(_busy):
        return list(islice(rows, most))


def _busy(*_: Any) -> Any:
    raise RuntimeError("Rows to be loaded are made without the database.")
