"""Published reports for everybody, within what each company chose."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from codesign.api.reporting_year_views import YEAR
from codesign.companies.models import CompanyCategory
from codesign.reporting.models import QuestionKind, Report
from codesign.reporting.publication import public_answers, public_reports, with_published
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import RowSerializer, context_of
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, query


class PublishedReportRow(RowSerializer):
    """A published report."""

    id = serializers.UUIDField()
    company = serializers.CharField(source="company.organisation.name")
    country = serializers.CharField(source="company.organisation.country_id", allow_null=True)
    category = serializers.ChoiceField(CompanyCategory.choices, source="company.category")
    year = serializers.IntegerField(source="reporting_year.year")
    published_at = serializers.DateTimeField()
    sha256 = serializers.CharField(source="published_sha256", help_text="Of the submission that was published.")


class PublicAnswer(serializers.Serializer):
    """An answer that the company shows."""

    code = serializers.CharField()
    criterion_number = serializers.IntegerField()
    kind = serializers.ChoiceField(QuestionKind.choices)
    unit = serializers.CharField()
    text = serializers.CharField()
    value = serializers.JSONField(allow_null=True, help_text="Null: unknown, never zero.")
    sites_in_scope = serializers.IntegerField(allow_null=True, help_text="Where sites answered.")
    sites_answering = serializers.IntegerField(allow_null=True)


class PublishedReportFilters(RowFilters):
    """Filters of published reports."""

    year = AnyOf("reporting_year__year", kind=YEAR, help_text="The year that is reported on.")
    country = AnyOf("company__organisation__country_id", help_text="ISO code.")
    company = AnyOf("company_id", kind=forms.UUIDField(), help_text="Id of a company.")

    class Meta:
        model = Report
        fields: list[str] = []


class PublishedReportViews(ListRows, ReadRow, ResourceViews):
    """Reports that were accepted and published; none of a company's first year."""

    resource = "published-reports"
    tag = "Public"
    row = PublishedReportRow
    filters = PublishedReportFilters
    orderings = {"year": "reporting_year__year", "company": "company__organisation__name"}
    dated = False
    version_column = None

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return with_published(public_reports())

    @query(detail=True, answer=PublicAnswer, answer_many=True, summary="Read what a company shows of its report")
    def answers(self, call: Call) -> list[dict[str, Any]]:
        """What the company chose, from the submission that was published; of sites their sums alone."""
        report = public_reports().select_related("reporting_year").get(pk=call.id)
        return public_answers(report, language=context_of(call.scope, call.on).language)
