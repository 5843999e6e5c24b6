"""Two sides decide on an application, and nobody on their own organisation."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from codesign.companies.models import CodeMembership, Company, Decision
from codesign.fees.models import CodeAgreement, Invoice, Waiver
from codesign.standing import actions
from codesign.standing.actions import NotRipe, Word
from codesign.standing.endorsing import AlreadyEndorsed
from codesign.standing.models import Endorsement, ProcessRule
from members.access.models import Grant
from members.scope import Role
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Forbidden, Invalid, Stale
from tests.factories.access import make_grant, make_user
from tests.factories.network import make_mandate
from tests.factories.organisations import make_parentage
from tests.factories.standing import START, approve, make_membership, officer

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=5)


def snapshot(membership: CodeMembership) -> Any:
    tables = (Decision, Endorsement, Invoice, CodeAgreement, AuditEvent)
    return CodeMembership.objects.values().get(pk=membership.pk), [table.objects.count() for table in tables]


@pytest.fixture
def planned() -> CodeMembership:
    """A plan that waits for Belgium's representative and the secretariat."""
    make_mandate(country_id="BE", state="confirmed")
    return make_membership(state="plan_submitted")


@pytest.fixture
def unrepresented() -> CodeMembership:
    """A plan in a country without a representative."""
    return make_membership(state="plan_submitted", country_id="FR")


def test_the_first_yes_is_kept_and_the_state_stays(planned: CodeMembership) -> None:
    lcr = officer(Role.LCR, countries={"BE"})

    membership = actions.approve(membership_id=planned.pk, actor=lcr, at=LATER)

    assert (membership.state, membership.version) == ("plan_submitted", planned.version + 1)
    endorsement = Endorsement.objects.get()
    assert (endorsement.side, endorsement.officer_id, endorsement.move) == ("representative", lcr.user_id, "approve")
    assert (membership.decisions.count(), Invoice.objects.count(), CodeAgreement.objects.count()) == (2, 0, 0)


@pytest.mark.parametrize("order", [(Role.LCR, Role.SECRETARIAT), (Role.SECRETARIAT, Role.LCR)])
def test_both_sides_approve_issue_the_invoice_and_send_the_agreement(
    planned: CodeMembership, order: tuple[Role, Role]
) -> None:
    for role in order:
        actions.approve(membership_id=planned.pk, actor=officer(role, countries={"BE"}), at=LATER)

    planned.refresh_from_db()
    invoice, agreement = Invoice.objects.get(), CodeAgreement.objects.get()
    assert (planned.state, planned.approved_on) == ("approved", LATER.date())
    assert (invoice.amount_eur, invoice.year, invoice.issued_on) == (Decimal("300.00"), 2025, LATER.date())
    assert (agreement.membership_id, agreement.sent_on, agreement.text_version) == (planned.pk, LATER.date(), "2024")
    decision = planned.decisions.get(move="approve")
    assert len(decision.facts["endorsements"]) == 2


def test_one_side_twice_is_not_both(planned: CodeMembership) -> None:
    actions.approve(membership_id=planned.pk, actor=officer(), at=LATER)
    before = snapshot(planned)

    with pytest.raises(AlreadyEndorsed):
        actions.approve(membership_id=planned.pk, actor=officer(), at=LATER)

    assert snapshot(planned) == before


def test_without_a_representative_two_officers_of_the_secretariat_approve(unrepresented: CodeMembership) -> None:
    one = officer()
    actions.approve(membership_id=unrepresented.pk, actor=one, at=LATER)
    before = snapshot(unrepresented)

    with pytest.raises(AlreadyEndorsed):
        actions.approve(membership_id=unrepresented.pk, actor=one, at=LATER)
    assert snapshot(unrepresented) == before

    assert actions.approve(membership_id=unrepresented.pk, actor=officer(), at=LATER).state == "approved"


def test_a_request_for_changes_voids_the_yes_given_before(planned: CodeMembership) -> None:
    lcr = officer(Role.LCR, countries={"BE"})
    actions.approve(membership_id=planned.pk, actor=lcr, at=LATER)
    actions.request_changes(membership_id=planned.pk, actor=lcr, at=LATER)
    actions.submit_plan(membership_id=planned.pk, actor=officer(), at=LATER)

    assert actions.approve(membership_id=planned.pk, actor=officer(), at=LATER).state == "plan_submitted"
    assert actions.approve(membership_id=planned.pk, actor=lcr, at=LATER).state == "approved"


