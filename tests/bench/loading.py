"""Rows into tables by the fastest way that each engine has: COPY, or one executemany."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection, models

BLOCK = 5_000


@contextmanager
def unchecked() -> Iterator[None]:
    """No foreign keys, no triggers, no waiting for the disk: the book is made, not entered."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("SET synchronous_commit = off")
            cursor.execute("SET statement_timeout = 0")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("PRAGMA synchronous = OFF")
    yield
    settle()
    connection.close()


def settle() -> None:
    """Statistics for the planner, and the write-ahead log into the file."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def load(model: type[models.Model], names: str, rows: Iterable[tuple[Any, ...]]) -> int:
    """Write `rows` of the columns `names`; every other column gets the field's default. The count of rows."""
    given = names.split()
    fields = {field.attname: field for field in model._meta.concrete_fields}
    rest = {
        name: _plain(field.get_db_prep_save(field.get_default(), connection))
        for name, field in fields.items()
        if name not in given and not isinstance(field, models.AutoField)
    }
    columns = ", ".join(f'"{fields[name].column}"' for name in (*given, *rest))
    table, tail = model._meta.db_table, tuple(rest.values())
    if connection.vendor == "postgresql":
        return _copy(f'COPY "{table}" ({columns}) FROM STDIN', rows, tail)
    marks = ", ".join("?" * (len(given) + len(tail)))
    connection.ensure_connection()
    raw = connection.connection
    raw.execute("BEGIN")
    count = raw.executemany(
        f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', (row + tail for row in rows)
    ).rowcount
    raw.execute("COMMIT")
    return count


def _copy(statement: str, rows: Iterable[tuple[Any, ...]], tail: tuple[Any, ...]) -> int:
    count, source = 0, iter(rows)
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
        while block := list(islice(source, BLOCK)):
            copy.write("".join("\t".join(map(_text, row + tail)) + "\n" for row in block))
            count += len(block)
    return count


def _text(value: Any) -> str:
    return r"\N" if value is None else str(value)


def _plain(value: Any) -> Any:
    """A default as text or number: JSON comes wrapped, booleans as words."""
    if isinstance(value, bool):
        return int(value)
    if hasattr(value, "dumps") or isinstance(value, list | dict):
        import json

        return json.dumps(getattr(value, "obj", value))
    return value
