"""The queryset that both Django peers page through, as their manuals advise: joins and prefetches."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.db.models import Prefetch, Q, QuerySet

from codesign.companies.models import CodeMembership, Company
from codesign.reporting.models import Report, ReportObligation
from tests.bench.peers.pure import criteria, share

__all__ = ["companies", "criteria", "latest", "page", "reference", "share"]


def companies(country: str, after: str | None) -> QuerySet:
    """The companies of a page with all that it shows; one more row tells whether another page follows."""
    memberships = CodeMembership.objects.filter(is_current=True).select_related("representative")
    reports = Report.objects.select_related("reporting_year")
    found = (
        Company.objects.filter(organisation__country=country, memberships__state="active", memberships__is_current=True)
        .select_related("organisation", "figures")
        .prefetch_related(
            Prefetch("memberships", memberships.prefetch_related("plan_actions"), to_attr="current"),
            Prefetch("reports", reports, to_attr="all_reports"),
            Prefetch("report_obligations", ReportObligation.objects.all(), to_attr="all_obligations"),
        )
        .order_by("organisation__name", "pk")
    )
    if after:
        name, key = after.split("|")
        found = found.filter(Q(organisation__name__gt=name) | Q(organisation__name=name, pk__gt=key))
    return found[:101]


def page(rows: list[Any], country: str, prefix: str) -> tuple[list[Any], str | None]:
    """The rows of the page, each with its `member`ship, and the address of the next."""
    for row in rows:
        (row.member,) = row.current
    if len(rows) <= 100:
        return rows, None
    last = rows[99]
    return rows[:100], f"{prefix}?country={country}&after={quote(last.organisation.name)}%7C{last.pk}"


def latest(company: Any) -> tuple[Any, Any] | None:
    """The newest report and its due day."""
    if not company.all_reports:
        return None
    report = max(company.all_reports, key=lambda one: one.reporting_year.year)
    due = [one.due_on for one in company.all_obligations if one.reporting_year_id == report.reporting_year_id]
    return report, due[0] if due else None


def reference(row: Any) -> dict[str, Any] | None:
    """A small reference to an organisation."""
    return row and {"id": str(row.pk), "url": f"/api/v1/organisations/{row.pk}/", "display": row.name}
