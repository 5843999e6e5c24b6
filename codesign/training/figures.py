"""Coverage on a day: counts of derived statuses, exact for any day, past or to come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest

from codesign.companies.models import HeadCount, Site
from codesign.companies.querysets import HeadCountQuerySet
from codesign.training.kinds import TrainingStatus
from codesign.training.models import Requirement, StatusTile
from codesign.training.querysets import SMALLEST_SITE, TileQuerySet, outside_rows, own_rows
from codesign.training.rules import cut_share
from members.scope import Role, Scope
from registry.kernel.sql import count_of

# What a figure can be cut by: columns of (status tiles, head counts); the last one is its name for people.
CUTS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "company": (("company", "company__organisation__name"), ("site__company", "site__company__organisation__name")),
    "site": (("site", "site__name"), ("site", "site__name")),
    "country": (("site__country", "site__country"), ("site__country", "site__country")),
    "role": (("role", "role"), ("", "")),
}
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


def target_on(day: date) -> Target | None:
    """The target for everybody in effect on `day`; None before the first rule. One query."""
    row = Requirement.objects.for_everybody_on(day).values_list("target_share", "grace_flag_share").first()
    return Target(share=row[0], grace_flag_share=row[1]) if row else None


def coverage(
    scope: Scope,
    *,
    on: date,
    by: str | None = None,
    company: Any = None,
    site: Any = None,
    country: str | None = None,
    role: str | None = None,
) -> list[Coverage]:
    """Coverage of what the caller may count, one figure or one for each group of `by` in key order. Two queries.

    People of unknown role stand in a group of their own (key None) when cut by role.
    """
    tiles, heads = population(scope, company=company, site=site, country=country)
    tiles = tiles.on(on)
    heads = heads.on(on).filter(site__in=Site.objects.open_on(on))
    if role is not None:
        tiles, heads = tiles.filter(role=role), heads.none()
    counted, named = CUTS[by] if by else ((), ())
    found = _counted(tiles, counted)
    unknown = _unknown(heads, named, on) if role is None else {}
    if by is None:
        return [_figure((None, ""), found.get((), (0,) * 5), unknown.get((), None if role else 0))]
    figures = [
        _figure(key, found.get(key, (0,) * 5), None if by == "role" else unknown.get(key, 0))
        for key in sorted({*found, *(unknown if by != "role" else ())}, key=lambda key: (key[1], str(key[0])))
    ]
    if by == "role" and unknown.get(("", "")):
        figures.append(Coverage(unknown=unknown["", ""]))
    return figures


def coverage_by_company(*, on: date) -> list[Coverage]:
    """Coverage of every company, for whoever decides on rules. Two queries."""
    heads = HeadCount.objects.on(on).filter(site__in=Site.objects.open_on(on))
    counted, named = CUTS["company"]
    found, unknown = _counted(StatusTile.objects.on(on), counted), _unknown(heads, named, on)
    return [_figure(key, found.get(key, (0,) * 5), unknown.get(key, 0)) for key in {**found, **unknown}]


_COUNTED = {
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


def _counted(tiles: QuerySet, columns: tuple[str, ...]) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """Counts of the tiles for each group; one group () without columns."""
    if not columns:
        return {(): tuple(tiles.aggregate(**_COUNTED).values())}
    rows = tiles.order_by().values(*columns).annotate(**_COUNTED).values_list(*columns, *_COUNTED)
    return {row[: len(columns)]: row[len(columns) :] for row in rows}


def _figure(key: tuple[Any, str], counts: Iterable[int], unknown: int | None) -> Coverage:
    named: dict[str, Any] = dict(zip(_COUNTED, counts, strict=True))
    return Coverage(key=key[0], name=key[1], unknown=unknown, **named)


def population(
    scope: Scope, *, company: Any = None, site: Any = None, country: str | None = None
) -> tuple[TileQuerySet, HeadCountQuerySet]:
    """Statuses and head counts, of any day, of the people whom the caller may count in one company, site or country."""
    tiles: Any = StatusTile.objects.visible_to(scope)
    heads: Any = HeadCount.objects.all()
    if not scope.wears(Role.EVALUATOR):
        own = own_rows(scope, company="site__company", site="site")
        heads = heads.filter(own | outside_rows(scope, country="site__country"))
    for name, value in (("company", company), ("site", site), ("country", country)):
        if value is not None:
            tile_column, head_column = CUTS[name][0][0], CUTS[name][1][0]
            tiles, heads = tiles.filter(**{tile_column: value}), heads.filter(**{head_column: value})
    return tiles, heads


def _beyond_roster(on: date) -> Greatest:
    """Of a head count: the people beyond those whom the site's roster names; never below 0."""
    named = count_of(StatusTile.objects.on(on), by="site", of="site")
    return Greatest(F("staff_count") - named, 0, output_field=IntegerField())


