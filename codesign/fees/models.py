"""Fee bands, invoices, payments, waivers, and the Code agreement."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from codesign.companies.models import RevenueBand
from codesign.fees.querysets import (
    CodeAgreementQuerySet,
    CompanyReductionQuerySet,
    CreditNoteQuerySet,
    FeeBandQuerySet,
    FeeTermsQuerySet,
    FeeYearQuerySet,
    InvoiceQuerySet,
    PaymentQuerySet,
    RefundQuerySet,
)
from registry.kernel.ids import new_id

__all__ = [
    "AgreementText",
    "CodeAgreement",
    "CompanyReduction",
    "CreditNote",
    "FeeBand",
    "FeeReduction",
    "FeeTerms",
    "FeeYear",
    "Invoice",
    "InvoiceState",
    "Payment",
    "Refund",
    "SigningSide",
    "Waiver",
]


class InvoiceState(models.TextChoices):
    """How much of an invoice is paid."""

    OPEN = "open"
    PART_PAID = "part_paid"
    PAID = "paid"
    WAIVED = "waived"
    CANCELLED = "cancelled"


# Money can still come for these; the others are settled one way or another.
UNSETTLED = (InvoiceState.OPEN, InvoiceState.PART_PAID)


class SigningSide(models.TextChoices):
    """Who puts a signature under the agreement."""

    COMPANY = "company"
    REPRESENTATIVE = "representative"


class FeeBand(models.Model):
    """The yearly fee for one band of revenue, for a time. Lower bound exclusive above 0, upper inclusive."""

    code = models.CharField(max_length=10, choices=RevenueBand)
    revenue_from_eur = models.DecimalField(max_digits=14, decimal_places=2)
    revenue_to_eur = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    annual_fee_eur = models.DecimalField(max_digits=10, decimal_places=2)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    source = models.TextField(blank=True)

    objects = FeeBandQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code", "valid_from"], name="fee_band_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(valid_from=None), name="fee_band_once_undated"),
            models.CheckConstraint(
                condition=Q(revenue_to_eur=None) | Q(revenue_to_eur__gt=F("revenue_from_eur")),
                name="fee_band_bounds_in_order",
            ),
        )


class FeeReduction(models.Model):
    """A share off the fee for members of a partner association, for a time."""

    code = models.CharField(max_length=20, help_text="Of the association, such as `pata`.")
    share = models.DecimalField(max_digits=4, decimal_places=3, help_text="0 to 1.")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    source = models.TextField(blank=True)

    objects = FeeBandQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code", "valid_from"], name="fee_reduction_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(valid_from=None), name="fee_reduction_once_undated"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="fee_reduction_is_a_share"),
        )


class FeeTerms(models.Model):
    """Terms of payment, from a day on. The newest in force counts; a new row never edits the past."""

    effective_from = models.DateField(unique=True)
    payment_days = models.PositiveSmallIntegerField(default=30, help_text="From issue to due day.")
    confirmation_months = models.PositiveSmallIntegerField(
        default=12, help_text="How long a confirmed revenue band serves: the company confirms it each year."
    )
    payee = models.CharField(max_length=200, blank=True, help_text="Who is paid, as the bank knows it.")
    iban = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    source = models.TextField(blank=True)

    objects = FeeTermsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "fee terms"


class CompanyReduction(models.Model):
    """A company belongs to a partner association, and pays less while it does."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey("codesign.Company", models.PROTECT, related_name="fee_reductions")
    code = models.CharField(max_length=20, help_text="Of the association, such as `pata`.")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="The last day; None: until further notice.")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = CompanyReductionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["company", "code"], condition=Q(valid_until=None), name="company_reduction_one_open"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="company_reduction_period_in_order",
            ),
        )


class FeeYear(models.Model):
    """One membership year: from when to when, and from which day on its invoices are raised."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    year = models.PositiveSmallIntegerField(unique=True)
    opens_on = models.DateField()
    closes_on = models.DateField(help_text="The last day.")
    invoices_on = models.DateField(help_text="From this day on each member without an invoice gets one.")
    unconfirmed_days = models.PositiveSmallIntegerField(
        default=60,
        help_text="So many days later the last known band serves, where none was confirmed within the year.",
    )
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = FeeYearQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(closes_on__gt=F("opens_on")), name="fee_year_in_order"),
            models.CheckConstraint(condition=Q(invoices_on__lte=F("closes_on")), name="fee_year_invoices_within"),
        )


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


class AgreementText(models.Model):
    """One version of the agreement's text, in the languages in which it is signed."""

    version = models.CharField(max_length=20, unique=True)
    effective_from = models.DateField()
    texts = models.JSONField(help_text="Language → title and paragraphs.")
    source = models.TextField(blank=True)


class CodeAgreement(models.Model):
    """An agreement of one membership and who signed it when: by role, never by name. Signing again keeps the former."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey("codesign.CodeMembership", models.PROTECT, related_name="code_agreements")
    text_version = models.CharField(max_length=20)
    sent_on = models.DateField()
    company_signed_on = models.DateField(null=True, blank=True)
    company_signed_role = models.CharField(max_length=60, blank=True)
    company_signed_by_id = models.UUIDField(null=True, blank=True)
    representative_signed_on = models.DateField(null=True, blank=True)
    representative_signed_role = models.CharField(max_length=60, blank=True)
    representative_signed_by_id = models.UUIDField(null=True, blank=True)
    superseded_on = models.DateField(null=True, blank=True, help_text="When another one took its place.")
    document = models.OneToOneField("registry.Document", models.PROTECT, null=True, blank=True, related_name="+")
    document_link = models.CharField(max_length=500, blank=True, help_text="Where the signed paper is kept instead.")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = CodeAgreementQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(superseded_on=None) & (Q(company_signed_on=None) | Q(representative_signed_on=None)),
                name="code_agreement_one_waits",
            ),
        )
