"""The table of moves, read in full: every move from every state."""

from __future__ import annotations

import pytest

from codesign.companies.lifecycle import (
    CLOSED,
    FORMER,
    MEMBER,
    OPEN,
    RESERVED,
    MembershipState,
    Move,
    allowed_moves,
    is_reserved,
    target_of,
)
from registry.kernel.errors import MoveNotAllowed

# Written out a second time, state by state, as the rules of membership word it.
EXPECTED = {
    "draft": {"submit": "submitted", "withdraw": "withdrawn"},
    "submitted": {"submit_plan": "plan_submitted", "reject": "rejected", "withdraw": "withdrawn"},
    "plan_submitted": {
        "request_changes": "changes_requested",
        "approve": "approved",
        "reject": "rejected",
        "withdraw": "withdrawn",
    },
    "changes_requested": {"submit_plan": "plan_submitted", "reject": "rejected", "withdraw": "withdrawn"},
    "approved": {"withdraw": "withdrawn", "expire": "expired", "activate": "active"},
    "active": {"suspend": "suspended", "resign": "resigned", "dissolve": "dissolved", "merge": "merged_into"},
    "suspended": {
        "reinstate": "active",
        "terminate": "terminated",
        "resign": "resigned",
        "dissolve": "dissolved",
        "merge": "merged_into",
    },
    "recorded": {
        "reject": "rejected",
        "resign": "resigned",
        "dissolve": "dissolved",
        "merge": "merged_into",
        "confirm": "active",
    },
    "rejected": {},
    "withdrawn": {},
    "expired": {},
    "terminated": {},
    "resigned": {},
    "dissolved": {},
    "merged_into": {},
}


@pytest.mark.parametrize("state", MembershipState)
def test_the_moves_from_each_state_are_those_of_the_rules(state):
    assert {move.value: target_of(move, state).value for move in allowed_moves(state)} == EXPECTED[state.value]


@pytest.mark.parametrize(
    ("move", "state"),
    [(move, state) for move in Move for state in MembershipState if move.value not in EXPECTED[state.value]],
)
def test_every_other_move_is_refused_with_what_is_allowed(move, state):
    with pytest.raises(MoveNotAllowed) as refused:
        target_of(move, state)

    assert refused.value.code == "move_not_allowed"
    assert refused.value.details == {
        "move": move.value,
        "state": state.value,
        "allowed": [allowed.value for allowed in allowed_moves(state)],
    }


def test_the_secretariat_decides_too_on_approving_rejecting_suspending_and_terminating():
    assert {move.value for move in RESERVED} == {"approve", "reject", "suspend", "terminate"}
    assert [move.value for move in Move if is_reserved(move)] == ["approve", "reject", "suspend", "terminate"]


def test_states_fall_into_open_closed_and_recorded_and_nothing_leaves_a_closed_one():
    assert OPEN | CLOSED | {MembershipState.RECORDED} == set(MembershipState)
    assert not OPEN & CLOSED
    assert MEMBER < OPEN
    assert FORMER < CLOSED
    assert {state for state in MembershipState if not allowed_moves(state)} == CLOSED
