"""The one place that asks for the time.

Two clocks: the *business* clock (`now`, `today`) decides what is due, late or valid and can be
shifted by REGISTRY_NOW; it goes on ticking from there. The *real* clock (`real_now`) serves
leases, tokens, throttles and idempotency, which must not jump when a tour moves the calendar.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings


def real_now() -> datetime:
    """The present moment, never shifted."""
    return datetime.now(UTC)


@lru_cache(maxsize=4)
def _shift(target: datetime | None, started: datetime) -> timedelta:
    return timedelta() if target is None else target - started


def now() -> datetime:
    """The moment of the business clock, in UTC."""
    return real_now() + _shift(settings.REGISTRY_NOW, settings.STARTED_AT)


def today(zone: str = "UTC") -> date:
    """The business day in `zone`: legal days are days somewhere."""
    return now().astimezone(ZoneInfo(zone)).date()
