"""Figures of reporting for companies, reports and whoever watches deadlines."""

from __future__ import annotations

from datetime import date

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from codesign.companies.lifecycle import MEMBER
from codesign.companies.models import CodeMembership, ReportsThrough
from codesign.reporting.lifecycle import ReturnState
from codesign.reporting.models import Report, ReportObligation, ReportSlice, SiteReturn
from codesign.reporting.rules import first_day_counted
from registry.kernel.sql import exists_of, latest_of


def owing(*, year: int, on: date) -> QuerySet[CodeMembership]:
    """Memberships that owe the report of `year`, asked on `on`.

    Active or suspended now, members from 1 January of `year` at the latest, not ended by its last day nor
    by `on`. Associations and supporters owe none, nor does a company for which another node reported on the
    last day of `year`. No query until read.
    """
    last_day = max(date(year, 12, 31), on)
    return (
        CodeMembership.objects.of_companies()
        .filter(state__in=MEMBER, member_since__lte=first_day_counted(year))
        .filter(Q(ended_on=None) | Q(ended_on__gt=last_day))
        .filter(~exists_of(ReportsThrough.objects.on(date(year, 12, 31)), by="company", of="company"))
    )


def owed_reports(on: date) -> QuerySet[ReportObligation]:
    """Reports owed on `on` by today's members: one row per membership and year, submitted or not.

    Adds `year`, `zone` and `country` (of the company) and `report_state` (None: not begun). `due_on` holds
    the extensions. Plain SQL without Python values, so that it may stand inside INSERT … SELECT. Filter by
    `fulfilled_on=None` for those still awaited.
    """
    state = Report.objects.filter(company=OuterRef("company"), reporting_year=OuterRef("reporting_year"))
    return (
        ReportObligation.objects.owed(on)
        .filter(membership__state__in=MEMBER)
        .annotate(
            year=F("reporting_year__year"),
            zone=F("company__organisation__zone"),
            country=F("company__organisation__country_id"),
            report_state=Subquery(state.values("state")[:1]),
        )
    )


def with_due_on(reports: QuerySet[Report], *, on: date) -> QuerySet[Report]:
    """Add `due_on` and `lapses_on` (with extensions; None: sent in without being owed), `counted_on`, `is_late`.

    `counted_on` is the day that lateness counts to: the first submission, or `on` while there is none.
    One subquery each.
    """
    owed = ReportObligation.objects.filter(company=OuterRef("company"), reporting_year=OuterRef("reporting_year"))
    counted_on = Case(
        When(first_submitted_on__lte=on, then=F("first_submitted_on")),
        default=Value(on, DateField()),
        output_field=DateField(),
    )
    return reports.annotate(
        due_on=Subquery(owed.order_by("due_on", "pk").values("due_on")[:1]),
        lapses_on=Subquery(owed.order_by("due_on", "pk").values("lapses_on")[:1]),
        counted_on=counted_on,
    ).annotate(
        is_late=Case(When(due_on__lt=F("counted_on"), then=True), default=False, output_field=BooleanField()),
    )


def with_progress(obligations: QuerySet[ReportObligation], *, on: date) -> QuerySet[ReportObligation]:
    """Add what is known of each owed report on `on`: `report_id`, `report_state`, `completeness_share` (None: not
    begun), `sites_in_scope`, `sites_submitted`, `counted_on`, `is_late`. Five subqueries.
    """
    reports = Report.objects.filter(company=OuterRef("company"), reporting_year=OuterRef("reporting_year"))
    returns = SiteReturn.objects.filter(
        report__company=OuterRef("company"), report__reporting_year=OuterRef("reporting_year")
    ).order_by()

    def counted(rows: QuerySet) -> Coalesce:
        return Coalesce(Subquery(rows.values("report").annotate(n=Count("pk")).values("n")), 0)

    counted_on = Case(
        When(fulfilled_on__lte=on, then=F("fulfilled_on")),
        default=Value(on, DateField()),
        output_field=DateField(),
    )
    return obligations.annotate(
        report_id=Subquery(reports.values("pk")[:1]),
        report_state=Subquery(reports.values("state")[:1]),
        completeness_share=Subquery(reports.values("completeness_share")[:1]),
        sites_in_scope=counted(returns),
        sites_submitted=counted(returns.filter(state=ReturnState.SUBMITTED)),
        counted_on=counted_on,
    ).annotate(is_late=Case(When(due_on__lt=F("counted_on"), then=True), default=False, output_field=BooleanField()))


def with_sites(slices: QuerySet[ReportSlice]) -> QuerySet[ReportSlice]:
    """Add `sites_in_scope` and `sites_submitted` of each slice's country; 0 without any. Two subqueries."""
    here = SiteReturn.objects.filter(report=OuterRef("report"), country=OuterRef("country")).order_by()
    submitted = here.filter(state=ReturnState.SUBMITTED)

    def counted(rows: QuerySet) -> Coalesce:
        return Coalesce(Subquery(rows.values("report").annotate(n=Count("pk")).values("n")), 0)

    return slices.annotate(sites_in_scope=counted(here), sites_submitted=counted(submitted))


def with_latest_report(companies: QuerySet, *, on: date) -> QuerySet:
    """Add `latest_report_year`, `_state`, `_id` and `_due_on` of the newest year that a company has begun.

    Only years opened by `on`; None without a report. `latest_report_due_on` is None where that year was not
    owed. The state is the present one. Four subqueries.
    """
    reports = Report.objects.filter(reporting_year__opens_on__lte=on)
    newest = ("-reporting_year__year", "pk")
    return companies.annotate(
        latest_report_year=latest_of(reports, "reporting_year__year", by="company", order=newest),
        latest_report_state=latest_of(reports, "state", by="company", order=newest),
        latest_report_id=latest_of(reports, "pk", by="company", order=newest),
        latest_report_due_on=Subquery(
            ReportObligation.objects.filter(
                company=OuterRef("pk"),
                reporting_year__reports__company=OuterRef("pk"),
                reporting_year__opens_on__lte=on,
            )
            .order_by("-reporting_year__year", "pk")
            .values("due_on")[:1]
        ),
    )


def with_report_standing(companies: QuerySet, *, on: date) -> QuerySet:
    """Add what standing needs to know about reports, as it was on `on`. Three subqueries.

    `oldest_missing_due_on`: earliest due day (with extensions) among reports owed on `on` and not submitted
    by then, whether that day lies before or after `on`; None when nothing is awaited. Overdue: it is before
    `on`.
    `oldest_missing_lapses_on`: first day on which the oldest of those counts as lapsed. Lapsed: it is not
    after `on`.
    `lapsed_reports`: how many years lapsed by `on`, those submitted afterwards included; 0 without any.
    `on` is the day in the company's zone; a report is overdue from the day after its due day.
    """
    owed = ReportObligation.objects.owed(on).filter(company=OuterRef("pk"))
    missing = owed.unsubmitted(on).order_by().values("company")
    lapsed = owed.lapsed(on).order_by().values("company").annotate(n=Count("pk")).values("n")
    return companies.annotate(
        oldest_missing_due_on=Subquery(missing.annotate(first=Min("due_on")).values("first")),
        oldest_missing_lapses_on=Subquery(missing.annotate(first=Min("lapses_on")).values("first")),
        lapsed_reports=Coalesce(Subquery(lapsed, output_field=IntegerField()), 0),
    )
