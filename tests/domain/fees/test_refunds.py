"""Refunds: money that a credit note left over goes back, as a fact of its own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from codesign.fees import actions
from codesign.fees.figures import balance_of
from codesign.fees.models import Invoice, Refund
from codesign.fees.rules import Balance
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Invalid, Refused
from tests.factories.companies import make_scope
from tests.factories.fees import load_fee_table, make_invoice

pytestmark = pytest.mark.django_db
ACTOR = make_scope()


@pytest.fixture
def paid(at):
    """The payment of a whole invoice of 300 EUR on 20 November."""
    given = {"amount_eur": Decimal(300), "paid_on": date(2026, 11, 20), "reference": "A1"}
    return actions.record_payment(invoice_id=make_invoice().pk, **given, actor=ACTOR, at=at)


def credit(payment, at, amount):
    given = {"amount_eur": Decimal(amount), "reason_code": "error"}
    return actions.credit(invoice_id=payment.invoice_id, **given, actor=ACTOR, at=at)


def refund(payment, at, amount, reference="B1", refunded_on=date(2026, 11, 21)):
    given = {"amount_eur": Decimal(amount), "refunded_on": refunded_on, "reference": reference, "reason_code": "error"}
    return actions.refund(payment_id=payment.pk, **given, actor=ACTOR, at=at)


def told(payment):
    invoice = Invoice.objects.get(pk=payment.invoice_id)
    balance = balance_of(invoice)
    return invoice.state, invoice.paid_on, balance.open, balance.owed_back


def test_a_reduction_forgotten_is_credited_and_goes_back(paid, at):
    credit(paid, at, "75")
    assert told(paid) == ("paid", date(2026, 11, 20), 0, 75)

    row = refund(paid, at, "75")

    assert (row.amount_eur, row.refunded_on, row.reason_code) == (75, date(2026, 11, 21), "error")
    assert told(paid) == ("paid", date(2026, 11, 20), 0, 0)
    events = AuditEvent.objects.order_by("at", "pk").values_list("action", flat=True)
    assert list(events)[-1] == "refunds.create"


def test_taken_back_whole_it_is_cancelled_with_the_last_refund(paid, at):
    load_fee_table()
    credit(paid, at, "300")
    refund(paid, at, "100")
    assert told(paid) == ("paid", date(2026, 11, 20), 0, 200)
    with pytest.raises(Refused) as refused:
        actions.issue_invoice(membership_id=paid.invoice.membership_id, year=2026, actor=ACTOR, at=at)
    assert refused.value.code == "invoice_exists"

    refund(paid, at, "200", reference="B2")
    again = actions.issue_invoice(membership_id=paid.invoice.membership_id, year=2026, actor=ACTOR, at=at)

    assert told(paid) == ("cancelled", None, 0, 0)
    assert again.state == "open"


@pytest.mark.parametrize(
    ("amount", "more", "code"),
    [
        ("75.01", {}, "more_than_owed_back"),
        ("0", {}, "invalid"),
        ("75", {"refunded_on": date(2026, 11, 19)}, "invalid"),
        ("75", {"refunded_on": date(2026, 11, 23)}, "invalid"),
    ],
)
def test_a_wrong_refund_changes_nothing(paid, at, amount, more, code):
    credit(paid, at, "75")
    before = told(paid), Invoice.objects.get().version, AuditEvent.objects.count()

    with pytest.raises((Refused, Invalid)) as refused:
        refund(paid, at, amount, **more)

    assert refused.value.code == code
    assert (told(paid), Invoice.objects.get().version, AuditEvent.objects.count()) == before
    assert not Refund.objects.exists()


def test_the_same_line_of_the_bank_is_one_refund(paid, at):
    credit(paid, at, "75")
    refund(paid, at, "25")

    with pytest.raises(Refused) as refused:
        refund(paid, at, "25")

    assert (refused.value.code, Refund.objects.count(), told(paid)[3]) == ("refund_repeated", 1, 50)


def test_no_more_goes_back_from_a_payment_than_came_with_it(at):
    invoice = make_invoice()
    parts = [
        actions.record_payment(
            invoice_id=invoice.pk,
            amount_eur=Decimal(amount),
            paid_on=date(2026, 11, 20),
            reference=reference,
            actor=ACTOR,
            at=at,
        )
        for reference, amount in (("A1", 100), ("A2", 200))
    ]
    credit(parts[0], at, "150")

    with pytest.raises(Refused) as refused:
        refund(parts[0], at, "150")

    assert (refused.value.code, refused.value.details) == ("more_than_paid", {"left_eur": "100.00"})
    refund(parts[0], at, "100")
    refund(parts[1], at, "50")
    assert told(parts[0]) == ("paid", date(2026, 11, 20), 0, 0)


@pytest.mark.parametrize(
    ("asked", "received", "state", "open_eur", "owed_back"),
    [
        (300, 0, "open", 300, 0),
        (300, 100, "part_paid", 200, 0),
        (300, 300, "paid", 0, 0),
        (225, 300, "paid", 0, 75),
        (0, 300, "paid", 0, 300),
        (0, 0, "cancelled", 0, 0),
    ],
)
def test_a_balance_says_the_state(asked, received, state, open_eur, owed_back):
    balance = Balance(asked=Decimal(asked), received=Decimal(received))

    assert (balance.state, balance.open, balance.owed_back) == (state, open_eur, owed_back)