@pytest.mark.parametrize("place", ["itself", "parent"])
def test_nobody_decides_on_the_organisation_that_they_belong_to(planned: CodeMembership, place: str) -> None:
    """Also when the hat that shows it is not among those that the operation admits."""
    company = planned.company.organisation
    organisation = company if place == "itself" else make_parentage(child=company).parent
    grant = make_grant(user=make_user(), role=Role.COMPANY_VIEWER, organisation=organisation, valid_from=START.date())
    actor = officer(user_id=grant.user_id)
    before = snapshot(planned)

    for decide in (actions.approve, actions.request_changes, actions.reject):
        with pytest.raises(Forbidden) as refusal:
            decide(membership_id=planned.pk, actor=actor, at=LATER)
        assert refusal.value.code == "own_organisation"

    assert snapshot(planned) == before
    Grant.objects.update(revoked_at=START)
    assert actions.request_changes(membership_id=planned.pk, actor=actor, at=LATER).state == "changes_requested"


def test_a_refused_approval_names_every_reason(unrepresented: CodeMembership) -> None:
    Company.objects.update(offers_residential_care=True, revenue_band="", revenue_band_confirmed_on=None)
    unrepresented.plan_actions.filter(criterion_number=6).delete()
    before = snapshot(unrepresented)

    with pytest.raises(NotRipe) as refusal:
        actions.approve(membership_id=unrepresented.pk, actor=officer(), at=LATER)

    codes = [fault.code for fault in refusal.value.faults]
    assert codes == ["residential_care", "revenue_band_unconfirmed", "criterion_without_action"]
    assert snapshot(unrepresented) == before


def test_rejecting_is_for_the_secretariat(planned: CodeMembership) -> None:
    before = snapshot(planned)

    with pytest.raises(Forbidden) as refusal:
        actions.reject(membership_id=planned.pk, actor=officer(Role.LCR, countries={"BE"}), at=LATER)

    assert (refusal.value.code, snapshot(planned)) == ("role_missing", before)
    rejected = actions.reject(membership_id=planned.pk, actor=officer(), at=LATER)
    assert (rejected.state, rejected.ended_on) == ("rejected", LATER.date())


def test_a_move_on_an_older_version_is_stale(planned: CodeMembership) -> None:
    seen = planned.version
    actions.approve(membership_id=planned.pk, actor=officer(), at=LATER)
    before = snapshot(planned)

    with pytest.raises(Stale):
        actions.approve(
            membership_id=planned.pk, actor=officer(Role.LCR, countries={"BE"}), at=LATER, expected_version=seen
        )

    assert snapshot(planned) == before


@pytest.mark.parametrize(("days", "code"), [(6, "in_the_future"), (1, "before_last_decision")])
def test_a_decision_takes_effect_between_the_last_one_and_today(
    unrepresented: CodeMembership, days: int, code: str
) -> None:
    before = snapshot(unrepresented)
    word = Word(effective_on=START.date() + timedelta(days=days))

    with pytest.raises(Invalid) as refusal:
        actions.request_changes(membership_id=unrepresented.pk, actor=officer(), at=LATER, word=word)

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [("/effective_on", code)]
    assert snapshot(unrepresented) == before


def test_a_waiver_of_the_year_stands_for_the_first_invoice(unrepresented: CodeMembership) -> None:
    actions.record_waiver(
        membership_id=unrepresented.pk, year=2025, reason_code="pilot_country", actor=officer(), at=LATER
    )

    approve(unrepresented, LATER)

    unrepresented.refresh_from_db()
    assert (unrepresented.state, Invoice.objects.count(), Waiver.objects.count()) == ("approved", 0, 1)


def test_withdrawing_an_approved_application_cancels_its_invoice() -> None:
    membership = make_membership(state="approved")

    actions.withdraw(membership_id=membership.pk, actor=officer(), at=LATER)

    assert Invoice.objects.get().state == "cancelled"


def test_an_approval_expires_after_twelve_months_of_nothing() -> None:
    membership = make_membership(state="approved")
    approved_on = membership.approved_on
    anniversary = LATER.replace(year=2026, month=approved_on.month, day=approved_on.day)
    before = snapshot(membership)

    with pytest.raises(NotRipe) as refusal:
        actions.expire(membership_id=membership.pk, actor=officer(), at=anniversary - timedelta(days=1))
    assert [fault.code for fault in refusal.value.faults] == ["not_due"]
    assert snapshot(membership) == before

    assert actions.expire(membership_id=membership.pk, actor=officer(), at=anniversary).state == "expired"


def test_the_numbers_of_the_procedure_are_rows() -> None:
    membership = make_membership(state="approved")
    ProcessRule.objects.create(effective_from=START.date(), approval_months=1)

    expired = actions.expire(membership_id=membership.pk, actor=officer(), at=LATER + timedelta(days=40))

    assert expired.state == "expired"
