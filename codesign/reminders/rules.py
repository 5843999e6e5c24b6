"""When mails leave. Pure functions of plain values; source: domain rules B4."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MORNING = time(9)
# An anchor that moved by less does not send again what was handed over.
SMALL_MOVE_DAYS = 2

Segment = tuple[date, date, int]


def mornings(zone: str, first: date, last: date) -> list[Segment]:
    """09:00 in `zone` as seconds after midnight UTC of the same date, in stretches of equal value.

    Covers whole years from that of `first` to that of `last`. A zone that no one knows counts as UTC:
    one wrong row must not stop the plan of all others.
    """
    return [segment for year in range(first.year, last.year + 1) for segment in _mornings_of_year(zone, year)]


@lru_cache(maxsize=4096)
def _mornings_of_year(zone: str, year: int) -> tuple[Segment, ...]:
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        place = ZoneInfo("UTC")
    found: list[Segment] = []
    day, end = date(year, 1, 1), date(year, 12, 31)
    while day <= end:
        local = datetime.combine(day, MORNING, tzinfo=place)
        seconds = int((local - datetime.combine(day, time(), tzinfo=UTC)).total_seconds())
        if found and found[-1][2] == seconds:
            found[-1] = (found[-1][0], day, seconds)
        else:
            found.append((day, day, seconds))
        day += timedelta(days=1)
    return tuple(found)
