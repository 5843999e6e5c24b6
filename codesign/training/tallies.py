"""Coverage on a day counted person by person: who is in scope, and where each of them stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    DateField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    UUIDField,
    Value,
)
from django.db.models.functions import Coalesce, Greatest

from codesign.companies.models import HeadCount, Site
from codesign.companies.querysets import HeadCountQuerySet
from codesign.training.kinds import TrainingStatus
from codesign.training.models import StatusTile
from codesign.training.querysets import TileQuerySet, outside_rows, own_rows
from codesign.training.rules import cut_share
from members.scope import COMPANY_ROLES, Role, Scope
from registry.kernel.compiled import Compiled, Row, Slot
from registry.kernel.compiled import kept as compiled_once
from registry.kernel.sql import count_of

# What a figure can be cut by: columns of (status tiles, head counts); the last one is its name for people.
CUTS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "company": (("company", "company__organisation__name"), ("site__company", "site__company__organisation__name")),
    "site": (("site", "site__name"), ("site", "site__name")),
    "country": (("site__country", "site__country"), ("site__country", "site__country")),
    "role": (("role", "role"), ("", "")),
    "company and country": (("company", "site__country"), ("site__company", "site__country")),
}
Pair = tuple[QuerySet, QuerySet]
COUNTS = ("in_scope", "in_grace", "valid", "lapsed", "never_trained", "unknown")


@dataclass(frozen=True, kw_only=True)
class Target:
    """What share is asked for, and above which share of people in grace a figure is flagged."""

    share: Decimal
    grace_flag_share: Decimal


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Coverage of one group on one day; all counts are None where `suppressed`.

    `unknown`: people of the sites' head counts whom no roster names; None where they can't be told apart (by role).
    """

    key: Any = None
    name: str = ""
    in_scope: int | None = 0
    in_grace: int | None = 0
    valid: int | None = 0
    lapsed: int | None = 0
    never_trained: int | None = 0
    unknown: int | None = 0
    suppressed: bool = False

    @property
    def size(self) -> int:
        """People behind the figure."""
        return (self.in_scope or 0) + (self.unknown or 0)

    @property
    def denominator(self) -> int | None:
        """In scope without those in grace and untrained, and the unknown."""
        return None if self.in_scope is None else self.in_scope - (self.in_grace or 0) + (self.unknown or 0)

    @property
    def share(self) -> Decimal | None:
        """Valid ÷ denominator, cut to two places; None without anybody to count."""
        return cut_share(self.valid or 0, self.denominator or 0)

    @property
    def in_grace_share(self) -> Decimal | None:
        """In grace and untrained ÷ in scope."""
        return cut_share(self.in_grace or 0, self.in_scope or 0)

    def is_below(self, target: Target | None) -> bool | None:
        """Whether the share misses the target; None without a share or a target."""
        return None if self.share is None or target is None else self.share < target.share

    def is_flagged(self, target: Target | None) -> bool:
        """Whether so many are in grace that the share says little."""
        if target is None or not self.in_scope:
            return False
        return (self.in_grace or 0) > target.grace_flag_share * self.in_scope

    def hidden(self) -> Coverage:
        """The same group without its counts."""
        blank: dict[str, Any] = dict.fromkeys(COUNTS)
        return replace(self, suppressed=True, **blank)


def live(
    scope: Scope,
    *,
    on: date,
    by: str | None = None,
    company: Any = None,
    site: Any = None,
    country: str | None = None,
    role: str | None = None,
) -> list[Coverage]:
    """Coverage counted person by person, on any day: the definition of `figures.coverage`. Two queries."""
    if role is not None or by == "role":
        tiles, heads = population(scope, company=company, site=site, country=country)
        return _by_role(tiles, heads, on, by, role)
    people, beyond = _statements(scope, by, company, site, country)
    given = {"on": on, "company": company, "site": site}
    found = _joined(people.rows(**given), beyond.rows(**given), by)
    if by is None:
        return [figure_of((None, ""), found[()])]
    groups = sorted((key for key in found if any(found[key])), key=lambda key: (key[1], str(key[0])))
    return [figure_of(key, found[key]) for key in groups]


def _statements(
    scope: Scope, by: str | None, company: Any, site: Any, country: str | None
) -> tuple[Compiled, Compiled]:
    """Both questions of `live`, made once for each shape and reach; day, company and site are slots."""
    # Whoever asks for one of the own companies sees all of it.
    reach = None if company in scope.organisations(*COMPANY_ROLES) else scope

    def make() -> tuple[Compiled, Compiled]:
        named: dict[str, Any] = {"company": company, "site": site}
        asked = {name: Slot(name, UUIDField()) for name, value in named.items() if value is not None}
        tiles, heads = population(reach, **asked, country=country)
        people, beyond = _grouped(tiles, heads, on=Slot("on", DateField()), by=by)
        return Compiled(people), Compiled(beyond)

    hats = None if reach is None else reach.hats
    return compiled_once(("live coverage", by, company is None, site is None, country, hats), make)


def sums_of(tiles: TileQuerySet, heads: HeadCountQuerySet, *, on: date, by: str | None) -> dict[Any, tuple[int, ...]]:
    """The six COUNTS of these people on the day for each group of `by`; one group () without. Two queries."""
    people, beyond = _grouped(tiles, heads, on=on, by=by)
    return _joined(people, beyond, by)


