"""The first fee and both signatures make a member, in any order, on the day of the last of them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from codesign.companies.models import CodeMembership, Decision
from codesign.fees.models import CodeAgreement, Invoice, Payment
from codesign.standing import actions
from codesign.standing.endorsing import AlreadyEndorsed
from members.scope import Role
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Forbidden, Invalid, NotFound
from tests.factories.network import make_mandate
from tests.factories.standing import START, editor_of, make_membership, officer, pay, sign

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def approved() -> CodeMembership:
    """An application that waits for money and signatures."""
    return make_membership(state="approved")


def snapshot(membership: CodeMembership) -> Any:
    tables = (Decision, Payment, AuditEvent)
    return (
        CodeMembership.objects.values().get(pk=membership.pk),
        list(Invoice.objects.order_by("pk").values()),
        list(CodeAgreement.objects.order_by("pk").values()),
        [table.objects.count() for table in tables],
    )


@pytest.mark.parametrize("order", list(permutations(["money", "company", "representative"])))
def test_the_last_of_three_makes_the_member(approved: CodeMembership, order: tuple[str, ...]) -> None:
    at = START + 10 * DAY
    for place, what in enumerate(order):
        assert approved.state == "approved"
        if what == "money":
            pay(approved, at + place * DAY)
        else:
            sign(approved, at + place * DAY, sides=(what,))
        approved.refresh_from_db()

    last = (at + 2 * DAY).date()
    assert (approved.state, approved.member_since, approved.number) == ("active", last, "TC-BE-00001")
    decision = approved.decisions.get(move="activate")
    assert (decision.effective_on, decision.from_state, decision.version) == (last, "approved", approved.version)


def test_a_part_of_the_fee_does_not_make_a_member(approved: CodeMembership) -> None:
    at = START + 10 * DAY
    sign(approved, at)
    pay(approved, at, amount_eur=Decimal("299.99"))
    approved.refresh_from_db()
    assert (approved.state, Invoice.objects.get().state) == ("approved", "part_paid")

    pay(approved, at + DAY, amount_eur=Decimal("0.01"))

    approved.refresh_from_db()
    assert (approved.state, approved.member_since) == ("active", (at + DAY).date())


def test_a_waiver_counts_as_the_first_payment(approved: CodeMembership) -> None:
    at = START + 10 * DAY
    sign(approved, at)

    actions.record_waiver(
        membership_id=approved.pk, year=2025, reason_code="pilot_country", actor=officer(), at=at + DAY
    )

    approved.refresh_from_db()
    assert (approved.state, approved.member_since) == ("active", (at + DAY).date())


def test_each_side_signs_for_itself(approved: CodeMembership) -> None:
    agreement = CodeAgreement.objects.get()
    at = START + 10 * DAY
    before = snapshot(approved)

    pairs = ((editor_of(approved.company_id), "representative"), (officer(Role.LCR, countries={"BE"}), "company"))
    for actor, side in pairs:
        with pytest.raises(Forbidden):
            actions.sign_agreement(
                agreement_id=agreement.pk, side=side, role="director", signed_on=at.date(), actor=actor, at=at
            )

    assert snapshot(approved) == before


def test_a_foreign_agreement_is_not_there(approved: CodeMembership) -> None:
    agreement, stranger = CodeAgreement.objects.get(), editor_of(make_membership(state="draft").company_id)
    before = snapshot(approved)

    with pytest.raises(NotFound):
        actions.sign_agreement(
            agreement_id=agreement.pk, side="company", role="x", signed_on=START.date(), actor=stranger, at=START
        )

    assert snapshot(approved) == before


def test_nobody_enters_money_for_their_own_company(approved: CodeMembership) -> None:
    invoice = Invoice.objects.get()
    own = officer(organisation_id=approved.company_id)
    before = snapshot(approved)

    with pytest.raises(Forbidden) as refusal:
        actions.record_payment(
            invoice_id=invoice.pk,
            amount_eur=invoice.amount_eur,
            paid_on=START.date(),
            reference="B-1",
            actor=own,
            at=START + 10 * DAY,
        )
    with pytest.raises(Forbidden):
        actions.record_waiver(membership_id=approved.pk, year=2025, reason_code="x", actor=own, at=START + 10 * DAY)

    assert (refusal.value.code, snapshot(approved)) == ("own_organisation", before)


def test_a_recorded_signatory_becomes_a_member_by_confirmation() -> None:
    membership = make_membership(state="recorded")
    at = START + 10 * DAY

    make_mandate(country_id="BE", state="confirmed")
    lcr, secretariat = officer(Role.LCR, countries={"BE"}), officer()
    given = {"membership_id": membership.pk, "at": at}

    first = actions.confirm_signatory(**given, member_since=date(2014, 11, 19), actor=lcr)
    assert first.state == "recorded"
    other_day = actions.confirm_signatory(**given, member_since=date(2014, 11, 20), actor=secretariat)
    assert other_day.state == "recorded"
    with pytest.raises(AlreadyEndorsed):
        actions.confirm_signatory(**given, member_since=date(2014, 11, 19), actor=lcr)
    confirmed = actions.confirm_signatory(**given, member_since=date(2014, 11, 19), actor=secretariat)

    assert (confirmed.state, confirmed.member_since, confirmed.number) == ("active", date(2014, 11, 19), "TC-BE-00001")
    assert confirmed.decisions.get().move == "confirm"


def test_a_confirmed_signature_does_not_lie_ahead() -> None:
    membership = make_membership(state="recorded")
    before = snapshot(membership)

    with pytest.raises(Invalid):
        actions.confirm_signatory(
            membership_id=membership.pk, member_since=START.date() + DAY, actor=officer(), at=START
        )

    assert snapshot(membership) == before


def test_a_company_does_not_merge_into_itself() -> None:
    membership = make_membership(state="active")
    before = snapshot(membership)

    with pytest.raises(Invalid) as refusal:
        actions.merge(membership_id=membership.pk, into_id=membership.company_id, actor=officer(), at=START + 20 * DAY)

    assert [fault.code for fault in refusal.value.faults] == ["same_company"]
    assert snapshot(membership) == before


def test_a_former_member_may_join_again_and_its_past_stays() -> None:
    resigned = make_membership(state="resigned")

    again = make_membership(state="active", company=resigned.company, at=START + 20 * DAY)

    numbers = list(CodeMembership.objects.order_by("created_at").values_list("number", "is_current"))
    assert numbers == [("TC-BE-00001", False), ("TC-BE-00002", True)]
    assert again.company_id == resigned.company_id
