"""Reports over HTTP: begin, answer by section, check, preview, and the moves."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import Http404

from codesign.api import reporting_bodies as bodies
from codesign.api import reporting_return_rows as at_sites
from codesign.api import reporting_rows as shown
from codesign.api.reporting_document_views import ReportDocumentViews
from codesign.api.reporting_move_views import ReportMoveViews
from codesign.api.reporting_parts import PartTags, Tagged
from codesign.api.reporting_year_views import YEAR
from codesign.reporting import actions, contents
from codesign.reporting.at_sites import SiteRead, errors_at_sites, sites_read
from codesign.reporting.figures import with_due_on
from codesign.reporting.lifecycle import ReportState
from codesign.reporting.models import Report
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import context_of
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query

SECTION = "sections/<slug:section>"


class ReportFilters(RowFilters):
    """Filters of reports."""

    year = AnyOf("reporting_year__year", kind=YEAR, help_text="The year that is reported on.")
    state = AnyOf("state", choices=ReportState, help_text="Where the report stands.")
    company = AnyOf("company_id", kind=forms.UUIDField(), help_text="Id of a company.")
    country = AnyOf("company__organisation__country_id", help_text="ISO code of the company's country.")
    late = django_filters.TypedChoiceFilter(
        "is_late",
        choices=[("true", "true"), ("false", "false")],
        coerce=lambda text: text == "true",
        help_text="Whether the due day had passed at the first submission, or has passed without one.",
    )

    class Meta:
        model = Report
        fields: list[str] = []


class ReportViews(ReportDocumentViews, ReportMoveViews, PartTags, ListRows, ReadRow, ResourceViews):
    """Annual reports. `due_on` holds the extensions; lateness counts to the first submission."""

    resource = "reports"
    tag = "Reporting"
    row = shown.ReportRow
    filters = ReportFilters
    orderings = {
        "year": "reporting_year__year",
        "company": "company__organisation__name",
        "completeness_share": "completeness_share",
        "created_at": "created_at",
    }

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return with_due_on(Report.objects.visible_to(scope), on=on)

    def visible(self, scope: Any, *, on: date) -> QuerySet:
        return Report.objects.visible_to(scope)

    @command(
        body=bodies.ReportBody,
        status=201,
        summary="Begin a report",
        errors=(409,),
        example={"company": "01890a5d-ac96-774b-bcce-b302099a8057", "year": 2026},
    )
    def create(self, call: Call) -> Report:
        """For a member, once per company and year, from 1 January of the year after.

        What the register knows of the year is filled in, each value with its origin.
        """
        return actions.create(**call.data, actor=call.scope, at=call.at)

    @query(detail=True, path=SECTION, answer=shown.ReportSectionAnswer, summary="Read a section")
    def section(self, call: Call) -> Tagged:
        """Its tag is its own: a change in another section leaves it as it is."""
        return self._section(call)

    @command(
        detail=True,
        method="patch",
        path=SECTION,
        body=bodies.SectionBody,
        answer=shown.ReportSectionAnswer,
        if_match="required",
        summary="Answer questions of a section",
        errors=(409,),
        example={"answers": {"staff_total": 120, "staff_trained": 96}},
    )
    def answer(self, call: Call) -> Tagged:
        """All faults at once. If-Match takes the section's tag; 412 brings the answers that stand now, and yours.

        What is sent again as it stands changes nothing. In a report by site, questions of level `site` take a
        table, site id → value.
        """
        actions.answer_section(
            report_id=call.uuid,
            section=call.url["section"],
            **call.data,
            expected_version=call.version,
            actor=call.scope,
            at=call.at,
        )
        return self._section(call)

    @command(detail=True, answer=None, summary="Fill in what the register knows", errors=(409,))
    def prefill(self, call: Call) -> Report:
        """From sites, rosters, the plan and last year's report, where nobody has answered yet."""
        return actions.prefill(report_id=call.uuid, actor=call.scope, at=call.at)

    @command(detail=True, path="site-returns", if_match="required", summary="Answer by site from now on", errors=(409,))
    def open_returns(self, call: Call) -> Report:
        """Opens a return for each site that has none; a site stands in one report a year."""
        return actions.open_returns(report_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)

    @query(detail=True, answer=shown.ReportCheckAnswer, summary="Check the whole report")
    def check(self, call: Call) -> dict[str, Any]:
        """Every error and warning at once, of the company and of each site, who holds it, and what the totals would be.

        Errors keep the report from being submitted; what a site leaves out is unknown and does not.
        """
        report = self._report(call)
        findings = contents.findings_of(report)
        sites = self._sites(report)
        wrong = [finding for finding in [*findings, *errors_at_sites(sites)] if finding.level == "error"]
        return {
            "is_ready": not wrong,
            "completeness_share": report.completeness_share,
            "findings": [at_sites.shown_finding(finding) for finding in findings],
            "silent_sites": at_sites.silent_sites(sites),
            "sites": [at_sites.shown_site(site) for site in sites if site.needs_somebody],
            "totals": at_sites.shown_totals(report),
        }

    @query(detail=True, answer=at_sites.TotalAnswer, answer_many=True, summary="Add up the sites")
    def totals(self, call: Call) -> list[dict[str, Any]]:
        """One total for each question that sites answer, with how many stand behind it, and the same by country."""
        return at_sites.shown_totals(self._report(call))

    @query(detail=True, answer=shown.ReportPreviewAnswer, summary="Read the whole report")
    def preview(self, call: Call) -> dict[str, Any]:
        """As it would be read, with the wording in the language of Accept-Language, each site's answers and totals."""
        report = self._report(call)
        return {
            "id": report.pk,
            "company": report.company.organisation.name,
            "year": report.reporting_year.year,
            "state": report.state,
            "sections": contents.sections_of(report, language=context_of(call.scope, call.on).language),
            "sites": [at_sites.shown_answers(site) for site in self._sites(report)],
            "totals": at_sites.shown_totals(report),
        }

    @staticmethod
    def _sites(report: Report) -> list[SiteRead]:
        return sites_read(report, contents.questions_of(report), contents.cascading_values(report.pk))

    def _current_tag(self, call: Call) -> str:
        return self._tagged(call.request, self._section(call))["ETag"] if call.url else super()._current_tag(call)

    def _report(self, call: Call) -> Report:
        related = ("company__organisation", "reporting_year__questionnaire")
        return Report.objects.visible_to(call.scope).select_related(*related).get(pk=call.id)

    def _section(self, call: Call) -> Tagged:
        language = context_of(call.scope, call.on).language
        found = contents.sections_of(self._report(call), language=language, only=call.url["section"])
        if not found:
            raise Http404
        return Tagged(found[0]["version"], found[0])
