"""Figures on companies and sites that count their own rows."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Case, CharField, OuterRef, QuerySet, Subquery, TextChoices, Value, When
from django.db.models.functions import Coalesce, TruncDate

from codesign.companies.models import Decision, HeadCount, Site
from codesign.companies.querysets import CompanyQuerySet, SiteQuerySet
from registry.kernel.sql import count_of, latest_of, sum_of


class Waiting(TextChoices):
    """For how long a membership has been in its state."""

    UNDER_30 = "under_30", "Under 30 days"
    FROM_30_TO_90 = "from_30_to_90", "30 to 90 days"
    OVER_90 = "over_90", "Over 90 days"


def with_site_count(companies: CompanyQuerySet, *, on: date) -> CompanyQuerySet:
    """Add `site_count`: sites open on the day. One subquery."""
    return companies.annotate(site_count=count_of(Site.objects.open_on(on), by="company"))


def with_staff(companies: CompanyQuerySet, *, on: date) -> CompanyQuerySet:
    """Add `staff_count` and `counted_site_count`: head count of the sites open on the day, and how many gave one.

    Missing is unknown: None when no site gave a count, and never 0. Two subqueries.
    """
    counted = Site.objects.open_on(on).counted_on(on)
    return companies.annotate(
        staff_count=sum_of(counted, "head_counts__staff_count", by="company"),
        counted_site_count=count_of(counted, by="company"),
    )


def with_head_count(sites: SiteQuerySet, *, on: date) -> SiteQuerySet:
    """Add `staff_count`: the site's head count that was true on the day; None when unknown. One subquery."""
    return sites.annotate(
        staff_count=latest_of(HeadCount.objects.on(on), "staff_count", by="site", order=("-valid_from", "pk"))
    )


def with_waiting(memberships: QuerySet, *, on: date) -> QuerySet:
    """Add `waiting`: how long, on the day, the state has been what it is. One subquery."""
    moved = Decision.objects.filter(membership=OuterRef("pk"), effective_on__lte=on).order_by("-version")
    entered = Coalesce(Subquery(moved.values("effective_on")[:1]), TruncDate("created_at"))
    return memberships.alias(entered_on=entered).annotate(
        waiting=Case(
            When(entered_on__gt=on - timedelta(days=30), then=Value(Waiting.UNDER_30)),
            When(entered_on__gte=on - timedelta(days=90), then=Value(Waiting.FROM_30_TO_90)),
            default=Value(Waiting.OVER_90),
            output_field=CharField(),
        )
    )
