"""Credit notes: a part of an invoice taken back, or all of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from codesign.fees import actions
from codesign.fees.figures import open_amount
from codesign.fees.models import CreditNote, Invoice
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Invalid, Refused, Stale
from tests.factories.companies import make_scope
from tests.factories.fees import load_fee_table, make_invoice

pytestmark = pytest.mark.django_db
ACTOR = make_scope()


def credit(invoice, at, amount, **more):
    return actions.credit(
        invoice_id=invoice.pk, amount_eur=Decimal(amount), reason_code="error", **more, actor=ACTOR, at=at
    )


def pay(invoice, at, amount, reference="A1"):
    given = {"amount_eur": Decimal(amount), "paid_on": date(2026, 11, 20), "reference": reference}
    return actions.record_payment(invoice_id=invoice.pk, **given, actor=ACTOR, at=at)


def test_the_rest_after_a_credit_is_all_that_is_paid(at):
    invoice = make_invoice()

    note = credit(invoice, at, "75", expected_version=1)
    with pytest.raises(Refused) as refused:
        pay(invoice, at, "300")
    pay(invoice, at, "225")

    invoice.refresh_from_db()
    assert (note.number, note.issued_on) == ("CN-2026-00001", date(2026, 11, 22))
    assert (refused.value.code, refused.value.details) == ("overpaid", {"open_eur": "225.00"})
    assert (invoice.state, invoice.paid_on, open_amount(invoice)) == ("paid", date(2026, 11, 20), 0)


def test_taken_back_whole_it_is_cancelled_and_the_year_may_be_asked_for_anew(at):
    load_fee_table()
    invoice = make_invoice()

    credit(invoice, at, "300")
    again = actions.issue_invoice(membership_id=invoice.membership_id, year=2026, actor=ACTOR, at=at)

    invoice.refresh_from_db()
    assert (invoice.state, invoice.paid_on, again.state) == ("cancelled", None, "open")


def test_a_rest_that_is_taken_back_settles_what_was_paid_in_part(at):
    invoice = make_invoice()
    pay(invoice, at, "200")

    credit(invoice, at, "100")

    invoice.refresh_from_db()
    assert (invoice.state, invoice.paid_on) == ("paid", date(2026, 11, 22))


@pytest.mark.parametrize(
    ("state", "amount", "more", "code"),
    [
        ("open", "300.01", {}, "more_than_asked"),
        ("open", "0", {}, "invalid"),
        ("open", "10", {"expected_version": 7}, "stale"),
        ("waived", "10", {}, "invoice_closed"),
        ("cancelled", "10", {}, "invoice_closed"),
    ],
)
def test_a_wrong_credit_changes_nothing(at, state, amount, more, code):
    invoice = make_invoice(state=state)

    with pytest.raises((Refused, Invalid, Stale)) as refused:
        credit(invoice, at, amount, **more)

    assert refused.value.code == code
    assert (CreditNote.objects.count(), AuditEvent.objects.count()) == (0, 0)
    assert Invoice.objects.get().version == 1
