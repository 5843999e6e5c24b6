"""Memberships of the network: moved by named decisions, true as of a day, never two at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from members.network import constraints
from members.network.actions import memberships
from members.network.lifecycle import NetworkMembershipState, NetworkMove
from members.network.models import NetworkDecision, NetworkMembership
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Invalid, MoveNotAllowed, Refused, Stale
from tests.factories.network import make_applicant, make_network_membership
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db

ALLOWED = {
    ("admit", "applicant"): "active",
    ("confirm", "recorded"): "active",
    ("decline", "applicant"): "declined",
    ("decline", "recorded"): "declined",
    ("change_kind", "active"): "active",
    ("change_kind", "dormant"): "dormant",
    ("make_dormant", "active"): "dormant",
    ("suspend", "active"): "suspended",
    ("suspend", "dormant"): "suspended",
    ("reinstate", "dormant"): "active",
    ("reinstate", "suspended"): "active",
    ("leave", "recorded"): "left",
    ("leave", "active"): "left",
    ("leave", "dormant"): "left",
    ("leave", "suspended"): "left",
    ("expel", "suspended"): "expelled",
}
FIRST = date(2026, 11, 2)


def moved(membership: NetworkMembership, move: str, on: date, **options: Any) -> NetworkMembership:
    at = options.pop("at")
    return memberships.move(
        move=NetworkMove(move),
        membership_id=membership.pk,
        effective_on=on,
        reason="Decided by the board.",
        actor=SYSTEM,
        at=at,
        **options,
    )


def standing(membership: NetworkMembership, on: date) -> tuple[str, str, bool, bool]:
    """State, kind, whether a member and whether uncertain on that day."""
    rows = NetworkMembership.objects.with_certainty(on=on).with_standing(on=on)
    row = rows.get(pk=membership.pk)
    is_member = NetworkMembership.objects.on(on).filter(pk=membership.pk).exists()
    return row.state_on, row.kind_on, is_member, row.is_uncertain


@pytest.mark.parametrize("move", [move.value for move in NetworkMove])
@pytest.mark.parametrize("state", [state.value for state in NetworkMembershipState])
def test_a_membership_moves_only_as_the_table_says(at, move, state):
    membership = make_network_membership(state=state, kind="affiliate")
    kind = {"kind": "full"} if move in {"admit", "confirm", "change_kind"} else {}

    if target := ALLOWED.get((move, state)):
        moved(membership, move, FIRST, at=at, **kind)
    else:
        with pytest.raises(MoveNotAllowed):
            moved(membership, move, FIRST, at=at, **kind)

    membership.refresh_from_db()
    assert (membership.state, membership.version, NetworkDecision.objects.count(), AuditEvent.objects.count()) == (
        (target, 2, 1, 1) if target else (state, 1, 0, 0)
    )


def test_a_life_from_application_to_leaving_is_told_for_every_day(at):
    membership = make_applicant()
    for move, day, options in (
        ("admit", date(2026, 11, 5), {"kind": "affiliate"}),
        ("change_kind", date(2026, 11, 8), {"kind": "full"}),
        ("make_dormant", date(2026, 11, 10), {}),
        ("suspend", date(2026, 11, 12), {}),
        ("leave", date(2026, 11, 20), {}),
    ):
        moved(membership, move, day, at=at, **options)

    assert {day: standing(membership, date(2026, 11, day)) for day in (4, 5, 8, 10, 12, 19, 20)} == {
        4: ("applicant", "affiliate", False, False),
        5: ("active", "affiliate", True, False),
        8: ("active", "full", True, False),
        10: ("dormant", "full", True, False),
        12: ("suspended", "full", True, False),
        19: ("suspended", "full", True, False),
        20: ("left", "full", False, False),
    }
    membership.refresh_from_db()
    assert (membership.valid_from, membership.valid_until) == (date(2026, 11, 5), date(2026, 11, 19))
    assert list(membership.decisions.order_by("version").values_list("version", "move", "from_state", "to_state")) == [
        (2, "admit", "applicant", "active"),
        (3, "change_kind", "active", "active"),
        (4, "make_dormant", "active", "dormant"),
        (5, "suspend", "dormant", "suspended"),
        (6, "leave", "suspended", "left"),
    ]


def test_a_confirmation_makes_a_doubtful_row_certain_from_its_day_on(at):
    membership = make_network_membership(confidence="sourced_country_only", kind="unknown")

    moved(membership, "confirm", date(2026, 3, 1), at=at, kind="full")

    assert standing(membership, date(2026, 2, 28)) == ("recorded", "unknown", True, True)
    assert standing(membership, date(2026, 3, 1)) == ("active", "full", True, False)


def test_one_that_was_declined_was_a_member_on_no_day(at):
    recorded, applicant = make_network_membership(), make_applicant()

    moved(recorded, "decline", date(2026, 11, 20), at=at)
    moved(applicant, "decline", date(2026, 11, 20), at=at)

    assert not NetworkMembership.objects.on(date(2012, 1, 1)).exists()
    assert not NetworkMembership.objects.on(date(2026, 11, 20)).exists()
    memberships.apply(
        organisation_id=applicant.organisation_id,
        region_id="europe",
        applied_on=date(2026, 11, 21),
        actor=SYSTEM,
        at=at,
    )


@pytest.mark.parametrize(
    ("day", "move", "code"),
    [
        (date(2026, 10, 31), "decline", "before_start"),
        (date(2026, 11, 4), "leave", "before_last_move"),
    ],
)
def test_a_decision_counts_after_what_came_before(at, day, move, code):
    membership = make_applicant()
    if move == "leave":
        moved(membership, "admit", date(2026, 11, 5), kind="full", at=at)
    before = AuditEvent.objects.count()

    with pytest.raises(Invalid) as refusal:
        moved(membership, move, day, at=at)

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [("/effective_on", code)]
    assert AuditEvent.objects.count() == before


def test_a_member_is_in_for_a_day_before_it_is_out(at):
    membership = make_network_membership(valid_from=FIRST, proven_from=FIRST)

    with pytest.raises(Invalid):
        moved(membership, "leave", FIRST, at=at)

    membership.refresh_from_db()
    assert (membership.state, membership.valid_until) == ("recorded", None)


def test_one_that_had_ended_by_then_is_moved_no_more(at):
    membership = make_network_membership(valid_until=date(2020, 6, 30))

    with pytest.raises(Refused) as refusal:
        moved(membership, "confirm", date(2026, 1, 1), kind="full", at=at)
    moved(membership, "confirm", date(2015, 1, 1), kind="full", at=at)

    assert refusal.value.code == "membership_ended"
    assert standing(membership, date(2020, 6, 30))[2:] == (True, False)
    assert standing(membership, date(2020, 7, 1))[2] is False


def test_a_move_from_another_version_is_stale(at):
    membership = make_network_membership()
    moved(membership, "confirm", FIRST, kind="full", expected_version=1, at=at)

    with pytest.raises(Stale):
        moved(membership, "make_dormant", FIRST, expected_version=1, at=at)

    assert NetworkDecision.objects.count() == 1


@pytest.mark.parametrize(
    ("held", "since", "until", "fits"),
    [
        ({"valid_until": None}, "2020", "", False),
        ({"valid_until": date(2015, 6, 30)}, "2015-07-01", "", True),
        ({"valid_until": date(2015, 6, 30)}, "2015-06-30", "", False),
        ({"valid_until": date(2015, 6, 30)}, "2000", "2009", True),
        ({"valid_until": date(2015, 6, 30)}, "2000", "2010", False),
        ({"valid_until": date(2015, 6, 30)}, "", "", True),
    ],
)
def test_memberships_of_one_organisation_share_no_day(at, held, since, until, fits):
    organisation = make_organisation()
    make_network_membership(organisation=organisation, **held)
    record = {"organisation_id": organisation.pk, "region_id": "europe", "since": since, "until": until}

    if fits:
        memberships.record_membership(**record, since_basis="joined", actor=SYSTEM, at=at)
    else:
        with pytest.raises(Refused) as refusal:
            memberships.record_membership(**record, since_basis="joined", actor=SYSTEM, at=at)
        assert refusal.value.code == "membership_exists"

    assert organisation.network_memberships.count() == (2 if fits else 1)


def test_an_end_of_which_the_year_is_known_leaves_the_year_uncertain(at):
    organisation = make_organisation()
    membership = memberships.record_membership(
        organisation_id=organisation.pk,
        region_id="europe",
        since="2010",
        since_basis="joined",
        until="2015",
        confidence="sourced",
        actor=SYSTEM,
        at=at,
    )

    days = [date(2009, 12, 31), date(2010, 6, 1), date(2012, 1, 1), date(2015, 6, 1), date(2016, 1, 1)]
    assert [standing(membership, day)[2:] for day in days] == [
        (False, True),
        (True, True),
        (True, False),
        (True, True),
        (False, True),
    ]


@pytest.mark.parametrize(
    ("since", "until", "pointer", "code"),
    [
        ("2018-13", "", "/since", "invalid"),
        ("", "soon", "/until", "invalid"),
        ("2018", "2017", "/until", "before_start"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(at, since, until, pointer, code):
    organisation = make_organisation()

    with pytest.raises(Invalid) as refusal:
        memberships.record_membership(
            organisation_id=organisation.pk, region_id="europe", since=since, until=until, actor=SYSTEM, at=at
        )

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [(pointer, code)]
    assert (NetworkMembership.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_the_database_itself_keeps_decisions_as_they_are(at):
    for statement in constraints.statements(connection.vendor) * 2:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    moved(make_network_membership(), "confirm", FIRST, kind="full", at=at)

    with pytest.raises(IntegrityError, match="network_decision_is_final"), transaction.atomic():
        NetworkDecision.objects.update(reason="Otherwise.")

    assert NetworkDecision.objects.get().reason == "Decided by the board."