def _unknown(heads: QuerySet, columns: tuple[str, ...], on: date) -> dict[tuple[Any, ...], int]:
    """People beyond the rosters for each group; one group ("", "") where the columns say nothing."""
    named = tuple(column for column in columns if column)
    rows = heads.annotate(beyond=_beyond_roster(on))
    if not named:
        total = rows.aggregate(total=Sum("beyond"))["total"] or 0
        return {("", "") if columns else (): total}
    grouped = rows.order_by().values(*named).annotate(total=Sum("beyond")).values_list(*named, "total")
    return {tuple(key): total for *key, total in grouped}


def protected(groups: list[Coverage], *, totals_only: bool) -> list[Coverage]:
    """The figures as somebody outside the company may see them: no group under five people.

    For readers of totals no count under five either. When one group alone would be hidden, the smallest
    other one goes with it, or the total would give it away.
    """
    hidden = [_points_at_people(group, totals_only) for group in groups]
    if sum(hidden) == 1 and len(groups) > 1:
        others = [place for place, is_hidden in enumerate(hidden) if not is_hidden]
        hidden[min(others, key=lambda place: groups[place].size)] = True
    return [group.hidden() if is_hidden else group for group, is_hidden in zip(groups, hidden, strict=True)]


def _points_at_people(group: Coverage, totals_only: bool) -> bool:
    if group.size < SMALLEST_SITE:
        return True
    return totals_only and any(0 < (getattr(group, name) or 0) < SMALLEST_SITE for name in COUNTS)


def with_training_share(companies: QuerySet, *, on: date) -> QuerySet:
    """Add `training_valid`, `training_denominator` and `training_share` (0–1, cut; null without staff to count).

    Each its own subquery. The share is for filters and orders; show `rules.cut_share` of the other two.
    """
    tiles = StatusTile.objects.on(on)
    beyond = HeadCount.objects.on(on).filter(site__in=Site.objects.open_on(on), site__company=OuterRef("pk"))
    # A plain SUM over the correlated rows: a GROUP BY here would repeat the inner count in its key.
    unknown = beyond.order_by().annotate(n=Func(_beyond_roster(on), function="SUM")).values("n")
    share = DecimalField(max_digits=5, decimal_places=2)
    return companies.annotate(
        training_valid=count_of(tiles.valid(), by="company"),
        training_denominator=count_of(tiles.counted(), by="company")
        + Coalesce(Subquery(unknown, output_field=IntegerField()), 0),
    ).annotate(
        training_share=Case(
            When(training_denominator=0, then=Value(None)),
            # SQLite divides whole numbers as such, even as NUMERIC: cut first, then to a fraction.
            default=Cast(Cast(F("training_valid") * 100 / F("training_denominator"), FloatField()) / 100.0, share),
            output_field=share,
        )
    )


def training_facts(companies: QuerySet, *, on: date) -> QuerySet:
    """Add `training_unproven` (no roster on the day) and `training_below_target` (false without anybody to count)."""
    target = Requirement.objects.for_everybody_on(on).values("target_share")[:1]
    asked = F("training_denominator") * Subquery(target, output_field=DecimalField(max_digits=3, decimal_places=2))
    below = Q(training_valid__lt=Cast(asked, DecimalField(max_digits=12, decimal_places=2)))
    return with_training_share(companies, on=on).annotate(
        training_unproven=~Exists(StatusTile.objects.on(on).filter(company=OuterRef("pk"))),
        training_below_target=Case(When(below, then=Value(True)), default=Value(False)),
    )
