"""Figures on companies and sites that count their own rows."""

from __future__ import annotations

from datetime import date

from codesign.companies.models import HeadCount, Site
from codesign.companies.querysets import CompanyQuerySet, SiteQuerySet
from registry.kernel.sql import count_of, latest_of, sum_of


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
