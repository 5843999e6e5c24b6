"""Which moves a membership may take now, by this caller, and what stands against the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from codesign.companies.lifecycle import TABLE, MembershipState, Move
from codesign.companies.models import CodeMembership
from codesign.standing.endorsing import endorsements, given_sides, repetition_lacks
from codesign.standing.grounds import Ground
from codesign.standing.guards import Case, fact_lacks, right_lacks
from members.scope import Scope
from registry.kernel.errors import Fault

MEASURES = frozenset({Move.SUSPEND, Move.TERMINATE})


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One move: whether it is allowed now, everything against it, and who has said yes so far (by side)."""

    move: Move
    is_allowed: bool
    to_state: MembershipState
    reasons: tuple[Fault, ...]
    endorsed_by: tuple[str, ...] = ()


def moves(membership: CodeMembership, scope: Scope, *, on: date, ground: str = "") -> list[Offer]:
    """All moves of the table, in its order. A few queries for the moves that start from this state, none else.

    `ground`: of a measure; without one its notices on any ground are counted together.
    """
    return [_offer(membership, move, scope, on, ground) for move in TABLE if move != Move.ACTIVATE]


def _offer(membership: CodeMembership, move: Move, scope: Scope, on: date, ground: str) -> Offer:
    sources, target = TABLE[move]
    reason_code = ground if move in MEASURES else ""
    case = Case(move=move, membership=membership, actor=scope, on=on, reason_code=reason_code)
    reasons = tuple(right_lacks(case))
    endorsed: tuple[str, ...] = ()
    if membership.state not in sources:
        state = MembershipState(membership.state)
        reasons = (Fault("", "move_not_allowed", f"It does not start from the state {state.value}."), *reasons)
    elif not reasons:
        # What the rows say is told to those who could take the move, not to the others.
        reasons = tuple(fact_lacks(case))
        if move == Move.APPROVE or (move == Move.SUSPEND and ground == Ground.SAFEGUARDING):
            reasons += tuple(repetition_lacks(case))
            endorsed = tuple(row.side for row in endorsements(case))
        elif move == Move.CONFIRM:
            endorsed = given_sides(case)
    return Offer(move=move, is_allowed=not reasons, to_state=target, reasons=reasons, endorsed_by=endorsed)
