"""Figures on companies and sites that count their own rows."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import (
    Case,
    CharField,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    TextChoices,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, StrIndex, Substr, TruncDate

from codesign.companies.models import Decision, FormerOwnership, HeadCount, Site
from codesign.companies.querysets import CompanyQuerySet, SignatoryClaimQuerySet, SiteQuerySet
from members.access.models import User
from registry.kernel.sql import count_of, latest_of, points_at, sum_of


class Waiting(TextChoices):
    """For how long a membership has been in its state."""

    UNDER_30 = "under_30", "Under 30 days"
    FROM_30_TO_90 = "from_30_to_90", "30 to 90 days"
    OVER_90 = "over_90", "Over 90 days"


def with_site_count(companies: CompanyQuerySet, *, on: date) -> CompanyQuerySet:
    """Add `site_count`: sites that were open and the company's on the day. Two subqueries."""
    return companies.annotate(
        site_count=count_of(Site.objects.open_on(on).owned_on(on), by="company")
        + count_of(FormerOwnership.objects.of_open_sites(on), by="company")
    )


def with_staff(companies: CompanyQuerySet, *, on: date) -> CompanyQuerySet:
    """Add `staff_count` and `counted_site_count`: head count of the company's open sites, and how many gave one.

    Missing is unknown: None when no site gave a count, and never 0. Four subqueries.
    """
    counted = Site.objects.open_on(on).owned_on(on).counted_on(on)
    former = FormerOwnership.objects.of_open_sites(on).filter(points_at(Site.objects.counted_on(on), "site"))
    heads = HeadCount.objects.on(on).filter(site__in=former.filter(company=OuterRef(OuterRef("pk"))).values("site"))
    own, others = sum_of(counted, "head_counts__staff_count", by="company"), _total(heads)
    return companies.annotate(
        staff_count=Coalesce(own + others, own, others, output_field=IntegerField()),
        counted_site_count=count_of(counted, by="company") + count_of(former, by="company"),
    )


def _total(heads: QuerySet) -> Subquery:
    """The sum of correlated head counts; None without any."""
    summed = heads.order_by().annotate(n=Func("staff_count", function="SUM", output_field=IntegerField())).values("n")
    return Subquery(summed, output_field=IntegerField())


def with_owner(sites: SiteQuerySet, *, on: date) -> SiteQuerySet:
    """Add `owner_id` and `owner_name`: the company that owned the site on the day. Two subqueries."""
    former = FormerOwnership.objects.on(on).filter(site=OuterRef("pk")).order_by("valid_until", "pk")
    return sites.annotate(
        owner_id=Coalesce(Subquery(former.values("company")[:1]), F("company_id"), output_field=UUIDField()),
        owner_name=Coalesce(
            Subquery(former.values("company__organisation__name")[:1]), F("company__organisation__name")
        ),
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


def with_email_domain(claims: SignatoryClaimQuerySet) -> SignatoryClaimQuerySet:
    """Add `email_domain`: where the claimant's verified address is at, "" for one who is gone. One subquery."""
    address = User.objects.filter(pk=OuterRef("claimed_by_id")).values("email")[:1]
    at_sign = StrIndex(Coalesce(Subquery(address), Value("")), Value("@"))
    domain = Substr(Coalesce(Subquery(address), Value("")), at_sign + 1)
    return claims.annotate(email_domain=domain)
