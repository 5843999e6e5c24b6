"""What is shown of fees: bands, years, invoices, credit notes, statements."""

from __future__ import annotations

from decimal import Decimal

from rest_framework import serializers

from codesign.companies.models import RevenueBand
from codesign.fees.matching import ReceiptLabel
from codesign.fees.models import UNSETTLED, CreditNote, InvoiceState, Payment
from codesign.fees.providers import structured_reference
from codesign.fees.rules import Balance
from registry.kernel.api.rows import Computed, Many, Ref, RowSerializer

CENT = Decimal("0.01")
_COMPANY = "membership__company__organisation__name"


def _cents(row: tuple[Decimal | None]) -> Decimal | None:
    # SQLite adds decimals as floating numbers and forgets the cents that are nought.
    return None if row[0] is None else row[0].quantize(CENT)


_Sums = tuple[str, Decimal, Decimal | None, Decimal | None, Decimal | None]
_SUMS = ("state", "amount_eur", "paid_eur", "refunded_eur", "credited_eur")


def _balance(row: _Sums) -> Balance:
    _, amount, paid, refunded, credited = row
    zero = Decimal(0)
    return Balance(asked=amount - (credited or zero), received=(paid or zero) - (refunded or zero))


def _open(row: _Sums) -> Decimal:
    return (_balance(row).open if row[0] in UNSETTLED else Decimal(0)).quantize(CENT)


def _owed_back(row: _Sums) -> Decimal:
    return _balance(row).owed_back.quantize(CENT)


class FeeBandRow(RowSerializer):
    """The yearly fee for one band of revenue."""

    code = serializers.ChoiceField(RevenueBand.choices)
    revenue_from_eur = serializers.DecimalField(14, 2, help_text="Exclusive, but for 0.")
    revenue_to_eur = serializers.DecimalField(14, 2, allow_null=True, help_text="Inclusive; null without a bound.")
    annual_fee_eur = serializers.DecimalField(10, 2)
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]


class FeeReductionRow(RowSerializer):
    """What members of a partner association pay less."""

    code = serializers.CharField(help_text="Of the association, such as `pata`.")
    share = serializers.DecimalField(4, 3, help_text="Taken off the fee, 0 to 1.")
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]


class FeeTermsRow(RowSerializer):
    """Terms of payment from a day on."""

    effective_from = serializers.DateField()
    payment_days = serializers.IntegerField(help_text="From issue to due day.")
    confirmation_months = serializers.IntegerField(help_text="How long a confirmed revenue band serves.")
    payee = serializers.CharField(help_text="Who is paid; may be empty.")
    iban = serializers.CharField(help_text="May be empty.")
    bic = serializers.CharField(help_text="May be empty.")
    source = serializers.CharField()  # type: ignore[assignment]


class CompanyReductionRow(RowSerializer):
    """A company that pays less, from when to when."""

    id = serializers.UUIDField()
    company = Ref("companies", "company_id", "company__organisation__name")
    code = serializers.CharField(help_text="Of the association.")
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True, help_text="The last day; null until further notice.")


class FeeYearRow(RowSerializer):
    """One membership year."""

    id = serializers.UUIDField()
    year = serializers.IntegerField()
    opens_on = serializers.DateField()
    closes_on = serializers.DateField(help_text="The last day.")
    invoices_on = serializers.DateField(help_text="From this day on each member without an invoice gets one.")
    unconfirmed_days = serializers.IntegerField(
        help_text="So many days later the last known band serves where none was confirmed within the year."
    )
    version = serializers.IntegerField()


class RaisedAnswer(serializers.Serializer):
    """What a run did."""

    raised = serializers.IntegerField(help_text="Invoices that are new.")
    waiting = serializers.IntegerField(help_text="Members that lack one still: see `waiting/`.")


class WaitingMemberRow(RowSerializer):
    """A member that has no invoice for the year yet."""

    membership = Ref("code-memberships", "pk", "company__organisation__name")
    company = Ref("companies", "company_id", "company__organisation__name")
    revenue_band = serializers.CharField(source="company.revenue_band", help_text="The last one known; may be empty.")
    revenue_band_confirmed_on = serializers.DateField(source="company.revenue_band_confirmed_on", allow_null=True)


class PaymentPartRow(RowSerializer):
    """Money received for an invoice."""

    id = serializers.UUIDField()
    amount_eur = serializers.DecimalField(10, 2)
    paid_on = serializers.DateField()
    reference = serializers.CharField()


