"""Which sites a company's report speaks for."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from codesign.companies.models import CodeMembership, Site
from codesign.companies.querysets import SiteQuerySet
from members.organisations.models import Organisation


def last_day(year: int) -> date:
    """The day that decides who belongs to whom: a place or a person that moved during the year is counted there."""
    return date(year, 12, 31)


def companies_of(company_id: UUID, year: int) -> set[UUID]:
    """The company and all below it that day, without those that report for themselves. At most three queries."""
    day = last_day(year)
    tree = Organisation.objects.tree_of([company_id], day)
    if len(tree) == 1:
        return tree
    own = CodeMembership.objects.members().filter(company__in=tree - {company_id}, member_since__lte=day)
    apart = set(own.values_list("company_id", flat=True))
    return tree - Organisation.objects.tree_of(apart, day) if apart else tree


def sites_of(company_id: UUID, year: int) -> SiteQuerySet:
    """Their sites that were open that day. Not yet asked: who has taken one up in another report."""
    return Site.objects.filter(company__in=companies_of(company_id, year)).open_on(last_day(year))
