"""The moment at which the benchmark takes place, fixed."""

from __future__ import annotations

from datetime import UTC, datetime

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
DAY = AT.date()


def stamp(moment: datetime) -> str:
    """As both engines read it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")
