"""Coverage on a day: counts of derived statuses, exact for any day, past or to come."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Round
from django.db.models.lookups import LessThan

from codesign.companies.models import HeadCount, Site
from codesign.training import kept
from codesign.training.models import Requirement, StatusTile
from codesign.training.querysets import SMALLEST_SITE
from codesign.training.tallies import (
    COUNTS,
    Coverage,
    Target,
    beyond_roster,
    live,
)
from members.scope import Scope
from registry.kernel.sql import count_of, points_at

# What is asked for before the first rule.
DEFAULT_TARGET = Decimal("0.80")


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
    """Coverage of what the caller may count, one figure or one for each group of `by` in key order.

    People of unknown role stand in a group of their own (key None) when cut by role. One query
    from what is kept for today, two on other days, six while somebody's training has just changed.
    """
    asked = {"on": on, "by": by, "company": company, "country": country}
    if site is None and role is None and by in {None, "company", "country"} and not scope.sites:
        fresh = kept.coverage(scope, **asked)
        if fresh is not None:
            return fresh
    return live(scope, **asked, site=site, role=role)


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
    open_sites = Site.objects.open_on(on).owned_on(on)
    beyond = HeadCount.objects.on(on).filter(points_at(open_sites, "site"), site__company=OuterRef("pk"))
    # A plain SUM over the correlated rows: a GROUP BY here would repeat the inner count in its key.
    unknown = beyond.order_by().annotate(n=Func(beyond_roster(on), function="SUM")).values("n")
    share = DecimalField(max_digits=5, decimal_places=2)
    return companies.annotate(
        training_valid=count_of(tiles.valid(), by="company"),
        training_denominator=count_of(tiles.counted(), by="company")
        # PostgreSQL sums whole numbers as NUMERIC, and would round the share instead of cutting it.
        + Coalesce(Cast(Subquery(unknown, output_field=IntegerField()), IntegerField()), 0),
    ).annotate(
        training_share=Case(
            When(training_denominator=0, then=Value(None)),
            # SQLite divides whole numbers as such, even as NUMERIC: cut first, then to a fraction.
            default=Cast(Cast(F("training_valid") * 100 / F("training_denominator"), FloatField()) / 100.0, share),
            output_field=share,
        )
    )


def misses_target(valid: Any, denominator: Any, *, on: Any) -> LessThan:
    """Whether fewer are trained than the rules of `on` ask for: `Coverage.is_below` in SQL.

    The numbers are columns, and so may the day be (an OuterRef). False without anybody to count.
    """
    target = Subquery(Requirement.objects.for_everybody_on(on).values("target_share")[:1])
    # Whole numbers: a share as float would miss the target by a hair.
    percent = Cast(Round(Coalesce(target, Value(DEFAULT_TARGET)) * 100), IntegerField())
    return LessThan(valid * 100, denominator * percent)
