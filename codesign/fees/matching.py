"""Which invoice a receipt pays: by the numbers that it names, never by a guess from the amount."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import TextChoices

from codesign.fees.figures import with_paid
from codesign.fees.models import UNSETTLED, Payment
from codesign.fees.querysets import InvoiceQuerySet
from codesign.fees.statements import Receipt, Unreadable
from registry.kernel.errors import Fault


class ReceiptLabel(TextChoices):
    """What a line of a statement is to the register."""

    MATCHED = "matched", "Pays what is open on one invoice"
    PART_PAYMENT = "part_payment", "Pays a part of what is open on one invoice"
    OVERPAID = "overpaid", "More than is open on the invoice that it names"
    AMBIGUOUS = "ambiguous", "Names two invoices, or a member with two that are open"
    UNKNOWN = "unknown", "Names no invoice of the caller's"
    ALREADY_THERE = "already_there", "Is recorded already, or stands in the statement twice"
    REFUSED = "refused", "Can't be read, is no money coming in, or is not the caller's to enter"


TO_WRITE = (ReceiptLabel.MATCHED, ReceiptLabel.PART_PAYMENT)


@dataclass(kw_only=True)
class Match:
    """One line with its label. `open_eur`: on the invoice before this line, None without an invoice."""

    number: int
    label: ReceiptLabel
    receipt: Receipt | None = None
    invoice_id: UUID | None = None
    invoice_number: str = ""
    open_eur: Decimal | None = None
    errors: list[Fault] = field(default_factory=list)
    payment_id: UUID | None = None

    def relabel(self, label: ReceiptLabel, *faults: Fault) -> None:
        """Say why it is not written after all."""
        self.label, self.errors = label, [*self.errors, *faults]


@dataclass(kw_only=True)
class _Asked:
    """An invoice while the lines are gone through, one after the other; `references` of those that pay it."""

    id: UUID
    number: str
    open_eur: Decimal
    is_closed: bool
    references: set[str] = field(default_factory=set)


def match(lines: Iterable[Receipt | Unreadable], invoices: InvoiceQuerySet) -> list[Match]:
    """Label each line against `invoices`, those that the caller sees. Three queries."""
    lines = list(lines)
    told = [line for line in lines if isinstance(line, Receipt)]
    by_number, by_member = _invoices(told, invoices)
    references = {receipt.reference for receipt in told}
    # Whoever sees no invoice learns of no payment either.
    known = Payment.objects.filter(invoice__in=invoices.values("pk"), reference__in=references)
    recorded: dict[str, list[tuple[UUID, Decimal, date]]] = defaultdict(list)
    for reference, invoice, amount, day in known.values_list("reference", "invoice_id", "amount_eur", "paid_on"):
        recorded[reference].append((invoice, amount, day))
    found = []
    for line in lines:
        if isinstance(line, Unreadable):
            found.append(Match(number=line.number, label=ReceiptLabel.REFUSED, errors=list(line.faults)))
        else:
            found.append(_matched(line, by_number, by_member, recorded))
    return found


def _invoices(told: list[Receipt], invoices: InvoiceQuerySet) -> tuple[dict[str, _Asked], dict[str, list[_Asked]]]:
    """Invoices that lines name, and the open ones of members that lines name."""
    rows = with_paid(invoices)
    columns = ("pk", "number", "amount_eur", "paid_eur", "credited_eur", "state", "membership__number")
    numbers = {number for receipt in told for number in receipt.invoices}
    members = {number for receipt in told if not receipt.invoices for number in receipt.members}
    by_number: dict[str, _Asked] = {}
    by_member: dict[str, list[_Asked]] = defaultdict(list)
    named = rows.filter(number__in=numbers).values_list(*columns)
    open_ones = (
        rows.filter(membership__number__in=members, state__in=UNSETTLED).order_by("number").values_list(*columns)
    )
    for pk, number, amount, paid, credited, state, member in (*named, *open_ones):
        is_open = state in UNSETTLED
        rest = amount - (paid or 0) - (credited or 0) if is_open else Decimal(0)
        asked = by_number.setdefault(number, _Asked(id=pk, number=number, open_eur=rest, is_closed=not is_open))
        if member in members and is_open and asked not in by_member[member]:
            by_member[member].append(asked)
    return by_number, by_member


def _matched(
    receipt: Receipt,
    by_number: dict[str, _Asked],
    by_member: dict[str, list[_Asked]],
    recorded: dict[str, list[tuple[UUID, Decimal, date]]],
) -> Match:
    if receipt.invoices:
        asked = [by_number[number] for number in receipt.invoices if number in by_number]
    else:
        asked = [each for member in receipt.members for each in by_member.get(member, ())]
    line = Match(number=receipt.number, label=ReceiptLabel.UNKNOWN, receipt=receipt)
    same = [row for row in recorded.get(receipt.reference, ()) if row[1:] == (receipt.amount_eur, receipt.paid_on)]
    if same or (len(asked) == 1 and any(row[0] == asked[0].id for row in recorded.get(receipt.reference, ()))):
        line.label = ReceiptLabel.ALREADY_THERE
        line.invoice_id = same[0][0] if same else asked[0].id
        line.invoice_number = next((each.number for each in asked if each.id == line.invoice_id), "")
        return line
    if len(asked) > 1:
        names = ", ".join(each.number for each in asked)
        line.relabel(ReceiptLabel.AMBIGUOUS, Fault("message", "two_invoices", f"It may pay any of {names}."))
        return line
    if not asked:
        line.relabel(ReceiptLabel.UNKNOWN, Fault("message", "no_invoice", "It names no invoice that you see."))
        return line
    invoice = asked[0]
    line.invoice_id, line.invoice_number = invoice.id, invoice.number
    if receipt.reference in invoice.references:
        line.label = ReceiptLabel.ALREADY_THERE
        return line
    line.open_eur = invoice.open_eur
    if receipt.amount_eur > invoice.open_eur:
        code = "invoice_closed" if invoice.is_closed else "overpaid"
        line.relabel(ReceiptLabel.OVERPAID, Fault("amount_eur", code, f"Only {invoice.open_eur} EUR are open."))
        return line
    is_all = receipt.amount_eur == invoice.open_eur
    line.label = ReceiptLabel.MATCHED if is_all else ReceiptLabel.PART_PAYMENT
    invoice.open_eur -= receipt.amount_eur
    invoice.references.add(receipt.reference)
    return line
