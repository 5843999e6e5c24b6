"""Issue an invoice, record what was paid, let a fee off."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Sum

from codesign.companies.actions import change, draw, legal_day
from codesign.companies.lifecycle import MEMBER, MembershipState
from codesign.companies.models import CodeMembership
from codesign.fees.figures import balance_of, fee_for, open_amount, reduction_of
from codesign.fees.models import UNSETTLED, CreditNote, FeeTerms, Invoice, InvoiceState, Payment, Refund, Waiver
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.calendar import add_months
from registry.kernel.errors import Invalid, Refused, Stale

_OWES = MEMBER | {MembershipState.APPROVED}


@transaction.atomic
def issue_invoice(
    *,
    membership_id: UUID,
    year: int,
    reduction_code: str | None = None,
    issued_on: date | None = None,
    actor: Actor,
    at: datetime,
) -> Invoice:
    """Ask for the fee of `year`, by the band that the company confirmed; due by the terms in force.

    `reduction_code`: None for the one that the company is entitled to, blank for none. Raises Invalid; Refused:
    `membership_not_approved`, `revenue_band_unconfirmed`, `fee_waived`, `invoice_exists`.
    """
    membership = CodeMembership.objects.locked().select_related("company__organisation").get(pk=membership_id)
    company = membership.company
    day = issued_on or legal_day(at, company.organisation.zone)
    if membership.state not in _OWES:
        raise Refused("Only an approved application or a member owes a fee.", code="membership_not_approved")
    terms = FeeTerms.objects.in_force(day)
    confirmed_on = company.revenue_band_confirmed_on
    if not company.revenue_band or not confirmed_on or add_months(confirmed_on, terms.confirmation_months) < day:
        raise Refused("The company has not confirmed its revenue band this year.", code="revenue_band_unconfirmed")
    if membership.waivers.filter(year=year).exists():
        raise Refused("The fee of that year was let off.", code="fee_waived")
    if membership.invoices.filter(year=year).exclude(state=InvoiceState.CANCELLED).exists():
        raise Refused("There is an invoice for that year.", code="invoice_exists")
    if reduction_code is None:
        reduction_code = reduction_of(company.pk, on=day)
    invoice = Invoice.objects.create(
        number=f"INV-{day.year}-{draw(f'INV-{day.year}'):05d}",
        membership=membership,
        year=year,
        band=company.revenue_band,
        band_confirmed_on=confirmed_on,
        reduction_code=reduction_code,
        amount_eur=fee_for(band=company.revenue_band, reduction_code=reduction_code, on=day),
        issued_on=day,
        due_on=day + timedelta(days=terms.payment_days),
        created_at=at,
    )
    changes: dict[str, list[Any]] = {"number": [None, invoice.number], "amount_eur": [None, invoice.amount_eur]}
    record("invoices.create", invoice, actor=actor, at=at, changes=changes)
    return invoice


@transaction.atomic
def record_payment(
    *, invoice_id: UUID, amount_eur: Decimal, paid_on: date, reference: str, actor: Actor, at: datetime
) -> Payment:
    """Enter money received; the invoice is paid when its parts add up.

    Raises Invalid for a day to come; Refused: `payment_repeated`, `invoice_closed`, `overpaid`.
    """
    invoice = Invoice.objects.locked().get(pk=invoice_id)
    zone = invoice.membership.company.organisation.zone
    if paid_on > legal_day(at, zone):
        raise Invalid.at("/paid_on", "in_future", "A payment is of today or before.")
    if amount_eur <= 0:
        raise Invalid.at("/amount_eur", "not_positive", "A payment is more than nothing.")
    if invoice.payments.filter(reference=reference).exists():
        raise Refused("A payment with this reference is recorded already.", code="payment_repeated")
    if invoice.state in {InvoiceState.WAIVED, InvoiceState.CANCELLED}:
        raise Refused("Nothing is asked for with this invoice any more.", code="invoice_closed")
    open_eur = open_amount(invoice)
    if amount_eur > open_eur:
        raise Refused(
            f"Only {open_eur} EUR are open on this invoice.", code="overpaid", details={"open_eur": str(open_eur)}
        )
    payment = Payment.objects.create(
        invoice=invoice, amount_eur=amount_eur, paid_on=paid_on, reference=reference, recorded_at=at
    )
    state = balance_of(invoice).state
    settled_on = invoice.payments.aggregate(day=Max("paid_on"))["day"] if state == InvoiceState.PAID else None
    change(invoice, action="invoices.pay", actor=actor, at=at, state=state, paid_on=settled_on)
    record("payments.create", payment, actor=actor, at=at, changes={"amount_eur": [None, amount_eur]})
    return payment


@transaction.atomic
def credit(
    *,
    invoice_id: UUID,
    amount_eur: Decimal,
    reason_code: str,
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
) -> CreditNote:
    """Take back a part of what an invoice asks for, or all of it. Nothing asked for and nothing paid: cancelled.

    What was paid beyond the rest is owed back: `refund` enters its return. Raises Invalid, Stale; Refused:
    `invoice_closed`, `more_than_asked`.
    """
    invoice = Invoice.objects.locked().get(pk=invoice_id)
    if expected_version not in {None, invoice.version}:
        raise Stale("The invoice has changed since you read it.")
    day = legal_day(at, invoice.membership.company.organisation.zone)
    if amount_eur <= 0:
        raise Invalid.at("/amount_eur", "not_positive", "A credit note is for more than nothing.")
    if invoice.state in {InvoiceState.WAIVED, InvoiceState.CANCELLED}:
        raise Refused("Nothing is asked for with this invoice any more.", code="invoice_closed")
    asked = balance_of(invoice).asked
    if amount_eur > asked:
        raise Refused(f"This invoice asks for {asked} EUR.", code="more_than_asked", details={"asked_eur": str(asked)})
    note = CreditNote.objects.create(
        number=f"CN-{day.year}-{draw(f'CN-{day.year}'):05d}",
        invoice=invoice,
        amount_eur=amount_eur,
        reason_code=reason_code,
        issued_on=day,
        created_at=at,
    )
    record("invoices.credit", note, actor=actor, at=at, changes={"amount_eur": [None, amount_eur]})
    _settle(invoice, paid_on=day, actor=actor, at=at)
    return note


@transaction.atomic
def refund(
    *,
    payment_id: UUID,
    amount_eur: Decimal,
    refunded_on: date,
    reference: str,
    reason_code: str,
    actor: Actor,
    at: datetime,
) -> Refund:
    """Enter money paid back: what credit notes left over of a payment, no more.

    An invoice that was taken back whole is cancelled with its last refund. Raises Invalid; Refused:
    `refund_repeated`, `more_than_owed_back`, `more_than_paid`.
    """
    payment = Payment.objects.select_related("invoice").get(pk=payment_id)
    invoice = Invoice.objects.locked().get(pk=payment.invoice_id)
    day = legal_day(at, invoice.membership.company.organisation.zone)
    if not payment.paid_on <= refunded_on <= day:
        raise Invalid.at("/refunded_on", "out_of_range", "Money goes back between its payment and today.")
    if amount_eur <= 0:
        raise Invalid.at("/amount_eur", "not_positive", "A refund is more than nothing.")
    if payment.refunds.filter(reference=reference).exists():
        raise Refused("A refund with this reference is recorded already.", code="refund_repeated")
    owed = balance_of(invoice).owed_back
    if amount_eur > owed:
        raise Refused(
            f"{owed} EUR of this invoice are owed back: a credit note comes first.",
            code="more_than_owed_back",
            details={"owed_back_eur": str(owed)},
        )
    left = payment.amount_eur - (payment.refunds.aggregate(sum=Sum("amount_eur"))["sum"] or Decimal(0))
    if amount_eur > left:
        raise Refused(f"{left} EUR of this payment are left.", code="more_than_paid", details={"left_eur": str(left)})
    row = Refund.objects.create(
        payment=payment,
        amount_eur=amount_eur,
        refunded_on=refunded_on,
        reference=reference,
        reason_code=reason_code,
        recorded_at=at,
    )
    record("refunds.create", row, actor=actor, at=at, changes={"amount_eur": [None, amount_eur]})
    _settle(invoice, paid_on=day, actor=actor, at=at)
    return row


def _settle(invoice: Invoice, *, paid_on: date, actor: Actor, at: datetime) -> None:
    """Give an invoice the state that its balance says; newly settled, it counts as paid on `paid_on`."""
    state = balance_of(invoice).state
    if state == invoice.state:
        Invoice.objects.filter(pk=invoice.pk).update(version=F("version") + 1)
        return
    day = paid_on if state == InvoiceState.PAID else None
    change(invoice, action="invoices.settle", actor=actor, at=at, state=state, paid_on=day)


@transaction.atomic
def grant_waiver(*, membership_id: UUID, year: int, reason_code: str, actor: Actor, at: datetime) -> Waiver:
    """Let the fee of `year` off; an invoice for it that is not paid is closed.

    Raises Refused: `waiver_exists`, `already_paid`.
    """
    membership = CodeMembership.objects.locked().select_related("company__organisation").get(pk=membership_id)
    if membership.waivers.filter(year=year).exists():
        raise Refused("The fee of that year was let off already.", code="waiver_exists")
    if membership.invoices.filter(year=year, state=InvoiceState.PAID).exists():
        raise Refused("The fee of that year is paid.", code="already_paid")
    waiver = Waiver.objects.create(
        membership=membership,
        year=year,
        reason_code=reason_code,
        granted_on=legal_day(at, membership.company.organisation.zone),
        created_at=at,
    )
    for invoice in membership.invoices.locked().filter(year=year, state__in=UNSETTLED):  # one at most
        change(invoice, action="invoices.waive", actor=actor, at=at, state=InvoiceState.WAIVED)
    record("waivers.create", waiver, actor=actor, at=at, changes={"year": [None, year]})
    return waiver
