"""What the two engines say differently in hand-written SQL: one seam, both forms, each tested.

Column and expression arguments are SQL text, never input.
"""

from __future__ import annotations

from typing import Protocol

from django.db import connection


class Dialect(Protocol):
    """SQL fragments of one engine."""

    json: str
    new_id: str

    def add_days(self, day: str, days: str) -> str:
        """The date `days` after the date `day`."""

    def open_day(self, day: str) -> str:
        """`day`, or the Monday after it when it lies on a weekend."""

    def moment(self, day: str, seconds: str) -> str:
        """The moment `seconds` after midnight UTC of `day`; seconds may be negative."""


class Sqlite:
    """Dates and moments are text, identifiers 32 hex digits."""

    json = "text"
    new_id = "lower(hex(randomblob(16)))"

    def add_days(self, day: str, days: str) -> str:
        return f"date({day}, ({days}) || ' days')"

    def open_day(self, day: str) -> str:
        wait = f"CASE strftime('%%w', {day}) WHEN '6' THEN '2 days' WHEN '0' THEN '1 days' ELSE '0 days' END"
        return f"date({day}, {wait})"

    def moment(self, day: str, seconds: str) -> str:
        return f"datetime({day}, ({seconds}) || ' seconds')"


class Postgresql:
    """Dates add whole numbers; moments carry a zone."""

    json = "jsonb"
    new_id = "gen_random_uuid()"

    def add_days(self, day: str, days: str) -> str:
        return f"({day} + ({days})::integer)"

    def open_day(self, day: str) -> str:
        return f"({day} + CASE EXTRACT(ISODOW FROM {day}) WHEN 6 THEN 2 WHEN 7 THEN 1 ELSE 0 END)"

    def moment(self, day: str, seconds: str) -> str:
        return f"(({day} + make_interval(secs => {seconds})) AT TIME ZONE 'UTC')"


def dialect() -> Dialect:
    """The dialect of the default connection."""
    return Postgresql() if connection.vendor == "postgresql" else Sqlite()
