"""When mails leave. Pure functions of plain values; source: domain rules B4."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# An anchor that moved by less does not send again what was handed over.
SMALL_MOVE_DAYS = 2
# So far ahead occurrences are written, so that people see and can stop what is coming.
LOOK_AHEAD = timedelta(days=7)
# So often in so many days a passing refusal counts as a lasting one.
SOFT_BOUNCES, SOFT_BOUNCE_DAYS = 3, 14
# A rule that matches this many times what it foresaw stops and asks; below the floor nobody has to be asked.
SURGE, SURGE_FLOOR = 10, 100

Segment = tuple[date, date, int]


def is_surge(*, sudden: int, foreseen: int, cap: int | None) -> bool:
    """Whether one run of a rule matched so much that a person should look first."""
    if cap is not None:
        return sudden > cap
    return sudden > max(SURGE_FLOOR, SURGE * foreseen)


def mornings(zone: str, first: date, last: date, *, hour: int = 9) -> list[Segment]:
    """`hour` o'clock in `zone` as seconds after midnight UTC of the same date, in stretches of equal value.

    Covers whole years from that of `first` to that of `last`. A zone that no one knows counts as UTC:
    one wrong row must not stop the plan of all others.
    """
    years = range(first.year, last.year + 1)
    return [segment for year in years for segment in _mornings_of_year(zone, year, hour)]


def place_of(zone: str) -> ZoneInfo:
    """The zone of that name; UTC for a name that no one knows."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def local_day(zone: str, at: datetime) -> date:
    """The day in `zone`."""
    return at.astimezone(place_of(zone)).date()


def awake(zone: str, at: datetime, *, quiet_from: int = 20, quiet_until: int = 7) -> datetime:
    """`at`, or the end of the quiet hours in `zone` when it falls into them."""
    local = at.astimezone(place_of(zone))
    if quiet_from == quiet_until:
        return at
    over_night = quiet_from > quiet_until
    is_quiet = (
        local.hour >= quiet_from or local.hour < quiet_until if over_night else quiet_from <= local.hour < quiet_until
    )
    if not is_quiet:
        return at
    day = local.date() + timedelta(days=1 if over_night and local.hour >= quiet_from else 0)
    return datetime.combine(day, time(quiet_until), tzinfo=place_of(zone)).astimezone(UTC)


def next_morning(zone: str, at: datetime, *, hour: int = 9) -> datetime:
    """That hour of the next day in `zone`."""
    tomorrow = local_day(zone, at) + timedelta(days=1)
    return datetime.combine(tomorrow, time(hour), tzinfo=place_of(zone)).astimezone(UTC)


def mondays(first: date, last: date) -> list[date]:
    """Every Monday from `first` to `last`."""
    day = first + timedelta(days=-first.weekday() % 7)
    return [day + timedelta(days=7 * number) for number in range(max((last - day).days // 7 + 1, 0))]


@lru_cache(maxsize=4096)
def _mornings_of_year(zone: str, year: int, hour: int) -> tuple[Segment, ...]:
    place = place_of(zone)
    found: list[Segment] = []
    day, end = date(year, 1, 1), date(year, 12, 31)
    while day <= end:
        local = datetime.combine(day, time(hour), tzinfo=place)
        seconds = int((local - datetime.combine(day, time(), tzinfo=UTC)).total_seconds())
        if found and found[-1][2] == seconds:
            found[-1] = (found[-1][0], day, seconds)
        else:
            found.append((day, day, seconds))
        day += timedelta(days=1)
    return tuple(found)
