"""Figures on memberships that count money and signatures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Min

from codesign.companies.querysets import CodeMembershipQuerySet
from codesign.fees.models import CodeAgreement, FeeBand, FeeReduction, Invoice, Payment, Waiver
from codesign.fees.querysets import InvoiceQuerySet
from codesign.fees.rules import Band, band_of, reduced
from registry.kernel.errors import Invalid
from registry.kernel.sql import exists_of, sum_of


def with_paid(invoices: InvoiceQuerySet) -> InvoiceQuerySet:
    """Add `paid_eur`: sum of the payments; None without any. One subquery."""
    return invoices.annotate(paid_eur=sum_of(Payment.objects.all(), "amount_eur", by="invoice"))


def with_joining(memberships: CodeMembershipQuerySet) -> CodeMembershipQuerySet:
    """Add `has_settled_fee` (an invoice paid in full or a waiver) and `has_signed` (both signatures). Subqueries."""
    return memberships.annotate(
        has_settled_fee=exists_of(Invoice.objects.settled(), by="membership")
        | exists_of(Waiver.objects.all(), by="membership"),
        has_signed=exists_of(CodeAgreement.objects.signed(), by="membership"),
    )


def fee_for(*, on: date, band: str = "", revenue_eur: Decimal | None = None, reduction_code: str = "") -> Decimal:
    """The yearly fee on a day for a band, or for a revenue; less the reduction of a partner association.

    Two queries. Raises Invalid when the table of that day knows no such band or reduction.
    """
    rows = FeeBand.objects.on(on).order_by("revenue_from_eur", "pk")
    bands = [Band(*row) for row in rows.values_list("code", "revenue_to_eur", "annual_fee_eur")]
    if revenue_eur is not None:
        found = band_of(revenue_eur, bands)
    else:
        found = next((row for row in bands if row.code == band), None)
    if found is None:
        raise Invalid.at("/revenue_band", "unknown_band", "The fee table of that day has no such band.")
    if not reduction_code:
        return found.fee
    share = FeeReduction.objects.on(on).filter(code=reduction_code).values_list("share", flat=True).first()
    if share is None:
        raise Invalid.at("/reduction_code", "unknown_reduction", "No such reduction is in force on that day.")
    return reduced(found.fee, share)


def first_settled_on(membership_id: UUID) -> date | None:
    """The day on which the first fee was paid in full or let off; None before. Two queries."""
    paid = Invoice.objects.filter(membership=membership_id).aggregate(day=Min("paid_on"))["day"]
    waived = Waiver.objects.filter(membership=membership_id).aggregate(day=Min("granted_on"))["day"]
    return min((day for day in (paid, waived) if day), default=None)
