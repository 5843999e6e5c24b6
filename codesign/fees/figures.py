"""Figures on memberships that count money and signatures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Min, Q, Sum

from codesign.companies.models import CodeMembership
from codesign.companies.querysets import CodeMembershipQuerySet
from codesign.fees.models import (
    UNSETTLED,
    CodeAgreement,
    CompanyReduction,
    CreditNote,
    FeeBand,
    FeeReduction,
    FeeYear,
    Invoice,
    Payment,
    Refund,
    Waiver,
)
from codesign.fees.querysets import InvoiceQuerySet
from codesign.fees.rules import Balance, Band, band_of, reduced
from registry.kernel.errors import Invalid
from registry.kernel.sql import exists_of, sum_of


def with_paid(invoices: InvoiceQuerySet) -> InvoiceQuerySet:
    """Add `paid_eur`, `refunded_eur`, `credited_eur`: sums of payments, refunds, credit notes; None without any."""
    return invoices.annotate(
        paid_eur=sum_of(Payment.objects.all(), "amount_eur", by="invoice"),
        refunded_eur=sum_of(Refund.objects.all(), "amount_eur", by="payment__invoice"),
        credited_eur=sum_of(CreditNote.objects.all(), "amount_eur", by="invoice"),
    )


def balance_of(invoice: Invoice) -> Balance:
    """What is asked for and what was received. Three queries."""
    refunds = Refund.objects.filter(payment__invoice=invoice)
    sums = (rows.aggregate(n=Sum("amount_eur"))["n"] for rows in (invoice.payments, refunds, invoice.credit_notes))
    paid, refunded, credited = (total or Decimal(0) for total in sums)
    return Balance(asked=invoice.amount_eur - credited, received=paid - refunded)


def open_amount(invoice: Invoice) -> Decimal:
    """What is still asked for: nothing once it is let off or taken back. Three queries."""
    return balance_of(invoice).open if invoice.state in UNSETTLED else Decimal(0)


def reduction_of(company_id: UUID, *, on: date) -> str:
    """The association through which the company pays less on a day, the most; blank for none. Two queries."""
    return best_reductions([company_id], on=on).get(company_id, "")


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


def fee_table(*, on: date) -> dict[tuple[str, str], Decimal]:
    """The yearly fee by band and association on a day; a blank association is nobody's. Two queries."""
    bands = list(FeeBand.objects.on(on).values_list("code", "annual_fee_eur"))
    shares = [("", Decimal(0)), *FeeReduction.objects.on(on).values_list("code", "share")]
    return {(band, code): reduced(fee, share) if code else fee for band, fee in bands for code, share in shares}


def best_reductions(company_ids: Iterable[UUID], *, on: date) -> dict[UUID, str]:
    """Company → the association through which it pays less, the most; those that pay all are left out. Two queries."""
    shares = dict(FeeReduction.objects.on(on).values_list("code", "share"))
    rows = CompanyReduction.objects.on(on).filter(code__in=shares).order_by("code").values_list("company_id", "code")
    wanted, best = set(company_ids), dict[UUID, str]()
    for company_id, code in rows:
        if company_id in wanted and shares[code] > shares.get(best.get(company_id, ""), Decimal(0)):
            best[company_id] = code
    return best


def owing(year: FeeYear) -> CodeMembershipQuerySet:
    """Memberships that were in force in the year and have neither an invoice of any state nor a waiver for it."""
    lasted = Q(ended_on=None) | Q(ended_on__gt=year.opens_on)
    invoices = Invoice.objects.filter(year=year.year)
    waivers = Waiver.objects.filter(year=year.year)
    return CodeMembership.objects.members().filter(
        lasted,
        ~exists_of(invoices, by="membership"),
        ~exists_of(waivers, by="membership"),
        member_since__lte=year.closes_on,
    )


def first_settled_on(membership_id: UUID) -> date | None:
    """The day on which the first fee was paid in full or let off; None before. Two queries."""
    paid = Invoice.objects.filter(membership=membership_id).aggregate(day=Min("paid_on"))["day"]
    waived = Waiver.objects.filter(membership=membership_id).aggregate(day=Min("granted_on"))["day"]
    return min((day for day in (paid, waived) if day), default=None)
