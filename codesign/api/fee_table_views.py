"""What fees rest on, over HTTP: the fee table, reductions and terms of payment. Dated rows: none edits the past."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from codesign.api import fee_bodies as bodies
from codesign.api import fee_rows as shown
from codesign.fees import actions
from codesign.fees.models import FeeBand, FeeReduction, FeeTerms
from members.scope import Scope
from registry.kernel.api.calls import Call
from registry.kernel.api.rows import RowSerializer, context_of
from registry.kernel.api.views import ListRows, ResourceViews, command


class FeeBandViews(ListRows, ResourceViews):
    """The yearly fee by yearly revenue; `valid_on` gives the table of another day."""

    resource = "fee-bands"
    tag = "Public"
    row = shown.FeeBandRow
    orderings = {"revenue": "revenue_from_eur"}
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return FeeBand.objects.on(on)

    @command(
        body=bodies.FeeTableBody,
        answer=shown.FeeBandRow,
        answer_many=True,
        status=201,
        summary="Publish a fee table",
        example={
            "valid_from": "2027-01-01",
            "source": "Decision of the board",
            "bands": [
                {"code": "to_500k", "revenue_to_eur": "500000.00", "annual_fee_eur": "60.00"},
                {"code": "to_2_5m", "revenue_to_eur": "2500000.00", "annual_fee_eur": "320.00"},
                {"code": "to_50m", "revenue_to_eur": "50000000.00", "annual_fee_eur": "850.00"},
                {"code": "above_50m", "annual_fee_eur": "2100.00"},
            ],
        },
    )
    def create(self, call: Call) -> list[dict[str, Any]]:
        """Every band once, upwards, from a day on; the former table ends the day before. Invoices that are out stay."""
        rows = actions.publish_fee_table(**call.data, actor=call.scope, at=call.at)
        written = FeeBand.objects.filter(pk__in=[row.pk for row in rows])
        return _shown(shown.FeeBandRow, written.order_by("revenue_from_eur"), call)


class FeeReductionViews(ListRows, ResourceViews):
    """What members of partner associations pay less; `valid_on` gives the table of another day."""

    resource = "fee-reductions"
    tag = "Public"
    row = shown.FeeReductionRow
    orderings = {"code": "code"}
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return FeeReduction.objects.on(on)

    @command(
        body=bodies.FeeReductionBody,
        answer=shown.FeeReductionRow,
        status=201,
        summary="Publish a reduction",
        example={"code": "pata", "share": "0.300", "valid_from": "2027-01-01"},
    )
    def create(self, call: Call) -> dict[str, Any]:
        """Its former share ends the day before."""
        row = actions.publish_reduction(**call.data, actor=call.scope, at=call.at)
        return _shown(shown.FeeReductionRow, FeeReduction.objects.filter(pk=row.pk), call)[0]

    @command(
        body=bodies.PartnerEndBody,
        answer=shown.FeeReductionRow,
        summary="End a reduction for all",
        example={"code": "pata", "last_day": "2026-12-31"},
    )
    def end(self, call: Call) -> dict[str, Any]:
        """Members of the association pay all again after that day."""
        row = actions.end_partner_reduction(**call.data, actor=call.scope, at=call.at)
        return _shown(shown.FeeReductionRow, FeeReduction.objects.filter(pk=row.pk), call)[0]


class FeeTermsViews(ListRows, ResourceViews):
    """Terms of payment, the former and those to come too; of those that have begun the newest counts."""

    resource = "fee-terms"
    tag = "Fees"
    row = shown.FeeTermsRow
    orderings = {"effective_from": "effective_from"}
    dated = False
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return FeeTerms.objects.all()

    @command(
        body=bodies.FeeTermsBody,
        answer=shown.FeeTermsRow,
        status=201,
        summary="Publish terms of payment",
        example={"effective_from": "2027-01-01", "payment_days": 45, "iban": "BE71096123456769"},
    )
    def create(self, call: Call) -> dict[str, Any]:
        """From a day on; what is left out stays as it is."""
        row = actions.publish_terms(**call.data, actor=call.scope, at=call.at)
        return _shown(shown.FeeTermsRow, FeeTerms.objects.filter(pk=row.pk), call)[0]


def _shown(row: type[RowSerializer], rows: QuerySet, call: Call) -> list[dict[str, Any]]:
    plan = row.plan(context=context_of(call.scope, call.on))
    return plan.shaped(plan.raw(rows))
