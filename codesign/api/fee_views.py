"""Fee bands and invoices over HTTP, for reading; both are changed by what happens to a membership."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import django_filters
from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from codesign.companies.models import RevenueBand
from codesign.fees.figures import with_paid
from codesign.fees.models import FeeBand, Invoice, InvoiceState, Payment
from members.scope import Scope
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import Computed, Many, Ref, RowSerializer
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews

CENT = Decimal("0.01")


class FeeBandRow(RowSerializer):
    """The yearly fee for one band of revenue."""

    code = serializers.ChoiceField(RevenueBand.choices)
    revenue_from_eur = serializers.DecimalField(14, 2, help_text="Exclusive, but for 0.")
    revenue_to_eur = serializers.DecimalField(14, 2, allow_null=True, help_text="Inclusive; null without a bound.")
    annual_fee_eur = serializers.DecimalField(10, 2)
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]


class PaymentPartRow(RowSerializer):
    """Money received for an invoice."""

    id = serializers.UUIDField()
    amount_eur = serializers.DecimalField(10, 2)
    paid_on = serializers.DateField()
    reference = serializers.CharField()


class InvoiceRow(RowSerializer):
    """The fee of one membership for one year."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    membership = Ref("code-memberships", "membership_id", "membership__company__organisation__name")
    company = Ref("companies", "membership__company_id", "membership__company__organisation__name")
    year = serializers.IntegerField()
    band = serializers.ChoiceField(RevenueBand.choices)
    reduction_code = serializers.CharField(help_text="Association whose members pay less; empty without.")
    amount_eur = serializers.DecimalField(10, 2)
    paid_eur = Computed(
        ("paid_eur",),
        # SQLite adds decimals as floating numbers and forgets the cents that are nought.
        lambda row: None if row[0] is None else row[0].quantize(CENT),
        serializers.DecimalField(10, 2, allow_null=True),
        help_text="Received so far; null without a payment.",
    )
    issued_on = serializers.DateField()
    due_on = serializers.DateField()
    paid_on = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(InvoiceState.choices)
    payments = Many(
        PaymentPartRow, lambda scope, on: Payment.objects.visible_to(scope), by="invoice_id", order=("paid_on", "pk")
    )


class InvoiceFilters(RowFilters):
    """Filters of invoices."""

    number = AnyOf("number", help_text="Number of the invoice.")
    membership = AnyOf("membership_id", kind=forms.UUIDField(), help_text="Id of the membership.")
    company = AnyOf("membership__company_id", kind=forms.UUIDField(), help_text="Id of the company.")
    year = AnyOf("year", kind=forms.IntegerField(min_value=1900, max_value=2200), help_text="Year of the fee.")
    state = AnyOf("state", choices=InvoiceState, help_text="How much of it is paid.")
    due_before = django_filters.DateFilter("due_on", lookup_expr="lt", help_text="Due before this day.")

    class Meta:
        model = Invoice
        fields: list[str] = []


class FeeBandViews(ListRows, ResourceViews):
    """The yearly fee by yearly revenue; `valid_on` gives the table of another day."""

    resource = "fee-bands"
    tag = "Public"
    row = FeeBandRow
    orderings = {"revenue": "revenue_from_eur"}
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return FeeBand.objects.on(on)


class InvoiceViews(ListRows, ReadRow, ResourceViews):
    """Invoices with what was paid on them."""

    resource = "invoices"
    tag = "Fees"
    row = InvoiceRow
    filters = InvoiceFilters
    orderings = {"number": "number", "due_on": "due_on", "issued_on": "issued_on"}
    dated = False

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return with_paid(Invoice.objects.visible_to(scope))
