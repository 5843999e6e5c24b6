"""Specimens of fees: the table, years, reductions, invoices, credit notes, payments."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from codesign.fees.models import CompanyReduction, CreditNote, FeeTerms, FeeYear, Invoice, Payment, Refund
from tests.contract.places import AT, Place
from tests.contract.specimens.specimen import Specimen, reads, sent
from tests.contract.specimens.standing import in_state
from tests.factories.fees import load_fee_table

_numbers = count(1)
_years = count(2030)
_terms = (date(2020, 1, 1) + timedelta(days=number) for number in count())
BANDS = [
    {"code": "to_500k", "revenue_to_eur": "500000.00", "annual_fee_eur": "60.00"},
    {"code": "to_2_5m", "revenue_to_eur": "2500000.00", "annual_fee_eur": "320.00"},
    {"code": "to_50m", "revenue_to_eur": "50000000.00", "annual_fee_eur": "850.00"},
    {"code": "above_50m", "annual_fee_eur": "2100.00"},
]


def fee_table(place: Place) -> Any:
    """The fee table, of which the lists show all."""
    load_fee_table()


def terms(place: Place) -> Any:
    """Terms of payment, of which the list shows all."""
    FeeTerms.objects.create(effective_from=next(_terms))


def _end_body(place: Place, row: Any) -> dict[str, Any]:
    load_fee_table()
    return {"code": "pata", "last_day": "2026-12-31"}


def invoice(place: Place) -> Any:
    """The first invoice of an approved membership, not paid."""
    return Invoice.objects.get(membership=in_state("approved")(place))


def payment(place: Place) -> Any:
    """Part of the first invoice."""
    return Payment.objects.create(
        invoice=invoice(place), amount_eur="10.00", paid_on=date(2026, 11, 20), reference="R1", recorded_at=AT
    )


def overpaid(place: Place) -> Any:
    """A payment of which a credit note has left 10 EUR over."""
    row = invoice(place)
    paid = {"paid_on": date(2026, 11, 20), "reference": "R3", "recorded_at": AT}
    whole = Payment.objects.create(invoice=row, amount_eur=row.amount_eur, **paid)
    Invoice.objects.filter(pk=row.pk).update(state="paid", paid_on=date(2026, 11, 20))
    number = f"CN-2026-8{next(_numbers):04d}"
    noted = {"reason_code": "rounding", "issued_on": date(2026, 11, 20), "created_at": AT}
    CreditNote.objects.create(number=number, invoice=row, amount_eur="10.00", **noted)
    return whole


def refund(place: Place) -> Any:
    """Money that was paid back."""
    given = {"refunded_on": date(2026, 11, 21), "reference": "B1", "reason_code": "rounding", "recorded_at": AT}
    return Refund.objects.create(payment=overpaid(place), amount_eur="10.00", **given)


def _refund_body(place: Place, row: Any) -> dict[str, Any]:
    given = {"amount_eur": "10.00", "refunded_on": "2026-11-21", "reference": "B2", "reason": "rounding"}
    return {"payment": str(overpaid(place).pk), **given}


def credit_note(place: Place) -> Any:
    """Part of the first invoice, taken back."""
    return CreditNote.objects.create(
        number=f"CN-2026-9{next(_numbers):04d}",
        invoice=invoice(place),
        amount_eur="10.00",
        reason_code="rounding",
        issued_on=date(2026, 11, 20),
        created_at=AT,
    )


def reduction(place: Place) -> Any:
    """A company that pays less."""
    load_fee_table()
    return CompanyReduction.objects.create(
        company=in_state("submitted")(place).company, code="pata", valid_from=date(2026, 1, 1), created_at=AT
    )


def fee_year(place: Place) -> Any:
    """A year whose invoices are due; shared by all staff."""
    year = next(_years)
    day = date(2026, 1, 1)
    return FeeYear.objects.create(year=year, opens_on=day, closes_on=date(year, 12, 31), invoices_on=day, created_at=AT)


def due_year(place: Place) -> Any:
    """The same, with a member who has no invoice of it yet."""
    in_state("active")(place)
    return fee_year(place)


def _statement_body(place: Place, row: Any) -> dict[str, Any]:
    owed = invoice(place)
    line = {"date": "2026-11-20", "amount": f"{owed.amount_eur:.2f}".replace(".", ","), "message": owed.number}
    return {"rows": [line]}


def _payment_body(place: Place, row: Any) -> dict[str, Any]:
    return {"invoice": str(invoice(place).pk), "amount_eur": "10.00", "paid_on": "2026-11-20", "reference": "R2"}


def _invoice_body(place: Place, row: Any) -> dict[str, Any]:
    return {"membership": str(in_state("active")(place).pk), "year": 2027}


def _reduction_body(place: Place, row: Any) -> dict[str, Any]:
    load_fee_table()
    return {"company": str(place.company().pk), "code": "pata", "valid_from": "2026-01-01"}


FEES: dict[str, Specimen] = {
    "fee_bands_list": Specimen(row=fee_table, is_shared=True),
    "fee_bands_create": Specimen(body=sent(valid_from="2027-01-01", bands=BANDS), status=201),
    "fee_reductions_list": Specimen(row=fee_table, is_shared=True),
    "fee_reductions_create": Specimen(body=sent(code="pata", share="0.3", valid_from="2027-01-01"), status=201),
    "fee_reductions_end": Specimen(row=fee_table, body=_end_body, is_shared=True),
    "fee_terms_list": Specimen(row=terms, is_shared=True),
    "fee_terms_create": Specimen(body=sent(effective_from="2027-01-01", payment_days=45), status=201),
    **reads("company_reductions", reduction),
    "company_reductions_create": Specimen(body=_reduction_body, refs=("company",), status=201),
    "company_reductions_end": Specimen(row=reduction, body=sent(last_day="2026-12-31")),
    **reads("fee_years", fee_year, is_shared=True),
    "fee_years_create": Specimen(body=sent(year=2027), status=201),
    "fee_years_raise_due": Specimen(row=due_year, is_shared=True),
    "fee_years_waiting": Specimen(row=fee_year, is_shared=True),
    **reads("invoices", invoice),
    "invoices_create": Specimen(body=_invoice_body, refs=("membership",), status=201),
    "invoices_credit": Specimen(row=invoice, body=sent(amount_eur="10.00", reason="rounding")),
    "invoices_pdf": Specimen(row=invoice),
    **reads("credit_notes", credit_note),
    "credit_notes_pdf": Specimen(row=credit_note),
    **reads("payments", payment),
    "payments_create": Specimen(body=_payment_body, refs=("invoice",), status=201),
    **reads("refunds", refund),
    "refunds_create": Specimen(body=_refund_body, refs=("payment",), status=201),
    "payments_import_statement": Specimen(body=_statement_body),
}
