"""The representative's year at a glance: who owes a report, how far it is, how late."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from codesign.api.reporting_rows import days_late_of, lateness_of
from codesign.api.reporting_year_views import TAG, YEAR
from codesign.api.worklist_calls import NUDGE_CODES
from codesign.companies.models import CompanyCategory
from codesign.reminders import actions as reminders
from codesign.reminders.models import ReminderKind
from codesign.reporting.figures import with_progress
from codesign.reporting.lifecycle import ReportState
from codesign.reporting.models import ReportObligation
from codesign.reporting.rules import Lateness, cut_share
from registry.kernel.api.bodies import Body
from registry.kernel.api.calls import Call
from registry.kernel.api.exports import ExportRows
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import Computed, Ref, RowSerializer
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command


class ReportObligationRow(RowSerializer):
    """One company's report of one year, begun or not."""

    id = serializers.UUIDField()
    company = Ref("companies", "company_id", "company__organisation__name")
    country = serializers.CharField(source="company.organisation.country_id", allow_null=True)
    category = serializers.ChoiceField(CompanyCategory.choices, source="company.category")
    year = serializers.IntegerField(source="reporting_year.year")
    due_on = serializers.DateField(help_text="With extensions.")
    lapses_on = serializers.DateField()
    report = Ref("reports", "report_id", "company__organisation__name", allow_null=True)
    state = serializers.ChoiceField(
        ReportState.choices, source="report_state", allow_null=True, help_text="Null: not begun."
    )
    completeness_share = Computed(
        ("completeness_share",),
        lambda values: None if values[0] is None else cut_share(values[0], 1),
        serializers.DecimalField(3, 2, allow_null=True),
        help_text="Null: not begun.",
    )
    sites_in_scope = serializers.IntegerField(help_text="Returns of sites; 0 where the company answers for all.")
    sites_submitted = serializers.IntegerField()
    first_submitted_on = serializers.DateField(source="fulfilled_on", allow_null=True)
    days_late = Computed(
        ("due_on", "counted_on"),
        days_late_of,
        serializers.IntegerField(allow_null=True),
        help_text="Past the due day at the first submission, or so far.",
    )
    lateness = Computed(
        ("due_on", "lapses_on", "fulfilled_on", "counted_on"),
        lateness_of,
        serializers.ChoiceField(Lateness.choices, allow_null=True),
        help_text="How it stands on the day asked about.",
    )


class NudgeBody(Body):
    """An owed report whose company is to be reminded."""

    obligation = serializers.UUIDField(help_text="Id of a row of this list.")


class NudgedReportAnswer(serializers.Serializer):
    """What became of one nudge."""

    index = serializers.IntegerField()
    obligation = serializers.UUIDField(allow_null=True)
    is_planned = serializers.BooleanField(help_text="Whether a mail goes out, today or on the next open day.")
    code = serializers.CharField(help_text=f"Why not: `not_seen`, {NUDGE_CODES}; empty where planned.")


class ReportObligationFilters(RowFilters):
    """Filters of what is owed."""

    year = AnyOf("reporting_year__year", kind=YEAR, help_text="The year that is reported on.")
    state = AnyOf("report_state", choices=ReportState, help_text="Where the report stands.")
    company = AnyOf("company_id", kind=forms.UUIDField(), help_text="Id of a company.")
    country = AnyOf("company__organisation__country_id", help_text="ISO code of the company's country.")
    begun = django_filters.TypedChoiceFilter(
        "report_id",
        lookup_expr="isnull",
        choices=[("true", "true"), ("false", "false")],
        coerce=lambda text: text != "true",
        help_text="Whether a report was begun.",
    )
    late = django_filters.TypedChoiceFilter(
        "is_late",
        choices=[("true", "true"), ("false", "false")],
        coerce=lambda text: text == "true",
        help_text="Whether the due day had passed at the first submission, or has passed without one.",
    )

    class Meta:
        model = ReportObligation
        fields: list[str] = []


class ReportObligationViews(ExportRows, ListRows, ReadRow, ResourceViews):
    """Who owes the report of a year: one row for each membership, as of a day. Exported as CSV, XLSX or JSON Lines."""

    resource = "report-obligations"
    tag = TAG
    row = ReportObligationRow
    filters = ReportObligationFilters
    orderings = {
        "due_on": "due_on",
        "company": "company__organisation__name",
        "year": "reporting_year__year",
    }
    version_column = None

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return with_progress(ReportObligation.objects.visible_to(scope).owed(on), on=on)

    @command(
        body=NudgeBody,
        many=True,
        answer=NudgedReportAnswer,
        answer_many=True,
        summary="Remind companies of their reports",
        example=[{"obligation": "01890a5d-ac96-774b-bcce-b302099a8057"}],
    )
    def nudge(self, call: Call) -> list[dict[str, Any]]:
        """One or a list of 1,000; a result for each. One nudge a day for each report, whoever asks.

        Before a report is due a friendly word is in order from the first step of the rules on, 30 days before; earlier
        it is refused: `not_due`.
        """
        asked = [data["obligation"] for data in call.data]
        refused = reminders.nudge(
            kind=ReminderKind.REPORT_DUE, subjects=set(asked), actor=call.scope, at=call.at
        ).refused
        codes = [refused.get(key, "") for key in asked]
        rows = [
            {"index": index, "obligation": key, "is_planned": not code, "code": code}
            for index, key, code in zip(call.indexes, asked, codes, strict=True)
        ]
        bad = [
            {"index": index, "obligation": None, "is_planned": False, "code": faults[0].code}
            for index, faults in call.item_faults.items()
        ]
        return sorted(rows + bad, key=lambda row: row["index"])
