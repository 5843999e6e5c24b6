"""A slow second implementation, written from the rules in words alone, one person and one day at a time.

It shares no code with the register and looks at nothing but plain values.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass
class Demand:
    """A requirement; "" is everybody or everywhere."""

    effective_from: date
    role: str = ""
    country: str = ""
    validity_months: int = 24
    refresher_months: int = 12
    grace_days: int = 90
    seasonal_grace_days: int = 14
    yearly_window: bool = False


@dataclass
class Work:
    """Where somebody worked from one day to another (None: still)."""

    country: str
    role: str
    employment: str
    hired_on: date
    first: date
    last: date | None = None


@dataclass
class Life:
    """All that is known of one person."""

    work: list[Work] = field(default_factory=list)
    full: list[date] = field(default_factory=list)
    refreshers: list[date] = field(default_factory=list)


def months_later(day: date, months: int) -> date:
    """Count month by month; a day that the month lacks is its last one."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day.day, last))


def demand_on(demands: list[Demand], role: str, country: str, on: date) -> Demand | None:
    """Role and country, then role, then country, then everybody; the newest that is in effect."""
    for wanted_role, wanted_country in ((role, country), (role, ""), ("", country), ("", "")):
        fitting = [
            demand
            for demand in demands
            if (demand.role, demand.country) == (wanted_role, wanted_country) and demand.effective_from <= on
        ]
        if fitting:
            return max(fitting, key=lambda demand: demand.effective_from)
    return None


def last_valid_day(completed: date, demand: Demand) -> date:
    """When a full training ends to count."""
    if not demand.yearly_window:
        return months_later(completed, demand.validity_months)
    end = date(completed.year, 12, 31)
    while end < months_later(completed, 6):
        end = date(end.year + 1, 12, 31)
    return end


def is_valid(life: Life, demand: Demand, on: date) -> bool:
    """Whether any full training counts on the day, by itself or by a refresher taken while it did."""
    for completed in life.full:
        if completed > on:
            continue
        end = last_valid_day(completed, demand)
        if on <= end:
            return True
        for refresher in life.refreshers:
            in_time = completed <= refresher <= end and refresher <= on
            if demand.refresher_months and in_time and on <= months_later(refresher, demand.refresher_months):
                return True
    return False


def status_on(life: Life, demands: list[Demand], on: date) -> str | None:
    """valid, in_grace, lapsed or never_trained; None when not in scope."""
    for work in life.work:
        if work.first <= on and (work.last is None or on <= work.last):
            break
    else:
        return None
    demand = demand_on(demands, work.role, work.country, on)
    if demand and is_valid(life, demand, on):
        return "valid"
    if demand:
        days = demand.seasonal_grace_days if work.employment == "seasonal" else demand.grace_days
        if on <= work.hired_on + timedelta(days=days):
            return "in_grace"
    return "lapsed" if any(day <= on for day in life.full) else "never_trained"


def totals_on(people: list[Life], demands: list[Demand], head_counts: dict[str, int], on: date) -> dict[str, int]:
    """How many stand where; `head_counts` is of one site in each country. Unknown: beyond the people named there."""
    found = dict.fromkeys(("in_scope", "in_grace", "valid", "lapsed", "never_trained", "unknown"), 0)
    named = dict.fromkeys(head_counts, 0)
    for life in people:
        status = status_on(life, demands, on)
        if status is None:
            continue
        found["in_scope"] += 1
        found[status] += 1
        for work in life.work:
            if work.first <= on and (work.last is None or on <= work.last):
                named[work.country] += 1
    for country, heads in head_counts.items():
        if heads > named[country]:
            found["unknown"] += heads - named[country]
    return found


def percent_on(totals: dict[str, int]) -> int | None:
    """Valid of those in scope and unknown, without those in grace and untrained; whole per cent, cut."""
    counted = totals["in_scope"] + totals["unknown"] - totals["in_grace"]
    return None if counted == 0 else int(100 * totals["valid"] / counted + 1e-9)
