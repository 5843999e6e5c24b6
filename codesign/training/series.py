"""Coverage on many days at once, site by site: what `tallies.live` says of each of them, in two statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, Value, When

from codesign.training.kinds import TrainingStatus
from codesign.training.querysets import SMALLEST_SITE
from codesign.training.tallies import population
from members.scope import COMPANY_ROLES, Role, Scope
from registry.kernel.calendar import EARLIEST, LATEST


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day by country: (valid, denominator), of everybody and of those whom the caller may list."""

    counted: dict[Any, tuple[int, int]]
    listed: dict[Any, tuple[int, int]]


@dataclass
class _Site:
    """People of a site by the place of a day among the days."""

    country: Any
    people: list[int]
    valid: list[int]
    in_grace: list[int]
    heads: list[int] = field(default_factory=list)


def may_be_asked_by(scope: Scope) -> bool:
    """Whether the caller sees all people from outside; their own, they see by other rules."""
    return not (scope.organisations(*COMPANY_ROLES) or scope.sites or scope.wears(Role.SITE_EDITOR))


def by_country(scope: Scope, days: Sequence[date]) -> list[Day]:
    """Coverage by country of the site on each of `days`, which are in order. Two queries, however many days.

    For callers who see people from outside: `may_be_asked_by`.
    """
    sites = _sites(scope, days)
    return [_day(sites, place) for place in range(len(days))]


def _day(sites: Sequence[_Site], place: int) -> Day:
    counted: dict[Any, tuple[int, int]] = defaultdict(lambda: (0, 0))
    listed: dict[Any, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for site in sites:
        people, valid, heads = site.people[place], site.valid[place], site.heads[place]
        named = people - site.in_grace[place]
        if people or heads > people:
            before = counted[site.country]
            counted[site.country] = before[0] + valid, before[1] + named + max(heads - people, 0)
        if named and people >= SMALLEST_SITE:
            before = listed[site.country]
            listed[site.country] = before[0] + valid, before[1] + named
    return Day(counted=dict(counted), listed=dict(listed))


def _sites(scope: Scope, days: Sequence[date]) -> list[_Site]:
    tiles, heads = population(scope)
    changes: dict[Any, list[list[int]]] = {}
    countries: dict[Any, Any] = {}
    for site, country, status, first, last, number in _tiles(tiles, days):
        if first > last:
            continue  # it began and ended between two of the days
        countries[site] = country
        rows = changes.setdefault(site, [[0] * (len(days) + 1) for _ in range(4)])
        for row in (0, *([1] if status == TrainingStatus.VALID else [2] if status == TrainingStatus.IN_GRACE else [])):
            rows[row][first] += number
            rows[row][last + 1] -= number
    for site, country, number, begins, ends in _heads(heads, days):
        countries[site] = country
        rows = changes.setdefault(site, [[0] * (len(days) + 1) for _ in range(4)])
        rows[3][begins] += number
        rows[3][ends] -= number
    return [_Site(countries[site], *(list(accumulate(row[:-1])) for row in rows)) for site, rows in changes.items()]


def _tiles(tiles: Any, days: Sequence[date]) -> Any:
    """People by site, status, and the places of the first and the last of the days on which they had it."""
    begun = [When(first_day__lte=day, then=Value(place)) for place, day in enumerate(days)]
    ended = [When(last_day__gte=day, then=Value(place)) for place, day in reversed(list(enumerate(days)))]
    rows = tiles.filter(first_day__lte=days[-1], last_day__gte=days[0]).order_by()
    rows = rows.annotate(
        begins=Case(*begun, output_field=IntegerField()), ends=Case(*ended, output_field=IntegerField())
    )
    columns = ("site", "site__country", "status", "begins", "ends")
    return rows.values(*columns).annotate(number=Count("pk")).values_list(*columns, "number")


def _heads(heads: Any, days: Sequence[date]) -> Iterator[tuple[Any, Any, int, int, int]]:
    """Head counts with the place of their first day among the days, and that after their last; those of open sites."""
    current = heads.current().filter(
        Q(valid_from=None) | Q(valid_from__lte=days[-1]), Q(valid_until=None) | Q(valid_until__gte=days[0])
    )
    columns = ("site", "site__country", "staff_count", "valid_from", "valid_until", "site__opened_on")
    for site, country, number, since, until, opened, closed in current.values_list(*columns, "site__closed_on"):
        start = max(since or EARLIEST, opened or EARLIEST)
        end = min(until or LATEST, closed or LATEST)
        inside = [place for place, day in enumerate(days) if start <= day <= end]
        if inside:
            yield site, country, number, inside[0], inside[-1] + 1
