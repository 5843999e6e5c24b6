"""How a membership moves: states, moves, and the table of which move leads where. Read it aloud."""

from __future__ import annotations

from django.db.models import TextChoices

from registry.kernel.errors import MoveNotAllowed


class MembershipState(TextChoices):
    """Where a membership stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PLAN_SUBMITTED = "plan_submitted"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    RESIGNED = "resigned"
    DISSOLVED = "dissolved"
    MERGED_INTO = "merged_into"
    RECORDED = "recorded"


class Move(TextChoices):
    """What may be decided about a membership."""

    SUBMIT = "submit"
    SUBMIT_PLAN = "submit_plan"
    REQUEST_CHANGES = "request_changes"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    ACTIVATE = "activate"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    TERMINATE = "terminate"
    RESIGN = "resign"
    DISSOLVE = "dissolve"
    MERGE = "merge"
    CONFIRM = "confirm"
    OVERTURN = "overturn"


_S = MembershipState
_APPLYING = (_S.SUBMITTED, _S.PLAN_SUBMITTED, _S.CHANGES_REQUESTED)
_MEMBER = (_S.ACTIVE, _S.SUSPENDED)

# Move → (states it starts from, state it leads to). Overturning a decision is not in it: it leads back to where that
# decision started. A recorded signatory was read in a public source and
# never verified: it is confirmed, or turned down, or filed as one that has ended.
TABLE: dict[Move, tuple[tuple[MembershipState, ...], MembershipState]] = {
    Move.SUBMIT: ((_S.DRAFT,), _S.SUBMITTED),
    Move.SUBMIT_PLAN: ((_S.SUBMITTED, _S.CHANGES_REQUESTED), _S.PLAN_SUBMITTED),
    Move.REQUEST_CHANGES: ((_S.PLAN_SUBMITTED,), _S.CHANGES_REQUESTED),
    Move.APPROVE: ((_S.PLAN_SUBMITTED,), _S.APPROVED),
    Move.REJECT: ((*_APPLYING, _S.RECORDED), _S.REJECTED),
    Move.WITHDRAW: ((_S.DRAFT, *_APPLYING, _S.APPROVED), _S.WITHDRAWN),
    Move.EXPIRE: ((_S.APPROVED,), _S.EXPIRED),
    Move.ACTIVATE: ((_S.APPROVED,), _S.ACTIVE),
    Move.SUSPEND: ((_S.ACTIVE,), _S.SUSPENDED),
    Move.REINSTATE: ((_S.SUSPENDED,), _S.ACTIVE),
    Move.TERMINATE: ((_S.SUSPENDED,), _S.TERMINATED),
    Move.RESIGN: ((*_MEMBER, _S.RECORDED), _S.RESIGNED),
    Move.DISSOLVE: ((*_MEMBER, _S.RECORDED), _S.DISSOLVED),
    Move.MERGE: ((*_MEMBER, _S.RECORDED), _S.MERGED_INTO),
    Move.CONFIRM: ((_S.RECORDED,), _S.ACTIVE),
}

# The representative alone can't take these: the secretariat decides too.
RESERVED = frozenset({Move.APPROVE, Move.REJECT, Move.SUSPEND, Move.TERMINATE})
# The company's own to take.
OWN = frozenset({Move.SUBMIT, Move.SUBMIT_PLAN, Move.WITHDRAW, Move.RESIGN})

# Decisions against a company, which it may appeal.
APPEALABLE = frozenset({Move.REJECT, Move.EXPIRE, Move.SUSPEND, Move.TERMINATE})

MEMBER = frozenset(_MEMBER)
FORMER = frozenset({_S.TERMINATED, _S.RESIGNED, _S.DISSOLVED, _S.MERGED_INTO})
CLOSED = FORMER | {_S.REJECTED, _S.WITHDRAWN, _S.EXPIRED}
# A recorded signatory is neither: a company found in a public source may apply like any other.
OPEN = frozenset(MembershipState) - CLOSED - {_S.RECORDED}


def target_of(move: Move | str, state: MembershipState | str) -> MembershipState:
    """The state that `move` leads to from `state`. Raises MoveNotAllowed."""
    sources, target = TABLE.get(Move(move), ((), MembershipState(state)))
    if state not in sources:
        raise MoveNotAllowed(
            f"A membership in state {MembershipState(state).value} can't take the move {Move(move).value}.",
            details={
                "move": str(Move(move).value),
                "state": str(state),
                "allowed": [m.value for m in allowed_moves(state)],
            },
        )
    return target


def allowed_moves(state: MembershipState | str) -> tuple[Move, ...]:
    """The moves that start from `state`, in the order of the table."""
    return tuple(move for move, (sources, _) in TABLE.items() if state in sources)


def is_reserved(move: Move | str) -> bool:
    """Whether the secretariat has to decide too."""
    return move in RESERVED
