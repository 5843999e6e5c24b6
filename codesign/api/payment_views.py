"""Payments over HTTP: recorded one by one or from a bank's statement, and what was paid back."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from codesign.api import standing_bodies as bodies
from codesign.api import standing_rows as shown
from codesign.api.fee_bodies import RefundBody, StatementBody
from codesign.api.fee_rows import CENT, RefundRow, StatementAnswer
from codesign.fees.matching import Match, ReceiptLabel
from codesign.fees.models import Payment, Refund
from codesign.fees.providers import provider
from codesign.standing import actions
from registry.kernel.api.calls import Call
from registry.kernel.api.commands import wants_dry_run
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.uploads import TakesFiles
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command


class PaymentFilters(RowFilters):
    """Filters of payments."""

    invoice = AnyOf("invoice_id", kind=forms.UUIDField(), help_text="Id of the invoice.")
    membership = AnyOf("invoice__membership_id", kind=forms.UUIDField(), help_text="Id of the membership.")

    class Meta:
        model = Payment
        fields: list[str] = []


class PaymentViews(TakesFiles, ListRows, ReadRow, ResourceViews):
    """Money received for invoices. Never edited."""

    resource = "payments"
    tag = "Fees"
    row = shown.PaymentRow
    filters = PaymentFilters
    orderings = {"paid_on": "paid_on", "recorded_at": "recorded_at"}
    dated = False
    version_column = None
    uploading = frozenset({"import_statement"})

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return Payment.objects.visible_to(scope)

    @command(
        body=bodies.PaymentBody,
        summary="Record a payment",
        errors=(403, 409),
        example={
            "invoice": "0193a000-0000-7000-8000-000000000002",
            "amount_eur": "300.00",
            "paid_on": "2026-11-20",
            "reference": "2026-11-20/0017",
        },
    )
    def create(self, call: Call) -> Payment:
        """The payment that settles the first invoice makes a signed company a member."""
        return actions.record_payment(**call.data, actor=call.scope, at=call.at)

    @command(
        path="import",
        body=StatementBody,
        answer=StatementAnswer,
        summary="Record the payments of a bank's statement",
        errors=(403, 409),
        example={
            "rows": [{"date": "23/11/2026", "amount": "300,00", "message": "INV-2026-00012", "reference": "0017"}],
        },
    )
    def import_statement(self, call: Call) -> dict[str, Any]:
        """Try it with `?dry_run=true` first: every line is labelled, and nothing is written.

        A line pays the one invoice that it names: by its number, by the payment reference printed on it, or by the
        member number where one invoice is open. What matches two is refused (409, with the lines), and nothing of
        the statement is written. The same statement twice changes nothing. Of the payer nothing is kept.
        """
        data, is_trial = call.data, wants_dry_run(call.request)
        lines = provider().receipts(data["table"])
        leave_out = data["leave_out_ambiguous"]
        matches = actions.enter_receipts(
            lines=lines, leave_out_ambiguous=leave_out, is_trial=is_trial, actor=call.scope, at=call.at
        )
        counts = Counter(match.label for match in matches)
        return {
            "is_blocked": bool(counts[ReceiptLabel.AMBIGUOUS]) and not leave_out,
            "counts": {label.value: counts[label] for label in ReceiptLabel},
            "lines": [_shown(match, is_trial=is_trial) for match in matches],
        }


class RefundFilters(RowFilters):
    """Filters of refunds."""

    payment = AnyOf("payment_id", kind=forms.UUIDField(), help_text="Id of the payment.")
    invoice = AnyOf("payment__invoice_id", kind=forms.UUIDField(), help_text="Id of the invoice.")

    class Meta:
        model = Refund
        fields: list[str] = []


class RefundViews(ListRows, ReadRow, ResourceViews):
    """Money paid back. Never edited."""

    resource = "refunds"
    tag = "Fees"
    row = RefundRow
    filters = RefundFilters
    orderings = {"refunded_on": "refunded_on", "recorded_at": "recorded_at"}
    dated = False
    version_column = None

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return Refund.objects.visible_to(scope)

    @command(
        body=RefundBody,
        summary="Record money that was paid back",
        errors=(403, 409),
        example={
            "payment": "0193a000-0000-7000-8000-000000000002",
            "amount_eur": "75.00",
            "refunded_on": "2026-11-20",
            "reference": "2026-11-20/0018",
            "reason": "reduction_forgotten",
        },
    )
    def create(self, call: Call) -> Refund:
        """What a credit note left over of a payment, no more; an invoice taken back whole is cancelled with it."""
        data = dict(call.data)
        return actions.pay_back(reason_code=data.pop("reason"), **data, actor=call.scope, at=call.at)


def _shown(match: Match, *, is_trial: bool) -> dict[str, Any]:
    receipt = match.receipt
    return {
        "number": match.number,
        "label": match.label,
        "paid_on": receipt and receipt.paid_on,
        "amount_eur": receipt and receipt.amount_eur,
        "reference": receipt.reference if receipt else "",
        "invoice": match.invoice_number,
        "open_eur": None if match.open_eur is None else match.open_eur.quantize(CENT),
        # What a dry run recorded is gone again.
        "payment_id": None if is_trial else match.payment_id,
        "errors": [vars(fault) for fault in match.errors],
    }
