"""Due dates, lateness and completeness of reports. Pure functions; source: domain rules B2."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from zoneinfo import ZoneInfo

from django.db.models import TextChoices

# Defaults of a new reporting year: each year keeps its own in its row, where staff can change them.
LAPSE_DAYS = 90
RETURN_DAYS = 30
REVIEW_DAYS = 60
# A slice that nobody decided on for so long passes to the lead.
SLICE_DAYS = 30


class Lateness(TextChoices):
    """How an owed report stands on a day; counted from its first submission."""

    ON_TIME = "on_time", "Submitted in time"
    PENDING = "pending", "Not yet due"
    LATE = "late", "Submitted late"
    OVERDUE = "overdue", "Overdue"
    LAPSED = "lapsed", "Lapsed"


def opens_on(year: int) -> date:
    """First day on which the report of `year` can be begun: 1 January of the year after."""
    return date(year + 1, 1, 1)


def due_on(year: int) -> date:
    """Last day for the report of `year`, without extensions: 31 March of the year after."""
    return date(year + 1, 3, 31)


def first_day_counted(year: int) -> date:
    """Who became a member after this day was no member for the whole of `year`."""
    return date(year, 1, 1)


def day_in(moment: datetime, zone: str) -> date:
    """The legal day of `moment` in `zone`: a due day ends at midnight there."""
    return moment.astimezone(ZoneInfo(zone)).date()


def lapses_on(due: date, lapse_days: int) -> date:
    """First day on which an owed report counts as lapsed."""
    return due + timedelta(days=lapse_days)


def lateness(*, due: date, lapses: date, submitted: date | None, on: date) -> Lateness:
    """How the report stands on `on`. A submission after `on` was not known then."""
    if submitted is not None and submitted <= on:
        return Lateness.ON_TIME if submitted <= due else Lateness.LATE
    if on <= due:
        return Lateness.PENDING
    return Lateness.OVERDUE if on < lapses else Lateness.LAPSED


def days_late(*, due: date | None, submitted: date | None, on: date) -> int | None:
    """Days past the due day at the first submission, or so far; 0 in time; None when nothing is owed."""
    if due is None:
        return None
    counted = submitted if submitted is not None and submitted <= on else on
    return max(0, (counted - due).days)


def completeness_share(*, answered: int, required: int) -> Decimal:
    """Share of the required questions that have an answer, 0 to 1, cut to two places; 1 when none is required."""
    return cut_share(answered, required) or Decimal("0.00" if required else "1.00")


def plain(value: Decimal | None) -> str | None:
    """A sum as digits without empty decimal places, whatever a database gave it; None stays None."""
    return None if value is None else format(value.normalize(), "f")


def cut_share(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """`part` ÷ `whole`, cut to two places; None when there is nothing to divide by."""
    # Cut, not rounded: 99.6 % must not show as complete.
    return (Decimal(part) / whole).quantize(Decimal("0.01"), rounding=ROUND_DOWN) if whole else None
