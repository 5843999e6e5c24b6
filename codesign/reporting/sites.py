"""Which sites a company's report speaks for."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q

from codesign.companies.figures import with_owner
from codesign.companies.models import CodeMembership, ReportsThrough, Site
from codesign.companies.querysets import SiteQuerySet
from members.organisations.models import Organisation


def last_day(year: int) -> date:
    """The day that decides who belongs to whom: a place or a person that moved during the year is counted there."""
    return date(year, 12, 31)


def companies_of(company_id: UUID, year: int) -> set[UUID]:
    """The company, all below it that day, and those that report through it; without those that report for themselves.

    A member below reports for itself unless it reports through this company. At most four queries.
    """
    day = last_day(year)
    tree = Organisation.objects.tree_of([company_id], day)
    links = ReportsThrough.objects.on(day).filter(Q(company__in=tree) | Q(through=company_id))
    through = dict(links.order_by("pk").values_list("company_id", "through_id"))
    joined = {company for company, node in through.items() if node == company_id}
    found = Organisation.objects.tree_of([company_id, *joined], day) if joined - tree else tree
    if len(found) == 1:
        return found
    own = CodeMembership.objects.members().filter(company__in=found - {company_id}, member_since__lte=day)
    apart = set(own.values_list("company_id", flat=True)) - joined
    apart |= {company for company, node in through.items() if node != company_id and node not in found}
    return found - Organisation.objects.tree_of(apart, day) if apart else found


def sites_of(company_id: UUID, year: int) -> SiteQuerySet:
    """The sites that they owned and that were open that day. Not yet asked: who has taken one up elsewhere."""
    day = last_day(year)
    return with_owner(Site.objects.open_on(day), on=day).filter(owner_id__in=companies_of(company_id, year))
