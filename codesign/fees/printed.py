"""Invoices, credit notes and agreements on paper."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from codesign.companies.printing import day, euros, language_of, printed, words
from codesign.fees.figures import with_paid
from codesign.fees.models import UNSETTLED, AgreementText, CodeAgreement, CreditNote, FeeTerms, Invoice, InvoiceState
from codesign.fees.providers import provider
from codesign.fees.rules import Balance
from registry.kernel.errors import NotFound

_OF = "membership__company__organisation__country"
_NOTES = {InvoiceState.WAIVED: "waived", InvoiceState.CANCELLED: "cancelled"}


def invoice_pdf(invoice_id: UUID, *, language: str) -> bytes:
    """An invoice with what was received and what is open, and how to pay. Five queries."""
    invoice = with_paid(Invoice.objects.select_related(_OF)).get(pk=invoice_id)
    code = language_of(language)
    said = words("invoice")[code]
    lines = [
        {"text": f"{said['year']} {invoice.year} – {said[invoice.band]}", "amount": euros(invoice.amount_eur, code)}
    ]
    if invoice.reduction_code:
        lines[0]["text"] += f" – {said['reduction']} {invoice.reduction_code.upper()}"
    credited, paid, refunded = (
        sum_eur or Decimal(0) for sum_eur in (invoice.credited_eur, invoice.paid_eur, invoice.refunded_eur)
    )
    for word, amount in (("credited", -credited), ("paid", -paid), ("refunded", refunded)):
        if amount:
            lines.append({"text": said[word], "amount": euros(amount, code)})
    balance = Balance(asked=invoice.amount_eur - credited, received=paid - refunded)
    open_eur = balance.open if invoice.state in UNSETTLED else Decimal(0)
    return printed(
        "invoice",
        {
            "kind": "invoice",
            **_heads(invoice, invoice.number, code),
            "heads": [
                ["number", invoice.number],
                ["issued_on", day(invoice.issued_on, code)],
                ["due_on", day(invoice.due_on, code)],
            ],
            "lines": lines,
            "total_word": said["open"],
            "total": euros(open_eur, code),
            "note": _NOTES.get(InvoiceState(invoice.state), ""),
            "pay_to": _pay_to(invoice) if open_eur else None,
        },
        language=code,
        at=invoice.created_at,
    )


def credit_note_pdf(note_id: UUID, *, language: str) -> bytes:
    """A credit note with the invoice that it takes back from. Two queries."""
    note = CreditNote.objects.select_related(f"invoice__{_OF}").get(pk=note_id)
    code = language_of(language)
    said = words("invoice")[code]
    line = f"{said['for_invoice']} {note.invoice.number} – {said['reason']}: {note.reason_code}"
    return printed(
        "invoice",
        {
            "kind": "credit_note",
            **_heads(note.invoice, note.number, code),
            "heads": [["number", note.number], ["issued_on", day(note.issued_on, code)]],
            "lines": [{"text": line, "amount": euros(-note.amount_eur, code)}],
            "total_word": said["credited"],
            "total": euros(note.amount_eur, code),
            "note": "",
            "pay_to": None,
        },
        language=code,
        at=note.created_at,
    )


def agreement_pdf(agreement_id: UUID, *, language: str) -> bytes:
    """The text of an agreement's version with its signatures by role. Three queries. NotFound without that text."""
    agreement = CodeAgreement.objects.select_related(_OF, "membership__representative").get(pk=agreement_id)
    text = AgreementText.objects.filter(version=agreement.text_version).first()
    if text is None:
        raise NotFound("The register holds no text of this version.", code="no_text")
    code = language_of(*(each for each in (language, "en") if each.split("-")[0] in text.texts))
    said, told = words("agreement")[code], text.texts[code]
    membership = agreement.membership
    representative = membership.representative
    sides: list[tuple[str, str, date | None]] = [
        (membership.company.organisation.name, agreement.company_signed_role, agreement.company_signed_on),
        (
            representative.name if representative else said["secretariat"],
            agreement.representative_signed_role,
            agreement.representative_signed_on,
        ),
    ]
    return printed(
        "agreement",
        {
            "title": told["title"],
            "paragraphs": told["paragraphs"],
            "version": agreement.text_version,
            "company": membership.company.organisation.name,
            "member_number": membership.number or "",
            "sent_on": day(agreement.sent_on, code),
            "superseded_on": day(agreement.superseded_on, code),
            "sides": [[name, role, day(signed_on, code)] for name, role, signed_on in sides],
        },
        language=code,
        at=agreement.created_at,
    )


def _heads(invoice: Invoice, number: str, language: str) -> dict[str, Any]:
    organisation = invoice.membership.company.organisation
    country = organisation.country
    return {
        "number": number,
        "company": organisation.name,
        "country": country.names.get(language) or country.names.get("en", country.pk) if country else "",
        "member_number": invoice.membership.number or "",
    }


def _pay_to(invoice: Invoice) -> list[list[str]]:
    """The pairs of words and values; without an account, the reference alone."""
    told = provider().pay_to(invoice.number, FeeTerms.objects.in_force(invoice.issued_on))
    pairs = [["payee", told.payee], ["iban", told.iban], ["bic", told.bic], ["reference", told.reference]]
    return [pair for pair in pairs if pair[1]]
