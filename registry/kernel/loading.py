"""Many rows into a table at once: COPY on PostgreSQL, statements of thousands of rows on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import orjson
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
        # journal of its own, to be undone by itself. Marks for each value make another text for each number of rows,
        # and the connection keeps the last hundred of them prepared, by two megabytes each.
        values = ", ".join(f"value ->> {place}" for place in range(len(columns)))
        sql = f"INSERT INTO {quote(table)} ({names}) SELECT {values} FROM json_each(?)"  # noqa: S608
        source = iter(rows)
        while some := _drawn(source, _STATEMENT):
            cursor.executemany(sql, [[orjson.dumps(some).decode()]])


def _drawn(rows: Iterator[Sequence[Any]], most: int) -> list[Sequence[Any]]:
    with connection.execute_wrapper(_busy):
        return list(islice(rows, most))


def _busy(*_: Any) -> Any:
    raise RuntimeError("Rows to be loaded are made without the database.")
