"""What the two engines say differently in hand-written SQL: one seam, both forms, each tested.

Column and expression arguments are SQL text, never input.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, connections, transaction
from django.db.backends.signals import connection_created
from django.db.models import QuerySet, UUIDField


class Dialect(Protocol):
    """SQL fragments of one engine."""

    json: str
    new_id: str
    # Of a relation that is read once: kept apart where the engine would else go through all of it for every row.
    apart: str

    def typed(self, value: str, kind: str) -> str:
        """A placeholder with its type, where the engine asks for it. Kinds: text, integer, uuid, date, timestamptz."""

    def add_days(self, day: str, days: str) -> str:
        """The date `days` after the date `day`."""

    def add_months(self, day: str, months: str) -> str:
        """The same day of another month, clamped to its end."""

    def end_of_year(self, day: str) -> str:
        """31 December of the year of `day`."""

    def open_day(self, day: str) -> str:
        """`day`, or the Monday after it when it lies on a weekend."""

    def moment(self, day: str, seconds: str) -> str:
        """The moment `seconds` after midnight UTC of `day`; seconds may be negative."""

    def sought(self, table: str, column: str, keys: str) -> str:
        """FROM and WHERE of the rows whose `column` is one of the `key`s of a SELECT, each looked up by index."""

    def likely(self, condition: str) -> str:
        """A condition that most rows meet."""

    def locking_order(self, columns: str) -> str:
        """ORDER BY of rows to be written, where two writers lock row by row and must wait in line."""

    def many(self) -> AbstractContextManager[None]:
        """Around a statement that reads many rows, where the engine would take them for a few."""

    def at_once(self) -> AbstractContextManager[None]:
        """Around a write that would rather fail than wait until another writer is done with the whole database."""


class Sqlite:
    """Dates and moments are text, identifiers 32 hex digits."""

    json = "text"
    new_id = "lower(hex(randomblob(16)))"
    apart = "NOT MATERIALIZED"  # it makes an index of its own for what it joins

    def typed(self, value: str, kind: str) -> str:
        # Untyped: a cast to a type of another name than its own would turn a date into the number 2026.
        return value

    def add_days(self, day: str, days: str) -> str:
        return f"date({day}, ({days}) || ' days')"

    def add_months(self, day: str, months: str) -> str:
        # 31 August + 6 months runs over into March; the last day of February is before that.
        over = f"date({day}, ({months}) || ' months')"
        return f"min({over}, date({day}, 'start of month', (({months}) + 1) || ' months', '-1 day'))"

    def end_of_year(self, day: str) -> str:
        return f"date({day}, 'start of year', '1 year', '-1 day')"

    def open_day(self, day: str) -> str:
        wait = f"CASE strftime('%%w', {day}) WHEN '6' THEN '2 days' WHEN '0' THEN '1 days' ELSE '0 days' END"
        return f"date({day}, {wait})"

    def moment(self, day: str, seconds: str) -> str:
        return f"datetime({day}, ({seconds}) || ' seconds')"

    def sought(self, table: str, column: str, keys: str) -> str:
        return f"FROM ({keys}) sought CROSS JOIN {table} WHERE {column} = sought.key"

    def likely(self, condition: str) -> str:
        return f"likely({condition})"  # what looks like few rows gets no index, and is looked through for each

    def locking_order(self, columns: str) -> str:
        return ""  # one writes at a time, and a sort of all columns is a fifth of the statement

    def many(self) -> AbstractContextManager[None]:
        return nullcontext()  # no transaction: it would take the write lock

    @contextmanager
    def at_once(self) -> Iterator[None]:
        connection.ensure_connection()
        engine = connection.connection  # settings of the connection are no query of the request
        (wait,) = engine.execute("PRAGMA busy_timeout").fetchone()
        engine.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            engine.execute(f"PRAGMA busy_timeout = {int(wait)}")


class Postgresql:
    """Dates add whole numbers; moments carry a zone."""

    json = "jsonb"
    new_id = "gen_random_uuid()"
    apart = "MATERIALIZED"

    def typed(self, value: str, kind: str) -> str:
        return f"CAST({value} AS {kind})"

    def add_days(self, day: str, days: str) -> str:
        return f"({day} + ({days})::integer)"

    def add_months(self, day: str, months: str) -> str:
        return f"({day} + make_interval(months => ({months})::integer))::date"

    def end_of_year(self, day: str) -> str:
        return f"make_date(EXTRACT(YEAR FROM {day})::integer, 12, 31)"

    def open_day(self, day: str) -> str:
        return f"({day} + CASE EXTRACT(ISODOW FROM {day}) WHEN 6 THEN 2 WHEN 7 THEN 1 ELSE 0 END)"

    def moment(self, day: str, seconds: str) -> str:
        return f"(({day} + make_interval(secs => {seconds})) AT TIME ZONE 'UTC')"

    def sought(self, table: str, column: str, keys: str) -> str:
        # A join would look through the whole table.
        return f"FROM {table} WHERE {column} = ANY (ARRAY({keys}))"

    def likely(self, condition: str) -> str:
        return condition

    def locking_order(self, columns: str) -> str:
        return f"ORDER BY {columns}"

    @contextmanager
    def many(self) -> Iterator[None]:
        # It guesses one row behind a window function or a range of a CTE, and would look through all for each.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_nestloop TO off")
            yield
            cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")

    def at_once(self) -> AbstractContextManager[None]:
        return nullcontext()  # it locks rows, not the database


# The lists of a register of 10,000 companies fit in; with SQLite's own 2 MB a page of 100 read the file 360 times. Of a
# larger one the system's own copy of the file is looked at in place: as much as SQLite admits to.
PAGES_KIB, IN_PLACE = 12_000, 2_147_418_112


def keep_more_pages() -> None:
    """For processes that answer many small questions: each connection to SQLite keeps more of the file in memory."""
    connection_created.connect(_keep_more_pages, dispatch_uid="keep more pages")


def _keep_more_pages(connection: Any, **_: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.execute(f"PRAGMA cache_size = -{PAGES_KIB}")
        connection.connection.execute(f"PRAGMA mmap_size = {IN_PLACE}")


def dialect() -> Dialect:
    """The dialect of the default connection."""
    return Postgresql() if connection.vendor == "postgresql" else Sqlite()


class Statement:
    """SQL in the making: each method takes a value and answers the placeholder that stands for it."""

    def __init__(self) -> None:
        self.params: dict[str, Any] = {}
        # Asked once: a statement may hold thousands of values, and the default connection is looked up by thread.
        self._dialect, self._engine = dialect(), connections["default"]

    def put(self, value: Any, kind: str = "") -> str:
        """A placeholder for `value`, typed when `kind` is given."""
        name = f"v{len(self.params)}"
        self.params[name] = value
        placeholder = f"%({name})s"
        return self._dialect.typed(placeholder, kind) if kind else placeholder

    def text(self, value: str) -> str:
        """A text."""
        return self.put(str(value), "text")

    def number(self, value: int) -> str:
        """A whole number."""
        return self.put(int(value), "integer")

    def uuid(self, value: UUID) -> str:
        """An identifier."""
        return self.put(UUIDField().get_db_prep_value(value, self._engine), "uuid")

    def day(self, value: date) -> str:
        """A date."""
        return self.put(self._engine.ops.adapt_datefield_value(value), "date")

    def moment(self, value: datetime) -> str:
        """A moment."""
        return self.put(self._engine.ops.adapt_datetimefield_value(value), "timestamptz")

    def embed(self, rows: QuerySet) -> str:
        """The SQL of a queryset with its values among ours."""
        sql, values = rows.query.get_compiler(connection=self._engine).as_sql()
        return sql.replace("%%", "%%%%") % tuple(self.put(value) for value in values)

    def fetch(self, template: str, **parts: str) -> list[tuple[Any, ...]]:
        """The rows that the statement finds, as the engine gives them."""
        with self._engine.cursor() as cursor:
            cursor.execute(template.format(**parts), self.params)
            return list(cursor.fetchall())

    def run(self, template: str, **parts: str) -> int:
        """Execute; the count of rows written."""
        with self._engine.cursor() as cursor:
            cursor.execute(template.format(**parts), self.params)
            return int(cursor.rowcount)
