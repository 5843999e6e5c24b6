"""Reports over HTTP: begin, answer by section, check, preview, and the moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from codesign.api import reporting_bodies as bodies
from codesign.api import reporting_rows as shown
from codesign.api.reporting_rights import REPORTING_RIGHTS
from codesign.api.reporting_year_views import YEAR
from codesign.reporting import actions, contents
from codesign.reporting.figures import with_due_on
from codesign.reporting.lifecycle import MOVES, ReportState
from codesign.reporting.models import Report
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.operations import Operation
from registry.kernel.api.rows import context_of
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query

SECTION = "sections/<slug:section>"


@dataclass(frozen=True)
class Tagged:
    """A part of a row that has a version, and so a tag, of its own."""

    version: int
    body: dict[str, Any]


class PartTags:
    """Parts of a row carry their own tags: If-Match on a part is compared by the action, not with the row."""

    def _require_row(self: Any, call: Call) -> None:
        super()._require_row(replace(call, version=None) if call.url else call)  # type: ignore[misc]

    def _answer(self: Any, operation: Operation, call: Call, result: Any) -> Response:
        if not isinstance(result, Tagged):
            return super()._answer(operation, call, result)  # type: ignore[misc]
        return self._tagged(call.request, result)

    def _tagged(self: Any, request: Request, data: Any, *, version: int = 0) -> Response:
        body, version = (data.body, data.version) if isinstance(data, Tagged) else (data, version)
        return super()._tagged(request, body, version=version)  # type: ignore[misc]


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


class ReportViews(PartTags, ListRows, ReadRow, ResourceViews):
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
        """For a member, once per company and year, from 1 January of the year after."""
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
        """All faults at once. If-Match takes the section's tag; 412 brings the answers that stand now."""
        actions.answer_section(
            report_id=call.uuid,
            section=call.url["section"],
            **call.data,
            expected_version=call.version,
            actor=call.scope,
            at=call.at,
        )
        return self._section(call)

    @query(detail=True, answer=shown.ReportCheckAnswer, summary="Check the whole report")
    def check(self, call: Call) -> dict[str, Any]:
        """Every error and warning at once; errors keep it from being submitted."""
        report = self._report(call)
        findings = contents.findings_of(report)
        names = ("level", "pointer", "question", "code", "message")
        return {
            "is_ready": all(finding.level != "error" for finding in findings),
            "completeness_share": report.completeness_share,
            "findings": [{name: getattr(finding, name) for name in names} for finding in findings],
        }

    @query(detail=True, answer=shown.ReportPreviewAnswer, summary="Read the whole report")
    def preview(self, call: Call) -> dict[str, Any]:
        """As it would be read, with the wording in the language of Accept-Language."""
        report = self._report(call)
        return {
            "id": report.pk,
            "company": report.company.organisation.name,
            "year": report.reporting_year.year,
            "state": report.state,
            "sections": contents.sections_of(report, language=context_of(call.scope, call.on).language),
        }

    @query(detail=True, answer=shown.ReportMovesAnswer, summary="List moves made and possible")
    def moves(self, call: Call) -> dict[str, Any]:
        """What was done, what this caller may do now, and why not the rest."""
        report = self._report(call)
        blocked = {move: self._obstacle(call, report, move.value) for move in MOVES}
        return {
            "next": [{"move": move.value, "is_allowed": code is None, "code": code} for move, code in blocked.items()],
            "taken": shown.shown_moves(report.moves.order_by("version", "pk")),
            "snapshots": list(report.snapshots.order_by("number", "pk").values("number", "taken_at", "sha256")),
        }

    @command(detail=True, if_match="required", summary="Hand in a report", errors=(409,))
    def submit(self, call: Call) -> Report:
        """Complete, else 409 with every reason. The first submission decides whether it was in time."""
        return actions.submit(report_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)

    @command(
        detail=True,
        path="return",
        body=bodies.ReturnBody,
        if_match="required",
        summary="Return a report with comments",
        errors=(403, 409),
        example={"comments": {"staff_trained": "Does this include the seasonal staff?"}},
    )
    def hand_back(self, call: Call) -> Report:
        """The company has 30 days to answer. Nobody decides on the organisation that they belong to."""
        return actions.return_(
            report_id=call.uuid, **call.data, expected_version=call.version, actor=call.scope, at=call.at
        )

    @command(detail=True, if_match="required", summary="Accept a report", errors=(403, 409))
    def accept(self, call: Call) -> Report:
        """Nobody decides on the organisation that they belong to."""
        return actions.accept(report_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)

    @command(detail=True, if_match="required", summary="Publish a report", errors=(403, 409))
    def publish(self, call: Call) -> Report:
        """An accepted report counts as publicly reported from then on."""
        return actions.publish(report_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)

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

    @staticmethod
    def _obstacle(call: Call, report: Report, move: str) -> str | None:
        """Why this caller can't make `move` now: the code that trying would answer; None when they can."""
        operation = "reports.hand_back" if move == "return" else f"reports.{move}"
        if not call.scope.roles & REPORTING_RIGHTS[operation]:
            return "right_missing"
        if move != "submit" and call.scope.belongs_to(report.company_id):
            return "own_organisation"
        return None if report.state in MOVES[move][0] else "move_not_allowed"  # type: ignore[index]
