"""Every move from every state: what the table says, and nothing half-done when it says no."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from codesign.companies.lifecycle import TABLE, MembershipState, Move
from codesign.companies.models import CodeMembership, Decision
from codesign.fees.models import Invoice
from codesign.standing import actions
from codesign.standing.actions import Word
from codesign.standing.models import Endorsement
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import MoveNotAllowed
from tests.factories.standing import make_company, make_membership, officer

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
pytestmark = pytest.mark.django_db

STATES = sorted(MembershipState)


def taken(move: Move) -> Any:
    """The action of a move, given all that it asks for."""
    ground = {"word": Word(reason_code="safeguarding")}
    more: dict[Move, Any] = {
        Move.SUSPEND: ground,
        Move.TERMINATE: ground,
        Move.CONFIRM: {"member_since": AT.date()},
    }
    name = {Move.CONFIRM: "confirm_signatory"}.get(move, move.value)
    return partial(getattr(actions, name), actor=officer(), at=AT, **more.get(move, {}))


def everything(membership: CodeMembership) -> Any:
    """What a refused move must leave as it was."""
    row = CodeMembership.objects.values().get(pk=membership.pk)
    tables = (Decision, Invoice, Endorsement, AuditEvent)
    return row, [table.objects.count() for table in tables]


@pytest.mark.parametrize("state", STATES)
def test_a_membership_can_be_walked_into_every_state(state: str) -> None:
    assert make_membership(state=state).state == state


REFUSED = [
    (move, state) for move in sorted(set(TABLE) - {Move.ACTIVATE}) for state in STATES if state not in TABLE[move][0]
]


@pytest.mark.parametrize(("move", "state"), REFUSED)
def test_a_move_starts_only_from_the_states_of_the_table(move: Move, state: MembershipState) -> None:
    membership = make_membership(state=state)
    more = {"into_id": make_company().pk} if move == Move.MERGE else {}
    before = everything(membership)

    with pytest.raises(MoveNotAllowed) as refusal:
        taken(move)(membership_id=membership.pk, **more)

    assert refusal.value.code == "move_not_allowed"
    assert everything(membership) == before
