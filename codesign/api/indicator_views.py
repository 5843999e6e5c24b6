"""Indicators of reporting years over HTTP: definitions, the table, what stands behind it, and editions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from codesign.api.reporting_bodies import ReasonCodeBody
from codesign.api.reporting_year_views import YEAR
from codesign.companies.models import CompanyCategory
from codesign.figures.indicators import DEFINITION, IndicatorCellRead, IndicatorRead, is_reader_of_totals, table_of
from codesign.reporting import actions
from codesign.reporting.models import Contribution, IndicatorEdition
from codesign.reporting.rules import plain
from registry.kernel.api.bodies import Body
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import API_PREFIX, Ref, RowSerializer
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query

TAG = "Indicators"


class IndicatorCellAnswer(serializers.Serializer):
    """One value with what stands behind it; all null where hidden."""

    by = serializers.DictField(help_text="Dimension → value of this cell; empty for the total.")
    value = serializers.DecimalField(24, 4, allow_null=True, help_text="The sum; null: unknown, or hidden.")
    numerator = serializers.DecimalField(24, 4, allow_null=True, help_text="Of the share.")
    denominator = serializers.DecimalField(24, 4, allow_null=True)
    share = serializers.DecimalField(3, 2, allow_null=True, help_text="Over those who answered both, cut.")
    companies = serializers.IntegerField(allow_null=True, help_text="Whose reports were accepted.")
    companies_answering = serializers.IntegerField(allow_null=True)
    sites_in_scope = serializers.IntegerField(allow_null=True)
    sites_answering = serializers.IntegerField(allow_null=True)
    suppressed = serializers.BooleanField(help_text="Hidden: fewer than five companies, or gives such a cell away.")
    rows = serializers.CharField(
        allow_null=True, help_text="What was added up: its column `value` adds up to it. Null for readers of totals."
    )


class IndicatorAnswer(serializers.Serializer):
    """One indicator of a year."""

    code = serializers.CharField(help_text="The same in every version; of a choice or counts with its option.")
    criterion_number = serializers.IntegerField()
    is_passed_on = serializers.BooleanField(help_text="Counts suspicions passed on: from five companies only.")
    rows = IndicatorCellAnswer(many=True, help_text="One for each combination of `by`; empty without it.")
    total = IndicatorCellAnswer()


class IndicatorTableAnswer(serializers.Serializer):
    """The indicators of a year."""

    year = serializers.IntegerField()
    definition = serializers.CharField()
    as_of = serializers.DateTimeField(help_text="Of an edition: when it was published.")
    edition = serializers.IntegerField(allow_null=True, help_text="Null: as the accepted reports stand now.")
    by = serializers.ListField(child=serializers.CharField())
    indicators = IndicatorAnswer(many=True)


class IndicatorParams(Body):
    """Which indicators of which year, and how they are cut."""

    year = serializers.IntegerField(min_value=1900, max_value=2199, help_text="The year that is reported on.")
    by = serializers.RegexField(
        r"^[a-z]+(,[a-z]+)*$", required=False, max_length=60, help_text="country, category, or both with a comma."
    )
    criterion = serializers.IntegerField(min_value=1, max_value=6, required=False, help_text="Of this criterion.")
    code = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, max_length=200, help_text="Of these codes."
    )
    edition = serializers.IntegerField(
        min_value=1, max_value=999, required=False, help_text="As published then; the newest for readers of totals."
    )


class EditionBody(Body):
    """A year whose indicators are to be published."""

    year = serializers.IntegerField(min_value=1900, max_value=2199)
    reason = serializers.CharField(max_length=500, required=False, help_text="Of every edition but the first.")


class IndicatorEditionRow(RowSerializer):
    """The indicators of a year as they were published."""

    id = serializers.UUIDField()
    year = serializers.IntegerField(source="reporting_year.year")
    number = serializers.IntegerField()
    reason = serializers.CharField()
    published_at = serializers.DateTimeField()
    published_by = serializers.CharField(source="published_by_label")


class IndicatorEditionFilters(RowFilters):
    """Filters of editions."""

    year = AnyOf("reporting_year__year", kind=YEAR, help_text="The year that is reported on.")

    class Meta:
        model = IndicatorEdition
        fields: list[str] = []


class IndicatorViews(ListRows, ReadRow, ResourceViews):
    """Indicators by year. The list is that of the published editions; `table` reads one, or the year as it stands."""

    resource = "indicators"
    tag = TAG
    row = IndicatorEditionRow
    filters = IndicatorEditionFilters
    orderings = {"published_at": "published_at", "year": "reporting_year__year"}
    dated = False
    version_column = None

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return IndicatorEdition.objects.all()

    @query(params=IndicatorParams, answer=IndicatorTableAnswer, summary="Read the indicators of a year", errors=(404,))
    def table(self, call: Call) -> dict[str, Any]:
        """With numerator, denominator, companies and sites behind each. A representative reads its countries."""
        by = call.data.get("by", "").split(",") if call.data.get("by") else []
        table = table_of(
            call.data["year"],
            scope=call.scope,
            by=by,
            criterion=call.data.get("criterion"),
            codes=call.data.get("code", ()),
            edition=call.data.get("edition"),
            at=call.at,
        )
        opens = table.edition is None and not is_reader_of_totals(call.scope)
        return {
            "year": table.year,
            "definition": DEFINITION,
            "as_of": table.as_of,
            "edition": table.edition.number if table.edition else None,
            "by": by,
            "indicators": [shown_indicator(one, table.year, opens=opens) for one in table.indicators],
        }

    @command(
        body=EditionBody,
        status=201,
        summary="Publish the indicators of a year",
        errors=(404, 409),
        example={"year": 2026},
    )
    def create(self, call: Call) -> IndicatorEdition:
        """A copy of every cell as it is now: what is corrected later changes nothing of it, and needs a new edition."""
        return actions.publish_indicators(**call.data, actor=call.scope, at=call.at)

    @command(detail=True, body=ReasonCodeBody, summary="Redact an edition", example={"reason": "names_a_person"})
    def redact(self, call: Call) -> IndicatorEdition:
        """Why it came goes for good, from stored replies and restores too; its figures stay as they were published."""
        return actions.redact_edition(
            edition_id=call.uuid, reason_code=call.data["reason"], actor=call.scope, at=call.at
        )


def shown_indicator(one: IndicatorRead, year: int, *, opens: bool) -> dict[str, Any]:
    """An indicator as it is answered; `opens`: the caller may list what stands behind it."""

    def cell(read: IndicatorCellRead) -> dict[str, Any]:
        sums = read.sums
        rows = None
        if opens and sums is not None and not one.is_passed_on:
            filters = "".join(f"&{name}={part}" for name, part in read.by.items())
            # Companies without a country can't be asked for by one.
            if None not in read.by.values():
                rows = f"{API_PREFIX}contributions/?year={year}&code={one.code}{filters}"
        return {
            "by": read.by,
            "value": plain(sums.value) if sums else None,
            "numerator": plain(sums.part) if sums else None,
            "denominator": plain(sums.whole) if sums else None,
            "share": sums.share if sums else None,
            "companies": sums.companies if sums else None,
            "companies_answering": sums.companies_answering if sums else None,
            "sites_in_scope": sums.sites_in_scope if sums else None,
            "sites_answering": sums.sites_answering if sums else None,
            "suppressed": read.suppressed,
            "rows": rows,
        }

    return {
        "code": one.code,
        "criterion_number": one.criterion_number,
        "is_passed_on": one.is_passed_on,
        "rows": [cell(read) for read in one.cells],
        "total": cell(one.total),
    }


class ContributionRow(RowSerializer):
    """What one accepted report adds to one indicator in one country."""

    id = serializers.UUIDField()
    report = Ref("reports", "report_id", "report__company__organisation__name")
    code = serializers.CharField(source="indicator_code")
    country = serializers.CharField(source="country_id", allow_null=True)
    category = serializers.ChoiceField(CompanyCategory.choices)
    value = serializers.DecimalField(24, 4, allow_null=True, help_text="Null: unknown, never zero.")
    numerator = serializers.DecimalField(24, 4, allow_null=True, source="part")
    denominator = serializers.DecimalField(24, 4, allow_null=True, source="whole")
    sites_in_scope = serializers.IntegerField()
    sites_answering = serializers.IntegerField()


class ContributionFilters(RowFilters):
    """Filters of contributions."""

    year = AnyOf("reporting_year__year", kind=YEAR, help_text="The year that is reported on.")
    code = AnyOf("indicator_code", help_text="Code of an indicator.")
    country = AnyOf("country_id", help_text="ISO code.")
    category = AnyOf("category", choices=CompanyCategory, help_text="What the company does.")
    report = AnyOf("report_id", kind=forms.UUIDField(), help_text="Id of a report.")

    class Meta:
        model = Contribution
        fields: list[str] = []


class ContributionViews(ListRows, ResourceViews):
    """The rows behind the indicators as they stand: `value` adds up to each. Never of what was passed on."""

    resource = "contributions"
    tag = TAG
    row = ContributionRow
    filters = ContributionFilters
    orderings = {"id": "pk"}
    dated = False
    version_column = None

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return Contribution.objects.visible_to(scope).without_suspicions()
