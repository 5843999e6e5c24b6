"""Opening a membership, and the one way in which it changes its state."""

from __future__ import annotations

from datetime import date

import pytest

from codesign.companies.actions import enter, open_membership
from codesign.companies.lifecycle import CLOSED, OPEN, MembershipState, Move
from codesign.companies.models import CodeMembership, Decision
from members.scope import Role
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Refused, Stale
from tests.factories.companies import OFFICER, make_company, make_membership, make_scope

pytestmark = pytest.mark.django_db


def test_a_new_membership_is_a_draft_led_by_the_confirmed_representative(at, lcr_be):
    company = make_company()

    membership = open_membership(company_id=company.pk, actor=make_scope(), at=at)

    membership.refresh_from_db()
    assert (membership.state, membership.version, membership.is_current) == ("draft", 1, True)
    assert membership.representative_id == lcr_be.organisation.pk
    assert AuditEvent.objects.get(action="code-memberships.create").changes == {"state": [None, "draft"]}


def test_without_a_confirmed_mandate_the_secretariat_stands_in(at, lcr_be):
    company = make_company(country="FR")

    membership = open_membership(company_id=company.pk, actor=make_scope(), at=at)

    assert membership.representative_id is None


@pytest.mark.parametrize("state", sorted(OPEN))
def test_one_open_membership_blocks_a_second(at, state):
    company = make_membership(state=state).company

    with pytest.raises(Refused) as refused:
        open_membership(company_id=company.pk, actor=make_scope(), at=at)

    assert refused.value.code == "membership_open"
    assert list(company.memberships.values_list("state", "is_current")) == [(state, True)]
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize("state", sorted(CLOSED | {MembershipState.RECORDED}))
def test_a_closed_or_recorded_one_makes_way_and_stays(at, state):
    former = make_membership(state=state)

    opened = open_membership(company_id=former.company_id, actor=make_scope(), at=at)

    former.refresh_from_db()
    assert (former.state, former.is_current) == (state, False)
    assert (opened.state, opened.is_current) == ("draft", True)


def test_visits_to_residential_care_block_a_new_membership(at):
    company = make_company(offers_residential_care=True)

    with pytest.raises(Refused) as refused:
        open_membership(company_id=company.pk, actor=make_scope(), at=at)

    assert refused.value.code == "residential_care"
    assert CodeMembership.objects.count() == 0


def test_entering_a_state_appends_one_decision_and_one_event(at):
    membership = make_membership(state="draft")
    actor = make_scope(Role.LCR, organisation_id=membership.company_id)

    enter(
        membership,
        move=Move.SUBMIT,
        to_state=MembershipState.SUBMITTED,
        expected_version=1,
        actor=actor,
        at=at,
        effective_on=at.date(),
        reason_code="complete",
        text="All there.",
        facts={"sites": 2},
        applied_at=at,
    )

    membership.refresh_from_db()
    assert (membership.state, membership.version, membership.applied_at) == ("submitted", 2, at)
    decision = Decision.objects.get()
    assert (decision.version, decision.move, decision.from_state, decision.to_state) == (
        2,
        "submit",
        "draft",
        "submitted",
    )
    assert (decision.effective_on, decision.reason_code, decision.text) == (
        date(2026, 11, 22),
        "complete",
        "All there.",
    )
    assert (decision.actor_id, decision.actor_label, decision.facts) == (OFFICER, "lcr", {"sites": 2})
    assert decision.actor_organisation_id == membership.company_id
    event = AuditEvent.objects.get()
    assert (event.action, event.changes["state"]) == ("code-memberships.submit", ["draft", "submitted"])


def test_the_second_of_two_moves_on_one_version_is_stale_and_leaves_nothing(at):
    membership = make_membership(state="active")
    copy = CodeMembership.objects.get(pk=membership.pk)
    day = {"actor": make_scope(), "at": at, "effective_on": at.date()}
    enter(membership, move=Move.SUSPEND, to_state=MembershipState.SUSPENDED, **day)

    with pytest.raises(Stale):
        enter(copy, move=Move.RESIGN, to_state=MembershipState.RESIGNED, **day)

    membership.refresh_from_db()
    assert (membership.state, membership.version) == ("suspended", 2)
    assert list(Decision.objects.values_list("move", flat=True)) == ["suspend"]
    assert AuditEvent.objects.count() == 1


def test_a_version_other_than_the_callers_is_stale(at):
    membership = make_membership(state="active", version=4)

    with pytest.raises(Stale):
        enter(
            membership,
            move=Move.SUSPEND,
            to_state=MembershipState.SUSPENDED,
            expected_version=3,
            actor=make_scope(),
            at=at,
            effective_on=at.date(),
        )

    membership.refresh_from_db()
    assert (membership.state, membership.version, Decision.objects.count()) == ("active", 4, 0)


def test_a_recorded_signatory_that_is_confirmed_stands_for_its_company(at):
    recorded = make_membership(state="recorded", is_current=False)
    rejected = make_membership(company=recorded.company, state="rejected")

    enter(
        recorded,
        move=Move.CONFIRM,
        to_state=MembershipState.ACTIVE,
        actor=make_scope(),
        at=at,
        effective_on=at.date(),
        member_since=date(2014, 11, 19),
    )

    states = dict(CodeMembership.objects.values_list("pk", "is_current"))
    assert states == {recorded.pk: True, rejected.pk: False}


def test_a_recorded_signatory_is_not_confirmed_beside_an_open_membership(at):
    recorded = make_membership(state="recorded", is_current=False)
    make_membership(company=recorded.company, state="submitted")

    with pytest.raises(Refused) as refused:
        enter(
            recorded,
            move=Move.CONFIRM,
            to_state=MembershipState.ACTIVE,
            actor=make_scope(),
            at=at,
            effective_on=at.date(),
        )

    assert refused.value.code == "membership_open"
    recorded.refresh_from_db()
    assert (recorded.state, recorded.version, Decision.objects.count()) == ("recorded", 1, 0)
