"""Who may vote at an assembly of the network: from the memberships of its first day."""

from __future__ import annotations

from datetime import date

import pytest

from members.assemblies.figures import Attendance, absent_reason, attendance, voter_limit, votes_of
from members.assemblies.rules import Tally
from tests.factories.assemblies import make_assembly, make_member_assembly, make_registration
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("membership", "reason"),
    [
        ({}, "full_member"),
        ({"state": "active"}, "full_member"),
        ({"kind": "affiliate"}, "affiliate"),
        ({"kind": "unknown"}, "kind_unknown"),
        ({"state": "dormant"}, "dormant"),
        ({"state": "suspended"}, "suspended"),
        ({"confidence": "sourced_inferred"}, "presence_unproven"),
        ({"proven_from": date(2026, 9, 28)}, "presence_unproven"),
        ({"state": "applicant"}, None),
        ({"valid_from": date(2026, 9, 28), "proven_from": date(2026, 9, 28)}, None),
        ({"valid_until": date(2026, 9, 26), "state": "left"}, None),
        ({"valid_until": date(2026, 9, 27), "state": "left"}, "full_member"),
    ],
)
def test_a_vote_follows_from_the_membership_of_that_day(membership, reason):
    assembly = make_assembly()
    organisation = make_registration(assembly=assembly, **membership).organisation_id

    assert votes_of(assembly, [organisation]).get(organisation) == reason
    assert absent_reason(assembly) == "not_a_member"


@pytest.mark.parametrize("starts_on", ["2026-09", "2026", "--09-27", "2025/2026"])
def test_nothing_is_certain_where_the_day_is_not_known(starts_on):
    assembly = make_assembly(starts_on=starts_on)
    full = make_registration(assembly=assembly)
    affiliate = make_registration(assembly=assembly, kind="affiliate")

    reasons = votes_of(assembly, [full.organisation_id, affiliate.organisation_id])

    assert set(reasons.values()) == {"day_unknown"}
    assert absent_reason(assembly) == "day_unknown"


def test_those_who_came_are_weighed_against_all_who_could(django_assert_num_queries):
    assembly = make_assembly()
    make_registration(assembly=assembly)
    make_registration(assembly=assembly, kind="unknown")
    make_registration(assembly=assembly, kind="affiliate")
    elsewhere = make_assembly(organisation=make_organisation())
    make_registration(assembly=elsewhere)
    make_registration(assembly=elsewhere, kind="unknown")

    with django_assert_num_queries(2):
        counted = attendance(assembly)

    assert counted == Attendance(present=Tally(1, 1), entitled=Tally(2, 2))
    assert voter_limit(assembly) == 2


def test_of_a_member_the_voters_are_a_count(django_assert_num_queries):
    assembly, uncounted = make_member_assembly(), make_member_assembly(voter_count=None, entitled_count=None)

    with django_assert_num_queries(0):
        counts = attendance(assembly), attendance(uncounted)

    assert counts == (Attendance(Tally(14), Tally(20)), Attendance(None, None))
    assert (voter_limit(assembly), voter_limit(uncounted)) == (14, None)
