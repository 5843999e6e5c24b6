"""Invoices, payments in parts, waivers and the two signatures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import CodeMembership
from codesign.fees import actions
from codesign.fees.figures import first_settled_on, with_joining, with_paid
from codesign.fees.models import CodeAgreement, Invoice, Payment, Waiver
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Invalid, Refused, Stale
from tests.factories.companies import OFFICER, make_company, make_membership, make_scope
from tests.factories.fees import load_fee_table, make_agreement, make_invoice

pytestmark = pytest.mark.django_db
ACTOR = make_scope()
OWES = {"approved", "active", "suspended"}


@pytest.fixture(autouse=True)
def _fee_table(db):
    load_fee_table()


def issue(membership, at, **more):
    return actions.issue_invoice(membership_id=membership.pk, year=2026, **more, actor=ACTOR, at=at)


def pay(invoice, at, amount="300", reference="A1", paid_on=date(2026, 11, 20)):
    values = {"amount_eur": Decimal(amount), "paid_on": paid_on, "reference": reference}
    return actions.record_payment(invoice_id=invoice.pk, **values, actor=ACTOR, at=at)


def test_an_invoice_asks_for_the_fee_of_the_band_in_thirty_days(at):
    invoice = issue(make_membership(state="approved"), at, reduction_code="pata")

    assert (invoice.number, invoice.amount_eur, invoice.band) == ("INV-2026-00001", Decimal("225.00"), "to_2_5m")
    assert (invoice.issued_on, invoice.due_on, invoice.state) == (date(2026, 11, 22), date(2026, 12, 22), "open")


def test_numbers_follow_each_other_and_a_refusal_leaves_no_gap(at):
    first = issue(make_membership(state="approved"), at)
    with pytest.raises(Refused):
        issue(first.membership, at)
    with pytest.raises(Invalid):
        issue(make_membership(state="approved"), at, reduction_code="nobody")

    second = issue(make_membership(state="approved"), at)

    assert [first.number, second.number] == ["INV-2026-00001", "INV-2026-00002"]


@pytest.mark.parametrize("state", sorted(set(MembershipState) - OWES))
def test_only_an_approved_application_or_a_member_owes(at, state):
    with pytest.raises(Refused) as refused:
        issue(make_membership(state=state), at)

    assert (refused.value.code, Invoice.objects.count()) == ("membership_not_approved", 0)


@pytest.mark.parametrize(
    "company",
    [
        {"revenue_band": "", "revenue_band_confirmed_on": None},
        {"revenue_band_confirmed_on": None},
        {"revenue_band_confirmed_on": date(2025, 11, 21)},
    ],
)
def test_the_band_must_be_confirmed_within_the_year(at, company):
    with pytest.raises(Refused) as refused:
        issue(make_membership(state="approved", company=make_company(**company)), at)

    assert (refused.value.code, Invoice.objects.count()) == ("revenue_band_unconfirmed", 0)


def test_the_last_day_of_a_confirmation_counts(at):
    company = make_company(revenue_band_confirmed_on=date(2025, 11, 22))

    assert issue(make_membership(state="approved", company=company), at).state == "open"


def test_parts_add_up_and_the_last_part_settles(at):
    invoice = make_invoice()

    pay(invoice, at, "100", "A1", date(2026, 11, 20))
    invoice.refresh_from_db()
    assert (invoice.state, invoice.paid_on) == ("part_paid", None)
    pay(invoice, at, "200", "A2", date(2026, 11, 18))

    invoice.refresh_from_db()
    assert (invoice.state, invoice.paid_on, invoice.version) == ("paid", date(2026, 11, 20), 3)
    assert with_paid(Invoice.objects.all()).get().paid_eur == Decimal("300.00")
    assert first_settled_on(invoice.membership_id) == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("amount", "reference", "paid_on", "code"),
    [
        ("200.01", "A2", date(2026, 11, 20), "overpaid"),
        ("1", "A1", date(2026, 11, 20), "payment_repeated"),
        ("1", "A2", date(2026, 11, 23), "in_future"),
        ("0", "A2", date(2026, 11, 20), "not_positive"),
        ("-1", "A2", date(2026, 11, 20), "not_positive"),
    ],
)
def test_a_wrong_payment_is_refused_and_changes_nothing(at, amount, reference, paid_on, code):
    invoice = make_invoice()
    pay(invoice, at, "100", "A1")
    events = AuditEvent.objects.count()

    with pytest.raises((Refused, Invalid)) as refused:
        pay(invoice, at, amount, reference, paid_on)

    invoice.refresh_from_db()
    assert code in {refused.value.code, *(fault.code for fault in refused.value.faults)}
    assert (invoice.state, invoice.version, Payment.objects.count()) == ("part_paid", 2, 1)
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize("state", ["waived", "cancelled"])
def test_a_closed_invoice_takes_no_money(at, state):
    invoice = make_invoice(state=state)

    with pytest.raises(Refused) as refused:
        pay(invoice, at)

    assert (refused.value.code, Payment.objects.count()) == ("invoice_closed", 0)


def test_a_waiver_closes_the_invoice_and_counts_as_payment(at):
    invoice = make_invoice()

    actions.grant_waiver(membership_id=invoice.membership_id, year=2026, reason_code="pilot", actor=ACTOR, at=at)

    invoice.refresh_from_db()
    assert (invoice.state, invoice.paid_on) == ("waived", None)
    assert first_settled_on(invoice.membership_id) == date(2026, 11, 22)
    membership = with_joining(CodeMembership.objects.all()).get()
    assert (membership.has_settled_fee, membership.has_signed) == (True, False)
    with pytest.raises(Refused) as refused:
        issue(membership, at)
    assert refused.value.code == "fee_waived"


def test_a_paid_fee_is_not_let_off_and_none_twice(at):
    paid = make_invoice(state="paid", paid_on=date(2026, 11, 5))
    waiver = {"year": 2026, "reason_code": "pilot", "actor": ACTOR, "at": at}
    with pytest.raises(Refused) as refused:
        actions.grant_waiver(membership_id=paid.membership_id, **waiver)
    assert refused.value.code == "already_paid"
    other = make_membership(state="approved")
    actions.grant_waiver(membership_id=other.pk, **waiver)

    with pytest.raises(Refused) as refused:
        actions.grant_waiver(membership_id=other.pk, **waiver)

    assert (refused.value.code, Waiver.objects.count()) == ("waiver_exists", 1)


def test_overdue_is_the_day_after_and_not_when_settled_or_let_off():
    late = make_invoice()
    make_invoice(state="waived")
    make_invoice(state="cancelled")
    make_invoice(state="paid", paid_on=date(2026, 12, 1))

    assert list(Invoice.objects.overdue_on(date(2026, 12, 1))) == []
    assert list(Invoice.objects.overdue_on(date(2026, 12, 2))) == [late]


def sign(agreement, at, side, **more):
    values = {"signed_on": date(2026, 11, 10), "signatory_role": "director", **more}
    return actions.sign(agreement_id=agreement.pk, side=side, **values, actor=ACTOR, at=at)


def test_two_sides_sign_by_role_in_either_order(at):
    agreement = make_agreement()

    sign(agreement, at, "representative", signatory_role="officer", expected_version=1)
    assert list(CodeAgreement.objects.signed()) == []
    sign(agreement, at, "company", expected_version=2)

    agreement.refresh_from_db()
    assert (agreement.company_signed_on, agreement.company_signed_role) == (date(2026, 11, 10), "director")
    assert (agreement.representative_signed_role, agreement.representative_signed_by_id) == ("officer", OFFICER)
    assert list(CodeAgreement.objects.signed()) == [agreement]


@pytest.mark.parametrize(
    ("more", "error", "code"),
    [
        ({"signed_on": date(2026, 11, 1)}, Invalid, "out_of_range"),
        ({"signed_on": date(2026, 11, 23)}, Invalid, "out_of_range"),
        ({"expected_version": 1}, Stale, "stale"),
        ({"side": "company"}, Refused, "already_signed"),
    ],
)
def test_a_wrong_signature_changes_nothing(at, more, error, code):
    agreement = make_agreement()
    sign(agreement, at, "company")

    with pytest.raises(error) as refused:
        sign(agreement, at, more.pop("side", "representative"), **more)

    agreement.refresh_from_db()
    assert code in {refused.value.code, *(fault.code for fault in refused.value.faults)}
    assert (agreement.version, agreement.representative_signed_on) == (2, None)


def test_an_agreement_is_sent_once_per_text_and_only_when_approved(at):
    sent = {"text_version": "2026", "actor": ACTOR, "at": at}
    membership = make_membership(state="approved")
    actions.send_agreement(membership_id=membership.pk, **sent)

    for refused_for, code in (
        (membership, "agreement_exists"),
        (make_membership(state="draft"), "membership_not_approved"),
    ):
        with pytest.raises(Refused) as refused:
            actions.send_agreement(membership_id=refused_for.pk, **sent)
        assert refused.value.code == code

    assert list(CodeAgreement.objects.values_list("membership", "sent_on")) == [(membership.pk, date(2026, 11, 22))]
