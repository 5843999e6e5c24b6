"""The public register: decided facts as of a day, and no trace of what was overturned."""

from __future__ import annotations

from datetime import date

import pytest

from codesign.companies.lifecycle import MembershipState, Move
from codesign.companies.register import public_register
from tests.factories.companies import make_company, make_decision, make_membership
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def shown(on=TODAY):
    rows = public_register(on=on).order_by("pk")
    return [(row.public_status, row.member_since, row.suspended_since, row.former_since) for row in rows]


def test_a_member_shows_since_when():
    make_membership(state="active", member_since=date(2024, 3, 1))

    assert shown() == [("member", date(2024, 3, 1), None, None)]
    assert shown(date(2024, 2, 29)) == []


@pytest.mark.parametrize("state", sorted(set(MembershipState) - {"active", "suspended"}))
def test_an_applicant_or_recorded_signatory_is_not_in_it(state):
    make_membership(state=state, member_since=None)

    assert shown() == []


def test_a_suspension_shows_from_its_effective_day():
    membership = make_membership(state="suspended")
    make_decision(membership=membership, effective_on=date(2026, 9, 1))

    assert shown() == [("suspended", date(2024, 3, 1), date(2026, 9, 1), None)]
    assert shown(date(2026, 8, 31)) == [("member", date(2024, 3, 1), None, None)]


def test_a_reinstated_member_is_a_member_and_was_suspended():
    membership = make_membership(state="active")
    make_decision(membership=membership, effective_on=date(2026, 5, 1))
    make_decision(
        membership=membership, move=Move.REINSTATE, to_state=MembershipState.ACTIVE, effective_on=date(2026, 6, 1)
    )

    assert shown() == [("member", date(2024, 3, 1), None, None)]
    assert shown(date(2026, 5, 31)) == [("suspended", date(2024, 3, 1), date(2026, 5, 1), None)]


def test_an_overturned_suspension_leaves_no_trace_on_any_day():
    membership = make_membership(state="active")
    wrong = make_decision(membership=membership, effective_on=date(2026, 5, 1))
    make_decision(
        membership=membership,
        move=Move.REINSTATE,
        to_state=MembershipState.ACTIVE,
        effective_on=date(2026, 6, 1),
        overturns=wrong,
    )

    expected = [("member", date(2024, 3, 1), None, None)]
    assert [shown(), shown(date(2026, 5, 15)), shown(date(2026, 6, 1))] == [expected] * 3


def test_a_former_member_shows_from_its_last_day_on():
    membership = make_membership(state="terminated", ended_on=date(2026, 6, 1))
    make_decision(membership=membership, effective_on=date(2026, 4, 1))

    assert shown() == [("former", date(2024, 3, 1), None, date(2026, 6, 1))]
    assert shown(date(2026, 5, 31)) == [("suspended", date(2024, 3, 1), date(2026, 4, 1), None)]


def test_unlisted_members_stay_out():
    make_membership(is_public=False)
    unlisted = make_organisation(country_id="BE", is_listed=False)
    make_membership(company=make_company(organisation=unlisted))

    assert shown() == []
