"""Invoices, and what was paid, paid back, taken back and let off."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from codesign.companies.models import RevenueBand
from codesign.fees.querysets import CreditNoteQuerySet, InvoiceQuerySet, PaymentQuerySet, RefundQuerySet
from registry.kernel.ids import new_id


class InvoiceState(models.TextChoices):
    """How much of an invoice is paid."""

    OPEN = "open"
    PART_PAID = "part_paid"
    PAID = "paid"
    WAIVED = "waived"
    CANCELLED = "cancelled"


# Money can still come for these; the others are settled one way or another.
UNSETTLED = (InvoiceState.OPEN, InvoiceState.PART_PAID)


class Invoice(models.Model):
    """The fee of one membership for one year."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    membership = models.ForeignKey("codesign.CodeMembership", models.PROTECT, related_name="invoices")
    year = models.PositiveSmallIntegerField()
    band = models.CharField(max_length=10, choices=RevenueBand)
    band_confirmed_on = models.DateField(
        null=True, blank=True, help_text="The confirmation that it rests on; older than a year: the last one known."
    )
    reduction_code = models.CharField(max_length=20, blank=True)
    amount_eur = models.DecimalField(max_digits=10, decimal_places=2)
    issued_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=InvoiceState, default=InvoiceState.OPEN)
    paid_on = models.DateField(null=True, blank=True, help_text="Day of the payment that settled it.")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["membership", "year"],
                condition=~Q(state=InvoiceState.CANCELLED),
                name="invoice_one_per_membership_year",
            ),
            models.CheckConstraint(condition=Q(amount_eur__gt=0), name="invoice_amount_positive"),
            models.CheckConstraint(
                condition=Q(state="paid", paid_on__isnull=False) | ~Q(state="paid") & Q(paid_on=None),
                name="invoice_paid_on_when_paid",
            ),
        )
        indexes = (models.Index(fields=["state", "due_on"], name="invoice_by_state_due"),)


class Payment(models.Model):
    """Money received for an invoice, in one or several parts. Never edited."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="payments")
    amount_eur = models.DecimalField(max_digits=10, decimal_places=2)
    paid_on = models.DateField()
    reference = models.CharField(max_length=60, help_text="Of the bank's statement; one payment per reference.")
    recorded_at = models.DateTimeField()

    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["invoice", "reference"], name="payment_reference_once"),
            models.CheckConstraint(condition=Q(amount_eur__gt=0), name="payment_amount_positive"),
        )


class Refund(models.Model):
    """Money of a payment that was paid back, after a credit note took back what it had paid. Never edited."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    amount_eur = models.DecimalField(max_digits=10, decimal_places=2)
    refunded_on = models.DateField()
    reference = models.CharField(max_length=60, help_text="Of the bank's statement; one refund per reference.")
    reason_code = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()

    objects = RefundQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["payment", "reference"], name="refund_reference_once"),
            models.CheckConstraint(condition=Q(amount_eur__gt=0), name="refund_amount_positive"),
        )


class CreditNote(models.Model):
    """A part of an invoice, or all of it, taken back: no money moves. Never edited."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="credit_notes")
    amount_eur = models.DecimalField(max_digits=10, decimal_places=2)
    reason_code = models.CharField(max_length=40)
    issued_on = models.DateField()
    created_at = models.DateTimeField()

    objects = CreditNoteQuerySet.as_manager()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(amount_eur__gt=0), name="credit_note_amount_positive"),)


class Waiver(models.Model):
    """The fee of one year let off: counts as its payment."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey("codesign.CodeMembership", models.PROTECT, related_name="waivers")
    year = models.PositiveSmallIntegerField()
    reason_code = models.CharField(max_length=40)
    granted_on = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["membership", "year"], name="waiver_one_per_year"),)
