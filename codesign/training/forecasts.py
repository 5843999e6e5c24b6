"""Coverage of the days to come, if nobody is trained and nobody moves: exact, as statuses are known until they end."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from codesign.training.kinds import ForecastStep, TrainingStatus
from codesign.training.models import Requirement, StatusTile
from codesign.training.querysets import SMALLEST_SITE, TileQuerySet
from codesign.training.rules import DAY
from codesign.training.tallies import Coverage, Target, population
from members.scope import Scope
from registry.kernel.calendar import EARLIEST, LATEST, add_months
from registry.kernel.sql import DayBefore


@dataclass(frozen=True, kw_only=True)
class Step:
    """Coverage on one day, and who lapsed since the step before."""

    on: date
    coverage: Coverage
    target: Target | None
    lapsing: int | None


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """Steps in order; `first_day_under`: the first day, the first one included, whose share misses the target."""

    steps: list[Step]
    first_day_under: date | None

    def hidden(self) -> Forecast:
        """The same days without their counts."""
        steps = [replace(step, coverage=step.coverage.hidden(), lapsing=None) for step in self.steps]
        return Forecast(steps=steps, first_day_under=None)

    @property
    def points_at_people(self) -> bool:
        """Whether any step counts so few that it would say something of one of them."""
        return any(step.coverage.size < SMALLEST_SITE for step in self.steps)


def forecast(scope: Scope, *, first: date, until: date, step: str = ForecastStep.WEEK, **within: Any) -> Forecast:
    """Coverage from `first` to `until`, a step at a time, of what the caller may count. Six queries, whatever the span.

    `within`: company, site or country. The last step is `until` itself.
    """
    days = _days(scope, first, until, within)
    targets = _Targets()
    steps: list[Step] = []
    under: date | None = None
    wanted = set(_stops(first, until, step))
    lapsing = 0
    for day, figure, lapsed in days:
        target = targets.on(day)
        lapsing += lapsed if day > first else 0
        if under is None and figure.is_below(target):
            under = day
        if day in wanted:
            steps.append(Step(on=day, coverage=figure, target=target, lapsing=lapsing))
            lapsing = 0
    return Forecast(steps=steps, first_day_under=under)


def _stops(first: date, until: date, step: str) -> Iterator[date]:
    """The days of the steps; months are counted from the first day, so that its 31st stays one."""
    day, number = first, 0
    while day < until:
        yield day
        number += 1
        day = (
            add_months(first, number)
            if step == ForecastStep.MONTH
            else first + number * timedelta(days=7 if step == ForecastStep.WEEK else 1)
        )
    yield until


def _days(scope: Scope, first: date, until: date, within: dict[str, Any]) -> Iterator[tuple[date, Coverage, int]]:
    """Every day with its coverage and the number of those whose training lapsed on it."""
    tiles, heads = population(scope, **within)
    changes = _Changes(tiles, first, until)
    unknown = _Unknown(heads, changes.people_by_site, first, until)
    counts = changes.at_first
    day = first
    while day <= until:
        for status, number in changes.on(day):
            counts[status] += number
        yield day, _figure(counts, unknown.on(day, changes)), changes.lapses[day]
        day += DAY


def _figure(counts: Counter[str], unknown: int) -> Coverage:
    named: dict[str, Any] = {status.value: counts[status.value] for status in TrainingStatus}
    return Coverage(in_scope=sum(named.values()), unknown=unknown, **named)


class _Changes:
    """Statuses on the first day, and what begins and ends on each day after it. Four queries."""

    def __init__(self, tiles: TileQuerySet, first: date, until: date) -> None:
        here: Any = tiles.order_by()
        self.at_first: Counter[str] = Counter()
        self.people_by_site: Counter[Any] = Counter()
        for site, status, number in _counted(here.on(first), "site", "status"):
            self.at_first[status] += number
            self.people_by_site[site] += number
        self._of_day: dict[date, list[tuple[Any, str, int]]] = defaultdict(list)
        begun = here.filter(first_day__gt=first, first_day__lte=until)
        ended = here.filter(last_day__gte=first, last_day__lt=until)
        for day, site, status, number in _counted(begun, "first_day", "site", "status"):
            self._of_day[day].append((site, status, number))
        for day, site, status, number in _counted(ended, "last_day", "site", "status"):
            self._of_day[day + DAY].append((site, status, -number))
        before = StatusTile.objects.valid().filter(
            staff_member=OuterRef("staff_member"), last_day=DayBefore(OuterRef("first_day"))
        )
        lapsed = begun.filter(Exists(before), status=TrainingStatus.LAPSED)
        self.lapses: Counter[date] = Counter(dict(_counted(lapsed, "first_day")))

    def on(self, day: date) -> Iterator[tuple[str, int]]:
        """Status and by how much its number changes from the day before."""
        return ((status, number) for _, status, number in self._of_day.get(day, ()))

    def by_site(self, day: date) -> Counter[Any]:
        """By how much the people of a site change."""
        found: Counter[Any] = Counter()
        for site, _, number in self._of_day.get(day, ()):
            found[site] += number
        return found


def _counted(rows: QuerySet, *columns: str) -> Any:
    return rows.values(*columns).annotate(number=Count("pk")).values_list(*columns, "number")


class _Unknown:
    """People of the head counts beyond those named, day by day. One query."""

    def __init__(self, heads: Any, people: Counter[Any], first: date, until: date) -> None:
        self._people = Counter(people)
        self._head_count: Counter[Any] = Counter()
        self._changes: dict[date, list[tuple[Any, int]]] = defaultdict(list)
        self._first = first
        self._total = 0
        rows = heads.current().filter(Q(valid_until=None) | Q(valid_until__gte=first), valid_from__lte=until)
        columns = ("site", "staff_count", "valid_from", "valid_until", "site__opened_on", "site__closed_on")
        for site, number, begins, ends, opened, closed in rows.values_list(*columns):
            start = max(first, begins, opened or EARLIEST)
            end = min(ends or LATEST, closed or LATEST)
            if start <= min(end, until):
                self._changes[start].append((site, number))
                if end < until:
                    self._changes[end + DAY].append((site, -number))

    def on(self, day: date, changes: _Changes) -> int:
        """The number on `day`; asked for each day in turn."""
        moved = Counter() if day == self._first else changes.by_site(day)
        counted = self._changes.get(day, ())
        touched = {*moved, *(site for site, _ in counted)}
        before = sum(self._beyond(site) for site in touched)
        self._people.update(moved)
        for site, number in counted:
            self._head_count[site] += number
        self._total += sum(self._beyond(site) for site in touched) - before
        return self._total

    def _beyond(self, site: Any) -> int:
        return max(self._head_count[site] - self._people[site], 0)


class _Targets:
    """The target in effect on any day. One query."""

    def __init__(self) -> None:
        rows = Requirement.objects.for_everybody_on(LATEST).order_by("effective_from", "-pk")
        found = list(rows.values_list("effective_from", "target_share", "grace_flag_share"))
        self._days: Sequence[date] = [row[0] for row in found]
        self._targets = [Target(share=row[1], grace_flag_share=row[2]) for row in found]

    def on(self, day: date) -> Target | None:
        place = bisect_right(self._days, day)
        return self._targets[place - 1] if place else None


__all__ = ["Forecast", "Step", "forecast"]
