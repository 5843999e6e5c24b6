"""Enter what a bank's statement says, line by line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from codesign.fees.matching import TO_WRITE, Match, ReceiptLabel, match
from codesign.fees.models import Invoice
from codesign.fees.statements import Receipt, Unreadable
from codesign.standing.actions.join import record_payment
from members.scope import Scope
from registry.kernel.errors import DomainError, Fault, Invalid, Refused


class AmbiguousPayment(Refused):
    """A line may pay two invoices: nothing of the statement is written until somebody says which."""

    default_code = "ambiguous_payment"


_LABELS = {
    "payment_repeated": ReceiptLabel.ALREADY_THERE,
    "overpaid": ReceiptLabel.OVERPAID,
    "invoice_closed": ReceiptLabel.OVERPAID,
}


@transaction.atomic
def enter_receipts(
    *,
    lines: Iterable[Receipt | Unreadable],
    leave_out_ambiguous: bool = False,
    is_trial: bool = False,
    actor: Scope,
    at: datetime,
) -> list[Match]:
    """Record the payments that are clear, and say of each line what became of it; the same statement twice adds none.

    `is_trial`: an ambiguous line is labelled instead of refused; the others are entered, so that each has the label
    that it would have, and the caller takes all back. Raises AmbiguousPayment with a fault for each such line, unless
    they are to be left out.
    """
    matches = match(lines, Invoice.objects.visible_to(actor))
    unclear = [line for line in matches if line.label is ReceiptLabel.AMBIGUOUS]
    if unclear and not leave_out_ambiguous and not is_trial:
        faults = tuple(Fault(f"/rows/{line.number}", "two_invoices", line.errors[0].message) for line in unclear)
        raise AmbiguousPayment("Say for each such line which invoice is meant, or leave them out.", faults=faults)
    for line in matches:  # each is a decision of its own: it may make a member
        if line.label in TO_WRITE:
            _enter(line, actor=actor, at=at)
    return matches


def _enter(line: Match, *, actor: Scope, at: datetime) -> None:
    """Record one payment, or label it by what stood in its way: another officer may have been faster."""
    receipt = line.receipt
    assert receipt is not None
    assert line.invoice_id is not None
    try:
        with transaction.atomic():
            line.payment_id = record_payment(
                invoice_id=line.invoice_id,
                amount_eur=receipt.amount_eur,
                paid_on=receipt.paid_on,
                reference=receipt.reference,
                actor=actor,
                at=at,
            ).pk
    except Invalid as error:
        line.relabel(ReceiptLabel.REFUSED, *(Fault(f.pointer.lstrip("/"), f.code, f.message) for f in error.faults))
    except DomainError as error:
        label = _LABELS.get(error.code, ReceiptLabel.REFUSED)
        line.relabel(label, Fault("", error.code, error.detail))