def _grouped(tiles: TileQuerySet, heads: HeadCountQuerySet, *, on: date | Slot, by: str | None) -> Pair:
    """The people of the rosters for each group, and those beyond them."""
    columns, named = CUTS[by] if by else ((), ())
    day: Any = on
    open_heads = heads.on(day).filter(site__in=Site.objects.open_on(day))
    beyond = by_columns(open_heads.annotate(beyond=beyond_roster(day)), named, {"total": Sum("beyond")})
    return by_columns(tiles.on(day), columns, COUNTED), beyond


def _joined(people: Iterable[Row], beyond: Iterable[Row], by: str | None) -> dict[Any, tuple[int, ...]]:
    width = len(CUTS[by][0]) if by else 0
    found = {row[:width]: row[width:] for row in people}
    unknown = {row[:width]: row[width] or 0 for row in beyond}
    groups = {(): None} if by is None else {**found, **unknown}
    return {key: (*found.get(key, (0,) * 5), unknown.get(key, 0)) for key in groups}


def _by_role(tiles: Any, heads: Any, on: date, by: str | None, role: str | None) -> list[Coverage]:
    """Head counts know no role: the unknown stand in a group of their own, or are not told."""
    day = tiles.on(on)
    day = day if role is None else day.filter(role=role)
    columns = CUTS[by][0] if by else ()
    found = counted(day, columns)
    if by is None:
        return [figure_of((None, ""), (*found[()], None))]
    groups = [figure_of(key, (*found[key], None if by == "role" else 0)) for key in sorted(found, key=str)]
    if by == "role" and role is None:
        beyond = sums_of(tiles.none(), heads, on=on, by=None)[()][-1]
        groups += [Coverage(unknown=beyond)] if beyond else []
    return groups


def coverage_by_company(*, on: date) -> list[Coverage]:
    """Coverage of every company, for whoever decides on rules. Two queries."""
    found = sums_of(StatusTile.objects.all(), HeadCount.objects.all(), on=on, by="company")
    return [figure_of(key, counts) for key, counts in found.items()]


COUNTED = {
    "in_scope": Count("pk"),
    **{
        status: Count("pk", filter=Q(status=status))
        for status in (
            TrainingStatus.IN_GRACE.value,
            TrainingStatus.VALID.value,
            TrainingStatus.LAPSED.value,
            TrainingStatus.NEVER_TRAINED.value,
        )
    },
}


def by_columns(rows: QuerySet, columns: tuple[str, ...], totals: dict[str, Any]) -> QuerySet:
    """The totals for each group, after the columns that name it; one row without columns."""
    grouped = rows.order_by().values(*columns) if columns else rows.order_by().values(everybody=Value(1))
    return grouped.annotate(**totals).values_list(*columns, *totals)


def counted(tiles: QuerySet, columns: tuple[str, ...]) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """Counts of the tiles for each group; one group () without columns."""
    found = {row[: len(columns)]: row[len(columns) :] for row in by_columns(tiles, columns, COUNTED)}
    return found if columns else {(): found.get((), (0,) * len(COUNTED))}


def figure_of(key: Sequence[Any], counts: Sequence[int | None]) -> Coverage:
    """The figure of a group from its six COUNTS."""
    named: dict[str, Any] = dict(zip(COUNTS, counts, strict=True))
    return Coverage(key=key[0], name=key[1], **named)


def population(
    scope: Scope | None, *, company: Any = None, site: Any = None, country: str | None = None
) -> tuple[TileQuerySet, HeadCountQuerySet]:
    """Statuses and head counts, of any day, of the people whom the caller may count in one company, site or country.

    All people without a caller.
    """
    tiles: Any = StatusTile.objects.all() if scope is None else StatusTile.objects.visible_to(scope)
    heads: Any = HeadCount.objects.all()
    if scope is not None and not scope.wears(Role.EVALUATOR):
        own = own_rows(scope, company="site__company", site="site")
        heads = heads.filter(own | outside_rows(scope, country="site__country"))
    for name, value in (("company", company), ("site", site), ("country", country)):
        if value is not None:
            tile_column, head_column = CUTS[name][0][0], CUTS[name][1][0]
            tiles, heads = tiles.filter(**{tile_column: value}), heads.filter(**{head_column: value})
    return tiles, heads


def beyond_roster(on: date) -> Greatest:
    """Of a head count: the people beyond those whom the site's roster names; never below 0."""
    return _beyond(F("staff_count"), count_of(StatusTile.objects.on(on), by="site", of="site"))


def _beyond(staff_count: Any, named: Any) -> Greatest:
    return Greatest(staff_count - named, 0, output_field=IntegerField())


def at_site(on: Any) -> tuple[Any, Any]:
    """Valid and denominator of the outer row's `site`, on a day or on what a column of that row says (an OuterRef).

    As `Coverage` counts them, in SQL: one subquery for each number and one for the head count.
    """
    there = StatusTile.objects.on(on)
    heads = HeadCount.objects.of_open_sites(on).order_by().filter(site=OuterRef("site")).values("staff_count")[:1]
    beyond = _beyond(Coalesce(Subquery(heads), 0), count_of(there, by="site", of="site"))
    return count_of(there.valid(), by="site", of="site"), count_of(there.counted(), by="site", of="site") + beyond
