"""The states of memberships and mandates with the moves between them, and the roles in a group. Read it aloud."""

from __future__ import annotations

from django.db.models import TextChoices

from registry.kernel.errors import MoveNotAllowed


class NetworkMembershipKind(TextChoices):
    """The kind of membership; unknown where no source says it."""

    FULL = "full", "Member group"
    AFFILIATE = "affiliate", "Affiliate"
    UNKNOWN = "unknown", "Not known"


class NetworkMembershipState(TextChoices):
    """Where a membership of the network stands."""

    RECORDED = "recorded", "Recorded from a public source"
    APPLICANT = "applicant", "Applicant"
    ACTIVE = "active", "Active"
    DORMANT = "dormant", "Dormant"
    SUSPENDED = "suspended", "Suspended"
    LEFT = "left", "Left"
    EXPELLED = "expelled", "Expelled"
    DECLINED = "declined", "Not admitted"


class NetworkMove(TextChoices):
    """What may be decided about a membership of the network."""

    ADMIT = "admit", "Admit"
    CONFIRM = "confirm", "Confirm"
    DECLINE = "decline", "Decline"
    CHANGE_KIND = "change_kind", "Change the kind"
    MAKE_DORMANT = "make_dormant", "Make dormant"
    SUSPEND = "suspend", "Suspend"
    REINSTATE = "reinstate", "Reinstate"
    LEAVE = "leave", "Leave"
    EXPEL = "expel", "Expel"


class MandateState(TextChoices):
    """How far a mandate counts: only a confirmed one gives access."""

    RECORDED = "recorded", "Recorded"
    CONFIRMED = "confirmed", "Confirmed"
    ENDED = "ended", "Ended"


class MandateMove(TextChoices):
    """What can be done with a mandate."""

    CONFIRM = "confirm", "Confirm"
    END = "end", "End"


class GroupRole(TextChoices):
    """What an organisation is in a group. Supporters are no partners and never counted as such."""

    COORDINATOR = "coordinator", "Coordinator"
    PARTNER = "partner", "Partner"
    SUPPORTER = "supporter", "Supporter"


PARTNERS = (GroupRole.COORDINATOR, GroupRole.PARTNER)

_S = NetworkMembershipState
# In the network: a dormant and a suspended member is one still.
MEMBER = (_S.RECORDED, _S.ACTIVE, _S.DORMANT, _S.SUSPENDED)
# Never was in it; the dates of such a row are no membership.
OUTSIDE = (_S.APPLICANT, _S.DECLINED)
FORMER = (_S.LEFT, _S.EXPELLED)
# Moves whose decision names the kind of membership that it leads to.
WITH_KIND = (NetworkMove.ADMIT, NetworkMove.CONFIRM, NetworkMove.CHANGE_KIND)

# Move → state it starts from → state it leads to. A recorded one was read in a source: it is confirmed,
# or turns out to be none, or to have left.
NETWORK_MOVES: dict[NetworkMove, dict[str, NetworkMembershipState]] = {
    NetworkMove.ADMIT: {_S.APPLICANT: _S.ACTIVE},
    NetworkMove.CONFIRM: {_S.RECORDED: _S.ACTIVE},
    NetworkMove.DECLINE: {_S.APPLICANT: _S.DECLINED, _S.RECORDED: _S.DECLINED},
    NetworkMove.CHANGE_KIND: {_S.ACTIVE: _S.ACTIVE, _S.DORMANT: _S.DORMANT},
    NetworkMove.MAKE_DORMANT: {_S.ACTIVE: _S.DORMANT},
    NetworkMove.SUSPEND: {_S.ACTIVE: _S.SUSPENDED, _S.DORMANT: _S.SUSPENDED},
    NetworkMove.REINSTATE: {_S.DORMANT: _S.ACTIVE, _S.SUSPENDED: _S.ACTIVE},
    NetworkMove.LEAVE: dict.fromkeys(MEMBER, _S.LEFT),
    NetworkMove.EXPEL: {_S.SUSPENDED: _S.EXPELLED},
}

MOVES: dict[MandateMove, dict[str, MandateState]] = {
    MandateMove.CONFIRM: {MandateState.RECORDED: MandateState.CONFIRMED},
    MandateMove.END: {MandateState.RECORDED: MandateState.ENDED, MandateState.CONFIRMED: MandateState.ENDED},
}


def target_of(move: MandateMove, state: str) -> MandateState:
    """The state that `move` leads a mandate to from `state`. Raises MoveNotAllowed."""
    if (target := MOVES[move].get(state)) is None:
        raise _not_allowed("mandate", move, state)
    return target


def membership_target(move: NetworkMove, state: str) -> NetworkMembershipState:
    """The state that `move` leads a membership of the network to from `state`. Raises MoveNotAllowed."""
    if (target := NETWORK_MOVES[move].get(state)) is None:
        raise _not_allowed("membership", move, state)
    return target


def _not_allowed(noun: str, move: TextChoices, state: str) -> MoveNotAllowed:
    return MoveNotAllowed(
        f"A {noun} that is {state} cannot be moved by “{move.value}”.", details={"move": move.value, "state": state}
    )
