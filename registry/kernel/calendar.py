"""Arithmetic on legal days, and dates of which only a part is known. Pure functions."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 12, 31)

# By month, of a common year.
_DAYS_OF = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_YEARLESS = re.compile(r"--(\d{2})-(\d{2})")


def add_months(day: date, months: int) -> date:
    """The same day of another month, clamped to its end: 31 August + 6 months is 28 or 29 February."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    last = 29 if month == 2 and calendar.isleap(year) else _DAYS_OF[month]
    return date(year, month, min(day.day, last))


def end_of_day(day: date, zone: str) -> datetime:
    """The first moment after `day` in `zone`, in that zone."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(zone))


@dataclass(frozen=True)
class PartialDate:
    """A date of which a part is known; `earliest`/`latest` bound what it may be."""

    text: str
    earliest: date
    latest: date

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read `2014`, `2014-12` or `2014-12-02`; ValueError for anything else or outside 1900–2200."""
        match = _PARTIAL.fullmatch(text.strip())
        if match is None:
            raise ValueError("A date is YYYY, YYYY-MM or YYYY-MM-DD.")
        year, month, day = (int(part or 0) for part in match.groups())
        first = date(year, month or 1, day or 1)
        if day:
            last = first
        elif month:
            last = date(year, month, calendar.monthrange(year, month)[1])
        else:
            last = date(year, 12, 31)
        if not EARLIEST <= first <= LATEST:
            raise ValueError("A date lies between 1900 and 2200.")
        return cls(match.group(0), first, last)

    @classmethod
    def parse_loose(cls, text: str) -> PartialDate:
        """Like `parse`, and `--01-22` for a day whose year nobody knows, `2017/2018` for a day in that span."""
        text = text.strip()
        if yearless := _YEARLESS.fullmatch(text):
            month, day = (int(part) for part in yearless.groups())
            # Of 2000, because 29 February is a day; 1900 and 2200 lack it.
            known = date(2000, month, day)
            return cls(text, *(add_months(known, 12 * (year - 2000)) for year in (EARLIEST.year, LATEST.year)))
        if "/" not in text:
            return cls.parse(text)
        first, last = (cls.parse(part) for part in text.split("/", 1))
        if last.latest < first.earliest:
            raise ValueError("A span ends after its start.")
        return cls(text, first.earliest, last.latest)

    @property
    def is_exact(self) -> bool:
        """Whether the day is known."""
        return self.earliest == self.latest
