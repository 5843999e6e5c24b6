"""SQL of the indicators: cells of the accepted reports of a year, read live or copied into an edition."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum

from codesign.reporting.models import Contribution, IndicatorCell

DIMENSIONS = ("country", "category")
_KEYS = ("indicator_code", "criterion_number", "is_passed_on", "country_id", "category")


def live_cells(contributions: QuerySet[Contribution]) -> QuerySet:
    """The finest cells: indicator, country, category, with sums and who stands behind them. One GROUP BY."""
    return (
        contributions.order_by()
        .values(*_KEYS)
        .annotate(
            value_sum=Sum("value"),
            part_sum=Sum("part"),
            whole_sum=Sum("whole"),
            scope_sum=Sum("sites_in_scope"),
            answering_sum=Sum("sites_answering"),
            weights=Sum("weight"),
            answering_weights=Sum("answering_weight"),
            # A report has one row in a cell, so its rows are its companies.
            companies=Count("pk"),
            companies_answering=Count("value"),
        )
    )


def frozen_cells(edition_id: UUID) -> QuerySet:
    """The same of an edition."""
    return (
        IndicatorCell.objects.filter(edition=edition_id)
        .order_by()
        .values(
            "indicator_code",
            "criterion_number",
            "is_passed_on",
            "country_id",
            "category",
            "companies",
            "companies_answering",
        )
        .annotate(
            value_sum=F("value"),
            part_sum=F("part"),
            whole_sum=F("whole"),
            scope_sum=F("sites_in_scope"),
            answering_sum=F("sites_answering"),
            weights=F("weight"),
            answering_weights=F("answering_weight"),
        )
    )