class CreditPartRow(RowSerializer):
    """A part of an invoice that was taken back."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    amount_eur = serializers.DecimalField(10, 2)
    reason = serializers.CharField(source="reason_code")
    issued_on = serializers.DateField()


class InvoiceRow(RowSerializer):
    """The fee of one membership for one year."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    membership = Ref("code-memberships", "membership_id", _COMPANY)
    company = Ref("companies", "membership__company_id", _COMPANY)
    year = serializers.IntegerField()
    band = serializers.ChoiceField(RevenueBand.choices)
    band_confirmed_on = serializers.DateField(
        allow_null=True, help_text="The confirmation that it rests on; over a year old: the last one known."
    )
    reduction_code = serializers.CharField(help_text="Association whose members pay less; empty without.")
    amount_eur = serializers.DecimalField(10, 2)
    paid_eur = Computed(
        ("paid_eur",),
        _cents,
        serializers.DecimalField(10, 2, allow_null=True),
        help_text="Received so far; null without a payment.",
    )
    refunded_eur = Computed(
        ("refunded_eur",),
        _cents,
        serializers.DecimalField(10, 2, allow_null=True),
        help_text="Of that, paid back; null without a refund.",
    )
    credited_eur = Computed(
        ("credited_eur",),
        _cents,
        serializers.DecimalField(10, 2, allow_null=True),
        help_text="Taken back; null without a credit note.",
    )
    open_eur = Computed(_SUMS, _open, serializers.DecimalField(10, 2), help_text="Still asked for.")
    owed_back_eur = Computed(
        _SUMS,
        _owed_back,
        serializers.DecimalField(10, 2),
        help_text="Received beyond what is asked for after credit notes: to be paid back.",
    )
    payment_reference = Computed(
        ("number",),
        lambda row: structured_reference(row[0]),
        serializers.CharField(),
        help_text="To be written with a transfer (ISO 11649).",
    )
    issued_on = serializers.DateField()
    due_on = serializers.DateField()
    paid_on = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(InvoiceState.choices)
    payments = Many(
        PaymentPartRow, lambda scope, on: Payment.objects.visible_to(scope), by="invoice_id", order=("paid_on", "pk")
    )
    credit_notes = Many(
        CreditPartRow, lambda scope, on: CreditNote.objects.visible_to(scope), by="invoice_id", order=("number",)
    )


class CreditNoteRow(RowSerializer):
    """A part of an invoice that was taken back."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    invoice = Ref("invoices", "invoice_id", "invoice__number")
    amount_eur = serializers.DecimalField(10, 2)
    reason = serializers.CharField(source="reason_code")
    issued_on = serializers.DateField()


class RefundRow(RowSerializer):
    """Money of a payment that was paid back."""

    id = serializers.UUIDField()
    payment = Ref("payments", "payment_id", "payment__reference")
    invoice = Ref("invoices", "payment__invoice_id", "payment__invoice__number")
    amount_eur = serializers.DecimalField(10, 2)
    refunded_on = serializers.DateField()
    reference = serializers.CharField()
    reason = serializers.CharField(source="reason_code")
    recorded_at = serializers.DateTimeField()


class LineFaultAnswer(serializers.Serializer):
    """Why a line is not written."""

    pointer = serializers.CharField(help_text="Column; empty for the line as a whole.")
    code = serializers.CharField()
    message = serializers.CharField()


class StatementLineAnswer(serializers.Serializer):
    """One line of a statement, and what became of it."""

    number = serializers.IntegerField(help_text="In the file; the header is line 1.")
    label = serializers.ChoiceField(ReceiptLabel.choices)  # type: ignore[assignment]
    paid_on = serializers.DateField(allow_null=True)
    amount_eur = serializers.DecimalField(10, 2, allow_null=True)
    reference = serializers.CharField(help_text="The bank's; made of the line where the bank gives none.")
    invoice = serializers.CharField(help_text="Number of the invoice that it pays; empty for none.")
    open_eur = serializers.DecimalField(
        10, 2, allow_null=True, help_text="On the invoice before this line; null for none."
    )
    payment_id = serializers.UUIDField(allow_null=True, help_text="The payment that was recorded; null for none.")
    errors = LineFaultAnswer(many=True)  # type: ignore[assignment]


class StatementCountsAnswer(serializers.Serializer):
    """Lines by label."""

    matched = serializers.IntegerField()
    part_payment = serializers.IntegerField()
    overpaid = serializers.IntegerField()
    ambiguous = serializers.IntegerField()
    unknown = serializers.IntegerField()
    already_there = serializers.IntegerField()
    refused = serializers.IntegerField()


class StatementAnswer(serializers.Serializer):
    """A statement that was read."""

    is_blocked = serializers.BooleanField(
        help_text="Of a dry run: nothing would be written, because a line may pay two invoices."
    )
    counts = StatementCountsAnswer()
    lines = StatementLineAnswer(many=True)
