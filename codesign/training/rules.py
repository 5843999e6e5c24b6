"""How long a training counts: pure functions of plain dates. Source: rules of the register on training compliance.

One rule of the day judges everything on that day, so that a new rule never changes a day before it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from codesign.training.kinds import Employment, TrainingStatus
from registry.kernel.calendar import LATEST, add_months

DAY = timedelta(days=1)
LEAST_MONTHS_OF_A_WINDOW = 6
# After leaving: then the reference of an employee is erased.
MONTHS_KEPT = 24
# Read once: an enumeration works out the value of a member each time that it is asked.
_IN_GRACE, _NEVER_TRAINED = TrainingStatus.IN_GRACE.value, TrainingStatus.NEVER_TRAINED.value
_VALID, _LAPSED = TrainingStatus.VALID.value, TrainingStatus.LAPSED.value
_SEASONAL = Employment.SEASONAL.value
Period = tuple[date, date]
Run = tuple[str, date, date]


@dataclass(frozen=True, slots=True)
class Rule:
    """One requirement as the calculation needs it. `role` and `country` are "" for everybody and everywhere."""

    effective_from: date
    role: str = ""
    country: str = ""
    validity_months: int = 24
    refresher_months: int = 12
    grace_days: int = 90
    seasonal_grace_days: int = 14
    yearly_window: bool = False

    def grace_of(self, employment: str) -> int:
        """Days of grace after hire."""
        return self.seasonal_grace_days if employment == _SEASONAL else self.grace_days


class Post(NamedTuple):
    """Where somebody works and as what, from one day to another; both days count. `site_id` in any form."""

    site_id: Any
    country: str
    role: str
    employment: str
    hired_on: date
    first_day: date
    last_day: date = LATEST


class Tile(NamedTuple):
    """A run of days in one post with one status. The tiles of a person cover every day in scope once."""

    site_id: Any
    role: str
    employment: str
    status: str
    first_day: date
    last_day: date


def expiry(completed_on: date, rule: Rule) -> date:
    """The last day on which a full training of `completed_on` counts."""
    if not rule.yearly_window:
        return add_months(completed_on, rule.validity_months)
    end = date(completed_on.year, 12, 31)
    return end if end >= add_months(completed_on, LEAST_MONTHS_OF_A_WINDOW) else end.replace(year=end.year + 1)


def valid_periods(full: Iterable[date], refreshers: Sequence[date], rule: Rule) -> list[Period]:
    """When the trainings of one person count, in order and merged.

    A refresher within a training's own validity extends it once; of several the last decides.
    """
    merged: list[Period] = []
    for start in sorted(full):
        own_end = end = expiry(start, rule)
        taken = [day for day in refreshers if start <= day <= own_end]
        if taken and rule.refresher_months:
            end = max(own_end, add_months(max(taken), rule.refresher_months))
        if merged and start <= merged[-1][1] + DAY:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


class Rulebook:
    """The published rules: which one counts for a role in a country on a day.

    The most specific wins (role and country, role, country, everybody); of those the newest in effect.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = sorted(rules, key=lambda rule: rule.effective_from)
        self._timelines: dict[tuple[str, str], tuple[list[date], list[Rule]]] = {}

    def at(self, role: str, country: str, day: date) -> Rule | None:
        """The rule in effect; None before the first one."""
        days, rules = self._timeline(role, country)
        place = bisect_right(days, day)
        return rules[place - 1] if place else None

    def periods(self, role: str, country: str, first: date, last: date) -> list[tuple[Rule | None, date, date]]:
        """The rules in effect from `first` to `last`, each with its own first and last day."""
        days, rules = self._timeline(role, country)
        place, beyond = bisect_right(days, first), bisect_right(days, last)
        found: list[tuple[Rule | None, date, date]] = []
        for next_place in range(place, beyond):
            found.append((rules[next_place - 1] if next_place else None, first, days[next_place] - DAY))
            first = days[next_place]
        return [*found, (rules[beyond - 1] if beyond else None, first, last)]

    def _timeline(self, role: str, country: str) -> tuple[list[date], list[Rule]]:
        found = self._timelines.get((role, country))
        if found is None:
            found = self._timelines[role, country] = self._built(role, country)
        return found

    def _built(self, role: str, country: str) -> tuple[list[date], list[Rule]]:
        matching = [rule for rule in self._rules if rule.role in {"", role} and rule.country in {"", country}]
        timeline: dict[date, Rule] = {}
        winner: Rule | None = None
        for rule in matching:
            if winner is None or _rank(rule) >= _rank(winner):
                winner = rule
            timeline[rule.effective_from] = winner
        return list(timeline), list(timeline.values())


def _rank(rule: Rule) -> tuple[bool, bool]:
    return bool(rule.role), bool(rule.country)


def tiles(posts: Iterable[Post], full: Sequence[date], refreshers: Sequence[date], book: Rulebook) -> list[Tile]:
    """The statuses of one person, day for day, from the first post to the last.

    `full` and `refreshers` are the days of completed courses, in any order.
    """
    found: list[Tile] = []
    for post in posts:
        site, role, employment = post.site_id, post.role, post.employment
        for rule, first, last in book.periods(post.role, post.country, post.first_day, post.last_day):
            runs = [Tile(site, role, employment, *run) for run in _runs(post, rule, first, last, full, refreshers)]
            # Under one rule two runs that meet differ; what the last post or rule left may go on.
            if found and _continues(found[-1], runs[0]):
                found[-1] = found[-1]._replace(last_day=runs.pop(0).last_day)
            found += runs
    return found


def _continues(before: Tile, after: Tile) -> bool:
    return before[:4] == after[:4] and after.first_day == before.last_day + DAY


def _runs(
    post: Post, rule: Rule | None, first: date, last: date, full: Sequence[date], refreshers: Sequence[date]
) -> list[Run]:
    """Statuses of the days `first` to `last`, all under one rule. Asked for everybody in a roster."""
    found: list[Run] = []
    first_training = min(full) if full else None
    grace_end = post.hired_on + timedelta(days=rule.grace_of(post.employment)) if rule else post.hired_on - DAY
    cursor = first
    for start, end in valid_periods(full, refreshers, rule) if rule and full else ():
        start, end = max(start, cursor), min(end, last)
        if start > end:
            continue
        if cursor < start:
            _leave_out(found, cursor, start - DAY, grace_end, first_training)
        found.append((_VALID, start, end))
        cursor = end + DAY
    if cursor <= last:
        _leave_out(found, cursor, last, grace_end, first_training)
    return found


def _leave_out(found: list[Run], start: date, end: date, grace_end: date, first_training: date | None) -> None:
    """Add the statuses of days without a valid training: in grace, then never trained, then lapsed."""
    if start <= (grace := min(end, grace_end)):
        found.append((_IN_GRACE, start, grace))
        start = grace + DAY
    untrained = end if first_training is None else min(end, first_training - DAY)
    if start <= untrained:
        found.append((_NEVER_TRAINED, start, untrained))
        start = untrained + DAY
    if start <= end:
        found.append((_LAPSED, start, end))


def cut_share(part: int, whole: int) -> Decimal | None:
    """Share of `part` in `whole`, 0 to 1, cut to two places; None when `whole` is 0.

    Cut, not rounded: 79.6 % must not show as "80 % reached".
    """
    return Decimal(part * 100 // whole).scaleb(-2) if whole else None
